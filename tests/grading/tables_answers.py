"""Right and wrong answers to the assignment `tables`."""

from tests.grading.answer import Answer

TASK = "tables"
CLEAN = Answer(
    TASK,
    right=(
        """\
def clean(table):
    result = table[table["customer"].notna()].copy()
    result["customer"] = result["customer"].str.lower().str.strip()
    return result.reset_index(drop=True)
""",
        """\
def clean(table):
    rows = []
    for row in table.to_dict("records"):
        name = row["customer"]
        if isinstance(name, str):
            row["customer"] = name.strip().lower()
            rows.append(row)
    return pd.DataFrame(rows, columns=table.columns)
""",
        """\
def clean(table):
    copied = table.copy()
    copied["customer"] = copied["customer"].map(lambda text: text.strip().lower(), na_action="ignore")
    copied = copied.dropna(subset=["customer"])
    copied.index = range(len(copied))
    return copied
""",
    ),
    wrong={
        "old-numbers": """\
def clean(table):
    result = table.dropna(subset=["customer"]).copy()
    result["customer"] = result["customer"].str.strip().str.lower()
    return result
""",
        "changes-what-it-got": """\
def clean(table):
    table["customer"] = table["customer"].str.strip().str.lower()
    table.dropna(subset=["customer"], inplace=True)
    return table.reset_index(drop=True)
""",
        "spaces-stay": """\
def clean(table):
    known = table.dropna(subset=["customer"])
    return known.assign(customer=known["customer"].str.lower()).reset_index(drop=True)
""",
        "index-as-column": """\
def clean(table):
    known = table.dropna(subset=["customer"])
    return known.assign(customer=known["customer"].str.strip().str.lower()).reset_index()
""",
        "one-column": """\
def clean(table):
    return table["customer"].dropna().str.strip().str.lower().reset_index(drop=True)
""",
    },
    tries=("clean(orders).head()", "print(clean(orders)['customer'].unique())", "len(orders) - len(clean(orders))"),
)
BY_COUNTRY = Answer(
    TASK,
    right=(
        """\
def by_country(table):
    sums = table.groupby("country").amount.sum()
    return sums.sort_values(ascending=False, kind="mergesort")
""",
        """\
def by_country(table):
    sums = {}
    for country, amount in zip(table["country"], table["amount"]):
        sums[country] = sums.get(country, 0) + amount
    order = sorted(sums, key=lambda name: (-sums[name], name))
    return pd.Series([sums[name] for name in order], index=order)
""",
        """\
def by_country(table):
    grouped = table.groupby("country", as_index=False)["amount"].sum()
    grouped = grouped.sort_values(["amount", "country"], ascending=[False, True])
    return grouped.set_index("country")["amount"]
""",
    ),
    wrong={
        "smallest-first": """\
def by_country(table):
    return table.groupby("country")["amount"].sum().sort_values(kind="stable")
""",
        "without-refunds": """\
def by_country(table):
    table = table[table["amount"] > 0]
    return table.groupby("country")["amount"].sum().sort_values(ascending=False, kind="stable")
""",
        "mean": """\
def by_country(table):
    return table.groupby("country")["amount"].mean().sort_values(ascending=False, kind="stable")
""",
        "a-table": """\
def by_country(table):
    return table.groupby("country")[["amount"]].sum().sort_values("amount", ascending=False, kind="stable")
""",
        "ties-turned": """\
def by_country(table):
    sums = table.groupby("country")["amount"].sum()
    return sums.sort_index(ascending=False).sort_values(ascending=False, kind="stable")
""",
    },
    tries=("by_country(orders)", "by_country(orders).round(1).to_dict()", "print(by_country(orders).to_string())"),
)
MONTHLY = Answer(
    TASK,
    right=(
        """\
def monthly(table):
    month = table["day"].dt.to_period("M").astype(str)
    return table.groupby([month, "kind"])["pieces"].sum().unstack(fill_value=0).astype(int)
""",
        """\
def monthly(table):
    labels = [f"{day.year}-{day.month:02d}" for day in table["day"]]
    result = pd.DataFrame(0, index=sorted(set(labels)), columns=sorted(set(table["kind"])))
    for label, kind, pieces in zip(labels, table["kind"], table["pieces"]):
        result.loc[label, kind] += int(pieces)
    return result
""",
        """\
def monthly(table):
    months = table["day"].dt.strftime("%Y-%m")
    counts = pd.crosstab(months, table["kind"], values=table["pieces"], aggfunc="sum")
    return counts.fillna(0).astype("int64")
""",
    ),
    wrong={
        "holes": """\
def monthly(table):
    months = table["day"].dt.strftime("%Y-%m")
    return table.pivot_table(index=months, columns="kind", values="pieces", aggfunc="sum")
""",
        "rows-counted": """\
def monthly(table):
    return pd.crosstab(table["day"].dt.strftime("%Y-%m"), table["kind"])
""",
        "month-as-number": """\
def monthly(table):
    return table.pivot_table(index=table["day"].dt.month, columns="kind", values="pieces", aggfunc="sum", fill_value=0)
""",
        "turned": """\
def monthly(table):
    months = table["day"].dt.strftime("%Y-%m")
    return table.pivot_table(index="kind", columns=months, values="pieces", aggfunc="sum", fill_value=0)
""",
    },
    tries=("monthly(orders)", "monthly(orders).sum()", "print(monthly(orders).shape)"),
)
ACCOUNT = Answer(
    TASK,
    right=(
        """\
class Account:
    def __init__(self, customer):
        self.customer = customer
        self.balance = 0.0

    def order(self, amount):
        if amount <= 0:
            raise ValueError("the amount should be above zero")
        self.balance -= amount
        return self.balance

    def pay(self, amount):
        if amount <= 0:
            raise ValueError("the amount should be above zero")
        self.balance += amount
        return self.balance
""",
        """\
from dataclasses import dataclass, field

@dataclass
class Account:
    customer: str
    changes: list = field(default_factory=list)

    @property
    def balance(self):
        return float(sum(self.changes))

    def order(self, amount):
        self.changes.append(-checked(amount))
        return self.balance

    def pay(self, amount):
        self.changes.append(checked(amount))
        return self.balance

def checked(amount):
    if amount > 0:
        return amount
    raise ValueError(amount)
""",
        """\
class Refused(ValueError):
    pass

class Base:
    balance = 0.0

class Account(Base):
    def __init__(self, customer):
        super().__init__()
        self.customer = customer

    def order(self, amount):
        if not amount > 0:
            raise Refused(f"{amount} is no amount")
        self.balance = self.balance - amount
        return self.balance

    def pay(self, amount):
        if not amount > 0:
            raise Refused(f"{amount} is no amount")
        self.balance = self.balance + amount
        return self.balance
""",
    ),
    wrong={
        "shared": """\
class Account:
    changes = []

    def __init__(self, customer):
        self.customer = customer

    @property
    def balance(self):
        return float(sum(self.changes))

    def order(self, amount):
        if amount <= 0:
            raise ValueError
        self.changes.append(-amount)
        return self.balance

    def pay(self, amount):
        if amount <= 0:
            raise ValueError
        self.changes.append(amount)
        return self.balance
""",
        "refuses-nothing": """\
class Account:
    def __init__(self, customer):
        self.customer, self.balance = customer, 0.0

    def order(self, amount):
        self.balance -= amount
        return self.balance

    def pay(self, amount):
        self.balance += amount
        return self.balance
""",
        "returns-nothing": """\
class Account:
    def __init__(self, customer):
        self.customer, self.balance = customer, 0.0

    def order(self, amount):
        if amount <= 0:
            raise ValueError
        self.balance -= amount

    def pay(self, amount):
        if amount <= 0:
            raise ValueError
        self.balance += amount
""",
        "whole-numbers": """\
class Account:
    def __init__(self, customer):
        self.customer, self.balance = customer, 0

    def order(self, amount):
        if amount < 1:
            raise ValueError
        self.balance -= int(amount)
        return self.balance

    def pay(self, amount):
        if amount < 1:
            raise ValueError
        self.balance += int(amount)
        return self.balance
""",
    },
    tries=("Account('hotel-9').pay(3)", "mine = Account('me')\nmine.order(2.5)\nmine.balance", "print(Account)"),
)
ANSWERS = {"clean": CLEAN, "by-country": BY_COUNTRY, "monthly": MONTHLY, "account": ACCOUNT}
