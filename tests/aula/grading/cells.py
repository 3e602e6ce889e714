"""Test cells of the kinds that courses have, each with an answer that is right and one that is wrong."""

from typing import NamedTuple


class Case(NamedTuple):
    """A test cell, a right answer, a wrong one; the judge's own statements."""

    right: str
    wrong: str
    test: str
    own: tuple[str, ...] = ()


def swapped(right: str, test: str, old: str, new: str, *own: str) -> Case:
    """Return a case whose wrong answer is the right one with one thing in another's place."""
    assert old in right, (right, old)
    return Case(right, right.replace(old, new), test, own)


ASSERT_RAISES = """
def assert_raises(kind, function, *arguments):
    try:
        function(*arguments)
    except kind:
        return
    raise AssertionError(f"{function.__name__} did not raise {kind.__name__}")
"""
NODE = """
class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next
"""
POINT = '''
class Point:
    """A point."""
    count = 0

    def __init__(self, x, y):
        self.x = x
        self.y = y
        Point.count += 1

    @property
    def norm(self):
        """How far it is."""
        return (self.x ** 2 + self.y ** 2) ** 0.5

    @classmethod
    def origin(cls):
        return cls(0, 0)

    @staticmethod
    def axes():
        return ["x", "y"]

    def moved(self, dx, dy=0):
        return Point(self.x + dx, self.y + dy)

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def __eq__(self, other):
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))

    def __repr__(self):
        return f"Point({self.x}, {self.y})"

    def __len__(self):
        return 2

    def __getitem__(self, place):
        return (self.x, self.y)[place]
'''
SQUARE = "def square(x):\n    return x * x"
SORT = "def sort(values):\n    values.sort()"
TABLE = "import pandas as pd\ndef table():\n    return pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}, index=[3, 4])"
CASES = {
    "assert": swapped(SQUARE, "assert square(3) == 9\nassert square(-2) == 4", "x * x", "x + x"),
    "variable": swapped("answer = 42", "assert answer == 42", "42", "41"),
    "type": swapped("answer = 4", "assert type(answer) is int and isinstance(answer, int)", "4", "4.0"),
    "float": swapped("def half(x):\n    return x / 2", "assert abs(half(3) - 1.5) < 1e-9", "/ 2", "// 2"),
    "isclose": swapped(SQUARE, "import math\nassert math.isclose(square(0.1), 0.01)", "return x * x", "return x"),
    "string": swapped("def hello(n):\n    return f'Hello, {n}!'", "assert hello('Ana') == 'Hello, Ana!'", "!", ""),
    "list": swapped("def up(n):\n    return list(range(n))", "assert up(3) == [0, 1, 2]", "(n)", "(n + 1)"),
    "long-list": swapped("def up(n):\n    return list(range(n))", "assert sum(up(1000)) == 499500", "(n)", "(n - 1)"),
    "tuple": swapped("def pair(a, b):\n    return b, a", "assert pair(1, 2) == (2, 1)", "b, a", "[b, a]"),
    "dict": swapped(
        "def count(text):\n    return {c: text.count(c) for c in text}",
        "assert count('aab') == {'a': 2, 'b': 1}", "text.count(c)", "1",
    ),
    "counter": swapped(
        "from collections import Counter\ndef count(t):\n    return Counter(t)",
        "assert count('aab').most_common(1) == [('a', 2)]", "Counter(t)", "Counter(t[1:])",
    ),
    "set": swapped("def both(a, b):\n    return a & b", "assert both({1, 2}, {2, 3}) == {2}", "&", "|"),
    "nested": swapped("def grid(n):\n    return [[0] * n for _ in range(n)]",
        "g = grid(2)\ng[0][0] = 1\nassert g == [[1, 0], [0, 0]]", "[[0] * n for _ in range(n)]", "[[0] * n] * n"),
    "none": swapped("def nothing(x):\n    return None", "assert nothing(1) is None", "None", "x"),
    "bool": swapped("def even(n):\n    return n % 2 == 0", "assert even(4) and not even(3)\nassert even(2) is True",
        "== 0", "== 1"),
    "big": swapped("def f(n):\n    return 2 ** n", "assert f(5000) == 1 << 5000", "2 **", "3 **"),
    "complex": swapped("def root(x):\n    return complex(0, x)", "assert root(2) == 2j", "(0, x)", "(x, 0)"),
    "decimal": swapped("from decimal import Decimal\ndef price(x):\n    return Decimal(x) * 2",
        "from decimal import Decimal\nassert price('0.1') == Decimal('0.2')", "Decimal(x) * 2", "float(x) * 3"),
    "fraction": swapped("from fractions import Fraction\ndef part(a, b):\n    return Fraction(a, b)",
        "from fractions import Fraction\nassert part(2, 4) == Fraction(1, 2)", "return Fraction(a, b)", "return Fraction(b, a)"),
    "date": swapped("import datetime\ndef later(d, n):\n    return d + datetime.timedelta(days=n)",
        "import datetime\nassert later(datetime.date(2026, 2, 27), 2) == datetime.date(2026, 3, 1)", "=n", "=1"),
    "bytes": Case("def code(t):\n    return t.encode()", "def code(t):\n    return t.encode('latin-1')",
        "assert code('ñ') == b'\\xc3\\xb1'"),
    "array": swapped("import numpy as np\ndef double(a):\n    return 2 * a",
        "import numpy as np\nnp.testing.assert_allclose(double(np.arange(3.0)), [0, 2, 4])", "2 * a", "3 * a"),
    "array-equal": swapped("import numpy as np\ndef ones(n):\n    return np.ones((n, n), dtype=int)",
        "import numpy as np\nassert ones(2).dtype == int and ones(2).shape == (2, 2)\n"
        "np.testing.assert_array_equal(ones(2), np.ones((2, 2)))", "dtype=int", "dtype=float"),
    "array-scalar": swapped("import numpy as np\ndef mean(a):\n    return np.mean(a)",
        "import numpy as np\nassert np.isclose(mean([1, 2, 4]), 7 / 3) and isinstance(mean([1]), np.floating)",
        "np.mean(a)", "np.median(a)"),
    "array-of-texts": swapped("import numpy as np\ndef names():\n    return np.array(['a', None], dtype=object)",
        "assert names().tolist() == ['a', None]", "None", "'b'"),
    "dict-of-arrays": swapped("import numpy as np\ndef fit():\n    return {'w': np.zeros(2), 'b': np.array(1.0)}",
        "import numpy as np\nr = fit()\nassert set(r) == {'w', 'b'} and np.allclose(r['w'], 0) and r['b'] == 1",
        "zeros", "ones"),
    "allclose-message": swapped("import numpy as np\ndef f(x):\n    return np.sin(x)",
        "import numpy as np\nx = np.linspace(0, 1, 50)\nassert np.allclose(f(x), np.sin(x)), 'not the sine'",
        "np.sin", "np.cos"),
    "frame": swapped(TABLE, "import pandas as pd\nexpected = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}, index=[3, 4])\n"
        "pd.testing.assert_frame_equal(table(), expected)", "[3, 4]", "[4, 3]"),
    "series": swapped("import pandas as pd\ndef s(d):\n    return d.groupby('k')['v'].sum()",
        "import pandas as pd\nd = pd.DataFrame({'k': list('aba'), 'v': [1, 2, 3]})\n"
        "pd.testing.assert_series_equal(s(d), pd.Series([4, 2], index=pd.Index(['a', 'b'], name='k'), name='v'))",
        "sum", "max"),
    "frame-dates": swapped("import pandas as pd\ndef d():\n    return pd.DataFrame({'t': pd.date_range('2026-01-01', periods=2, tz='UTC'),"
        " 'c': pd.Categorical(['x', 'y'])})",
        "f = d()\nassert str(f.t.dtype).startswith('datetime64') and f.c.dtype == 'category' and f.t[1].day == 2\n"
        "assert f.t.dt.tz is not None", "periods=2, tz='UTC'", "periods=2"),
    "frame-changed": swapped("def add(d):\n    d['b'] = d['a'] * 2",
        "import pandas as pd\nd = pd.DataFrame({'a': [1, 2]})\nadd(d)\nassert list(d['b']) == [2, 4]", "* 2", "* 3"),
    "raises-try": swapped("def f(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x",
        "try:\n    f(-1)\nexcept ValueError as error:\n    assert 'negative' in str(error)\nelse:\n"
        "    raise AssertionError('did not raise')", "ValueError", "KeyError"),
    "raises-helper": swapped("def f(x):\n    return {'a': 1}[x]", "assert_raises(KeyError, f, 'b')\nassert f('a') == 1",
        "{'a': 1}[x]", "{'a': 1}.get(x)", ASSERT_RAISES),
    "raises-unittest": swapped("def f(x):\n    return 1 / x", "import unittest\ntc = unittest.TestCase()\n"
        "with tc.assertRaises(ZeroDivisionError):\n    f(0)\ntc.assertEqual(f(2), 0.5)", "1 / x", "1 / (x or 1)"),
    "raises-numpy": swapped("import numpy as np\ndef inv(m):\n    return np.linalg.inv(m)",
        "import numpy as np\nwith np.testing.assert_raises(np.linalg.LinAlgError):\n    inv(np.zeros((2, 2)))",
        "np.linalg.inv(m)", "m"),
    "raises-own": swapped("class Broke(Exception):\n    def __init__(self, needed):\n        super().__init__(f'{needed} more')\n"
        "        self.needed = needed\ndef pay(n):\n    raise Broke(n)",
        "try:\n    pay(3)\nexcept Broke as error:\n    assert error.needed == 3 and str(error) == '3 more'\n"
        "    assert isinstance(error, Exception) and issubclass(Broke, Exception)\nelse:\n    assert False",
        "Broke(n)", "ValueError(n)"),
    "signature": swapped("def area(width, height=1):\n    return width * height",
        "import inspect\np = inspect.signature(area).parameters\nassert list(p) == ['width', 'height']\n"
        "assert p['height'].default == 1", "height=1", "height=2"),
    "source": swapped("def total(values):\n    return sum(values)",
        "import inspect\nassert 'for' not in inspect.getsource(total), 'no loops'", "return sum(values)",
        "t = 0\n    for v in values:\n        t += v\n    return t"),
    "doc": swapped('def f():\n    """Say it."""\n    return 1',
        "assert f.__doc__ == 'Say it.' and f.__name__ == 'f' and callable(f)", "Say it.", "No"),
    "is-function": swapped("f = lambda x: x + 1", "import inspect\nassert inspect.isfunction(f) and f(1) == 2",
        "lambda x: x + 1", "3"),
    "sort-in-place": swapped(SORT, "v = [3, 1, 2]\nassert sort(v) is None\nassert v == [1, 2, 3]",
        "values.sort()", "return sorted(values)"),
    "not-changed": swapped("def ordered(v):\n    return sorted(v)", "v = [2, 1]\nassert ordered(v) == [1, 2]\nassert v == [2, 1]",
        "return sorted(v)", "v.sort()\n    return v"),
    "array-in-place": swapped("def clear(a):\n    a[a < 0] = 0", "import numpy as np\na = np.array([-1, 2])\nclear(a)\n"
        "assert a.tolist() == [0, 2]", "< 0", "> 0"),
    "same-object": swapped("def same(x):\n    return x", "v = [1]\nassert same(v) is v", "return x", "return list(x)"),
    "nested-in-place": swapped("def put(d):\n    d['a'].append(1)", "d = {'a': []}\nput(d)\nassert d == {'a': [1]}",
        "append(1)", "copy()"),
    "higher-order": swapped("def twice(f):\n    return lambda x: f(f(x))", "assert twice(lambda x: x + 3)(1) == 7",
        "f(f(x))", "f(x)"),
    "map": swapped("def apply(f, values):\n    return [f(v) for v in values]",
        "calls = []\ndef note(v):\n    calls.append(v)\n    return -v\nassert apply(note, [1, 2]) == [-1, -2]\nassert calls == [1, 2]",
        "f(v) for", "-v for"),
    "builtin-argument": swapped("def fold(f, v):\n    return f(v)", "import math\nassert fold(max, [1, 3]) == 3\n"
        "assert fold(math.sqrt, 9.0) == 3", "f(v)", "v"),
    "closure": swapped("def counter():\n    n = 0\n    def up():\n        nonlocal n\n        n += 1\n        return n\n    return up",
        "a, b = counter(), counter()\nassert [a(), a(), b()] == [1, 2, 1]", "n += 1", "n += 2"),
    "decorator": swapped("import functools\ndef counted(f):\n    @functools.wraps(f)\n    def g(*a):\n        g.calls += 1\n"
        "        return f(*a)\n    g.calls = 0\n    return g",
        "@counted\ndef f(x):\n    return x\nf(1)\nf(2)\nassert f.calls == 2 and f(5) == 5", "+= 1", "+= 0"),
    "recursion": swapped("def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)", "assert fact(20) == 2432902008176640000",
        "n < 2", "n < 3"),
    "uses-own-helper": swapped("def helper(x):\n    return x + 1\ndef f(x):\n    return helper(x) * 2",
        "kept = helper\nhelper = lambda x: 10\ntry:\n    assert f(1) == 20\nfinally:\n    helper = kept\nassert f(1) == 4",
        "helper(x) * 2", "(x + 1) * 2"),
    "generator": swapped("def up(n):\n    for i in range(n):\n        yield i",
        "import types\ng = up(3)\nassert isinstance(g, types.GeneratorType)\nassert next(g) == 0 and list(g) == [1, 2]",
        "for i in range(n):\n        yield i", "return iter(range(n))"),
    "endless-generator": swapped("def naturals():\n    n = 0\n    while True:\n        yield n\n        n += 1",
        "from itertools import islice\nassert list(islice(naturals(), 4)) == [0, 1, 2, 3]", "n = 0", "n = 1"),
    "generator-send": swapped("def mean():\n    t = n = 0\n    v = None\n    while True:\n        v = yield (t / n if n else None)\n"
        "        t += v\n        n += 1",
        "m = mean()\nnext(m)\nassert m.send(2) == 2 and m.send(4) == 3", "t / n", "t"),
    "map-object": swapped("def f(v):\n    return map(abs, v)", "assert list(f([-1, 2])) == [1, 2]", "abs", "str"),
    "class": swapped(POINT, "p = Point(3, 4)\nassert isinstance(p, Point) and p.x == 3\nassert p.norm == 5.0\n"
        "assert p.moved(1).x == 4 and p.moved(dx=0, dy=1).y == 5", "** 0.5", "** 0.25"),
    "class-members": swapped(POINT, "assert isinstance(Point.norm, property)\nassert Point.axes() == ['x', 'y']\n"
        "assert Point.origin().x == 0\nPoint(1, 1)\nassert Point.count == 2\nassert Point.__doc__ == 'A point.'",
        "count += 1", "count += 2"),
    "class-operators": swapped(POINT, "assert Point(1, 2) + Point(2, 2) == Point(3, 4)\nassert len({Point(1, 2), Point(1, 2)}) == 1\n"
        "assert repr(Point(1, 2)) == 'Point(1, 2)' and len(Point(1, 2)) == 2 and Point(1, 2)[1] == 2\nassert list(Point(1, 2)) == [1, 2]",
        "self.x + other.x", "self.x"),
    "class-source": swapped(POINT, "import inspect\nassert 'moved' in inspect.getsource(Point)\n"
        "assert 'dy' in inspect.signature(Point.moved).parameters\nassert 'return Point(' in inspect.getsource(Point.moved)",
        "dy=0", "up=0"),
    "attributes": swapped("class Account:\n    def __init__(self):\n        self.balance = 0\n    def pay(self, n):\n        self.balance += n",
        "a = Account()\na.pay(5)\na.pay(2)\nassert a.balance == 7\na.balance = 1\na.pay(1)\nassert a.balance == 2 and hasattr(a, 'pay')",
        "+= n", "= n"),
    "inheritance": swapped("class Animal:\n    def speak(self):\n        return '...'\nclass Dog(Animal):\n    def speak(self):\n        return 'Woof'",
        "d = Dog()\nassert isinstance(d, Animal) and issubclass(Dog, Animal) and d.speak() == 'Woof'", "Dog(Animal)", "Dog"),
    "dataclass": swapped("from dataclasses import dataclass\n@dataclass\nclass Job:\n    name: str\n    cores: int = 1",
        "j = Job('a')\nassert j.cores == 1 and j == Job('a', 1) and repr(j) == \"Job(name='a', cores=1)\"", "= 1", "= 2"),
    "namedtuple": swapped("from collections import namedtuple\nPair = namedtuple('Pair', 'a b')\ndef make():\n    return Pair(1, 2)",
        "p = make()\nassert p.a == 1 and p == (1, 2) and isinstance(p, Pair) and Pair(3, 4).b == 4", "(1, 2)", "(2, 1)"),
    "enum": swapped("import enum\nclass Colour(enum.Enum):\n    RED = 1\n    BLUE = 2\ndef best():\n    return Colour.RED",
        "assert best() is Colour.RED and best() != Colour.BLUE and Colour.RED.value == 1", "return Colour.RED", "return Colour.BLUE"),
    "context-manager": swapped("class Opened:\n    def __enter__(self):\n        return 5\n    def __exit__(self, *a):\n        self.closed = True",
        "o = Opened()\nwith o as v:\n    assert v == 5\nassert o.closed", "= True", "= False"),
    "linked-list": Case("def reverse(node):\n    last = None\n    while node:\n        node.next, last, node = last, node, node.next\n    return last",
        "def reverse(node):\n    return node",
        "head = Node(1, Node(2, Node(3)))\nr = reverse(head)\nassert isinstance(r, Node)\nv = []\nwhile r:\n    v.append(r.value)\n"
        "    r = r.next\nassert v == [3, 2, 1] and head.next is None", (NODE,)),
    "partial-credit": swapped("def f(x):\n    return x", "points = 0\nif f(1) == 1:\n    points += 1\nif f(2) == 2:\n    points += 1\n"
        "assert points == 2 or points", "return x", "return None"),
    "random": swapped("import random\ndef roll():\n    return random.randint(1, 6)",
        "import random\nrandom.seed(3)\nexpected = [random.randint(1, 6) for _ in range(5)]\nrandom.seed(3)\n"
        "assert [roll() for _ in range(5)] == expected", "1, 6)", "7, 9)"),
    "numpy-random": swapped("import numpy as np\ndef draw(n):\n    return np.random.normal(size=n)",
        "import numpy as np\nnp.random.seed(0)\ne = np.random.normal(size=4)\nnp.random.seed(0)\nnp.testing.assert_array_equal(draw(4), e)",
        "normal", "uniform"),
    "generator-argument": swapped("def draw(rng):\n    return rng.integers(10, size=3)",
        "import numpy as np\nassert draw(np.random.default_rng(1)).tolist() == np.random.default_rng(1).integers(10, size=3).tolist()",
        "10", "9"),
    "printed": swapped("def hello():\n    print('Hello')", "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n"
        "    hello()\nassert out.getvalue() == 'Hello\\n'", "Hello", "Hi"),
    "text-file": swapped("def lines(file):\n    return sum(1 for _ in file)", "import io\nassert lines(io.StringIO('a\\nb\\n')) == 2",
        "sum(1", "sum(2"),
    "fake-object": swapped("def longest(files):\n    return max(files, key=lambda f: f.size()).name",
        "class Fake:\n    def __init__(self, name, n):\n        self.name, self.n = name, n\n    def size(self):\n        return self.n\n"
        "assert longest([Fake('a', 1), Fake('b', 2)]) == 'b'", "max", "min"),
    "axes": swapped("import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\ndef draw(x, y):\n    fig, ax = plt.subplots()\n"
        "    ax.plot(x, y)\n    ax.set_xlabel('time')\n    ax.set_title('Load')\n    return ax",
        "ax = draw([1, 2], [3, 4])\nassert ax.get_xlabel() == 'time' and ax.get_title() == 'Load'\n"
        "assert ax.lines[0].get_ydata().tolist() == [3, 4] and len(ax.get_lines()) == 1", "'time'", "'t'"),
    "hidden": Case(SQUARE, "def square(x):\n    return 9", "assert square(3) == 9\n### BEGIN HIDDEN TESTS\n"
        "assert square(5) == 25, 'think of other numbers'\n### END HIDDEN TESTS"),
    "nose": swapped("def f(x):\n    return x + 1", "assert_equal(f(1), 2)\nassert_true(f(0))", "+ 1", "+ 2",
        "import unittest", "assert_equal = unittest.TestCase().assertEqual", "assert_true = unittest.TestCase().assertTrue"),
    "deque": swapped("from collections import deque\ndef last(n, v):\n    return deque(v, maxlen=n)",
        "from collections import deque\nassert last(2, [1, 2, 3]) == deque([2, 3]) and last(2, []).maxlen == 2", "=n", "=1"),
    "dict-views": Case("def keys(d):\n    return d.keys()", "def keys(d):\n    return d.values()",
        "assert set(keys({'b': 1, 'a': 2})) == {'a', 'b'}"),
}  # fmt: skip
