// One assignment as a trainee sees it: what is due, what was handed in, and what can be done now.

export const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== undefined && value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return made;
};

export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// What follows from the service's clock: `now` is in milliseconds.
export const standing = (task, now) => {
  const { allowed = null, used = task.submissions.length } = task.attempts ?? {};
  const closed = Boolean(task.accepted_until) && Date.parse(task.accepted_until) <= now;
  const left = allowed === null ? null : Math.max(0, allowed - used);
  return { allowed, used, left, closed, dueIn: task.due ? (Date.parse(task.due) - now) / 1000 : null };
};

const counted = ({ score, late_penalty }) => Math.max(0, score - (late_penalty ?? 0));

export const leftText = (task, now, { words, speak }) => {
  const { dueIn, closed } = standing(task, now);
  if (dueIn === null) return "";
  if (closed && !task.submissions.length) return words.was_closed;
  return filled(dueIn >= 0 ? words.left : words.over, { time: speak.duration(dueIn) });
};

const lateRule = (task, { words, speak }) => {
  const { percent_per_day: percent, most_percent: most, grace_minutes: grace } = task.late_rule ?? {};
  if (percent === undefined || !task.due) return "";
  const values = { percent: speak.number(percent), most: speak.number(most ?? 100), grace: speak.number(grace ?? 0) };
  return [filled(percent ? words.rule : words.rule_free, values), grace ? filled(words.rule_grace, values) : ""]
    .filter(Boolean)
    .join(" ");
};

const pointsText = (points, { words, speak }) =>
  filled(points.late_penalty ? words.points_late : words.points_of, {
    points: speak.number(counted(points)),
    most: speak.number(points.max_score),
    penalty: speak.number(points.late_penalty ?? 0),
  });

const facts = (task, now, panel) => {
  const { words, speak } = panel;
  const { allowed, used, left } = standing(task, now);
  const due = task.due && [
    speak.moment(task.due),
    element("strong", { class: "aula-left" }, leftText(task, now, panel)),
    task.extended && words.extended,
  ];
  const published = task.submissions.findLast(({ points }) => points)?.points;
  const values = { used: speak.number(used), allowed: speak.number(allowed ?? 0), left: speak.number(left ?? 0) };
  const rows = [
    [words.due, due || (task.due === null && [words.no_due])],
    [words.until, task.accepted_until && [speak.moment(task.accepted_until)]],
    [words.attempts, [filled(allowed === null ? words.attempts_free : words.attempts_of, values)]],
    [words.points, published ? [pointsText(published, panel)] : task.points && [filled(words.points_most, { most: speak.number(task.points) })]],
    [words.lateness, lateRule(task, panel) && [lateRule(task, panel)]],
  ];
  const row = ([name, said]) =>
    said && element("div", {}, element("dt", {}, name), element("dd", {}, said.filter(Boolean).map((part) => element("span", {}, part))));
  return element("dl", {}, rows.map(row));
};

const handIn = (one, panel, does) => {
  const { words, speak } = panel;
  const late = one.late === 0 ? words.in_time : one.late > 0 && filled(words.late_by, { time: speak.duration(one.late) });
  const link = (name, path, label, factory) =>
    path && element("button", { type: "button", class: "aula-link", "data-key": `${name}/${one.number}/${path}`, click: () => does.open(path, factory) }, label);
  return element(
    "li",
    {},
    filled(words.number, { number: one.number, time: speak.moment(one.at) }),
    late && element("span", {}, late),
    one.points && element("span", {}, pointsText(one.points, panel)),
    link("receipt", one.receipt, words.receipt),
    one.feedback.map((page) => link("page", page.path, filled(words.page, { name: page.name }), "HTML Viewer")),
  );
};

const buttons = (task, now, panel, does) => {
  const { words } = panel;
  const { left, closed } = standing(task, now);
  const many = task.notebooks.length > 1;
  const barred = (left === 0 && words.no_attempts) || (closed && words.was_closed) || "";
  const named = (label, name) => (many ? `${label}: ${name}` : label);
  const button = (key, label, act, { first = false, off = false } = {}) =>
    element("button", {
      type: "button", class: first ? "aula-button aula-first" : "aula-button", "data-key": key, "aria-disabled": off && "true",
      "aria-label": `${label}, ${task.title || task.name}`, click: () => !off && does.idle() && act(),
    }, label);
  const own = task.notebooks.filter(({ path }) => path);
  const fresh = task.submissions.some(({ feedback }) => feedback.some((page) => page.new));
  const read = task.submissions.findLast(({ feedback }) => feedback.some(({ path }) => path))?.feedback ?? [];
  return [
    !task.fetched && button("fetch", words.fetch, does.fetch, { first: !closed }),
    own.map(({ name, path }) => button(`open/${name}`, named(words.open, name), () => does.open(path), { first: !task.submissions.length })),
    own.map(({ name, path }) => button(`validate/${name}`, named(words.validate, name), () => does.validate(path))),
    task.fetched && button("submit", words.submit, does.submit, { off: Boolean(barred) }),
    fresh && button("feedback", words.fetch_feedback, does.feedback, { first: true }),
    read.filter(({ path }) => path).map(({ name, path }) =>
      button(`read/${name}`, named(words.open_feedback, name.replace(/\.html$/, "")), () => does.open(path, "HTML Viewer"))),
    barred && element("span", { class: "aula-why" }, barred),
  ];
};

export const card = (run, task, now, panel, does, said) => {
  const { words } = panel;
  const closed = standing(task, now).closed && !task.submissions.length;
  const state = closed ? "closed" : task.state;
  const title = element("h3", { tabindex: "-1" }, task.title || task.name);
  return element(
    "li",
    { class: "aula-card", "data-assignment": task.name, "data-run": run.name, "data-state": state },
    element("div", { class: "aula-head" }, title, element("span", { class: "aula-state" }, words[`state_${state}`])),
    facts(task, now, panel),
    element("div", { class: "aula-buttons" }, buttons(task, now, panel, does)),
    said && element("div", { class: `aula-said aula-${said.kind}` }, said.text, said.more),
    task.submissions.length > 0 &&
      element("details", { open: panel.opened.has(`${run.name}/${task.name}`), toggle: ({ target }) => does.unfolds(target.open) },
        element("summary", { "data-key": "details" }, filled(words.handed_in, { count: task.submissions.length })),
        element("ul", {}, [...task.submissions].reverse().map((one) => handIn(one, panel, does)))),
  );
};
