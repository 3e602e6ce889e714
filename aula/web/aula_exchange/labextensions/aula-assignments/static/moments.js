// Moments and numbers as the reader's language and time zone have them.
const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60]];

export const speak = (language) => {
  const locale = language === "en" ? "en-GB" : language;
  const moment = new Intl.DateTimeFormat(locale, {
    weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const list = new Intl.ListFormat(locale, { type: "unit", style: "narrow" });
  const unit = (name, count) => new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "long" }).format(count);

  // The two largest units that there are: what is over a day off needs no minutes.
  const duration = (seconds) => {
    let rest = Math.max(60, Math.abs(seconds));
    const first = STEPS.findIndex(([, length]) => rest >= length);
    const said = STEPS.slice(first, first + 2).map(([name, length]) => {
      const count = Math.floor(rest / length);
      rest -= count * length;
      return count && unit(name, count);
    });
    return list.format(said.filter(Boolean));
  };

  return { moment: (iso) => moment.format(new Date(iso)), number: (value) => number.format(value), duration };
};
