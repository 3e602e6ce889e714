// The Assignments panel: asks the server's extension, draws a card for each assignment, and does what its buttons say.
import { card, element, filled, leftText, standing } from "./card.js";
import { speak } from "./moments.js";

const AGAIN_MS = 60_000;
const TICK_MS = 15_000;
const ACTIONS = { fetch: "fetch", submit: "submit", feedback: "fetch_feedback" };

export const make = async (app, documents, language, jupyterlab) => {
  const { showDialog, Dialog, ServerConnection, URLExt, Widget } = jupyterlab;
  const settings = app.serviceManager.serverSettings;
  const said = new Map(); // what stands on a card after its button was pressed
  const clocks = new Map(); // how far the service's clock is ahead of this page's, by run
  const node = element("div", { class: "aula-assignments", tabindex: "-1" });
  const widget = new Widget({ node });
  const live = element("div", { role: "status", class: "aula-live" });
  const body = element("div", { class: "aula-body" });
  let told = { runs: [] };
  let trouble = "";
  let busy = false;

  const ask = async (path, wish) => {
    const more = wish ? { method: "POST", body: JSON.stringify(wish) } : { method: "GET" };
    const answer = await ServerConnection.makeRequest(URLExt.join(settings.baseUrl, path), more, settings);
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(found.message || `${answer.status} ${answer.statusText}`);
    return found;
  };

  const words = await ask(`aula/assignments/words?language=${encodeURIComponent(language)}`);
  const panel = { words, speak: speak(words.language), opened: new Set() };
  const now = (run) => performance.now() + (clocks.get(run.name) ?? Date.now() - performance.now());
  const task = (run, name) => told.runs.find((one) => one.name === run)?.assignments.find((one) => one.name === name);

  // Every change of an assignment is on the disk before it is tried or handed in.
  const save = async (folder) => {
    const contexts = [...app.shell.widgets("main")].map((shown) => documents.contextForWidget(shown)).filter(Boolean);
    for (const context of contexts) if (context.model.dirty && context.path.startsWith(folder)) await context.save();
  };

  const look = async () => {
    try {
      told = await ask("aula/assignments");
      trouble = "";
      for (const { name, now: at } of told.runs) if (at) clocks.set(name, Date.parse(at) - performance.now());
    } catch (error) {
      trouble = error instanceof ServerConnection.NetworkError ? words.no_answer : error.message;
    }
    draw();
  };

  const tell = (key, kind, text, more) => {
    said.set(key, { kind, text, more });
    live.textContent = text;
    draw();
  };

  const work = async (key, begins, does) => {
    busy = true;
    tell(key, "busy", begins);
    try {
      const [text, more, kind = "done"] = await does();
      await look();
      tell(key, kind, typeof text === "function" ? text() : text, more);
    } catch (error) {
      tell(key, "wrong", error instanceof ServerConnection.NetworkError ? words.no_answer : error.message);
    } finally {
      busy = false;
    }
  };

  const press = async (run, name, action) => {
    const done = await ask(`assignments/${ACTIONS[action]}`, { course_id: run, assignment_id: name });
    if (!done.success) throw new Error(done.value);
    return done.left_out.map((one) => element("p", {}, one));
  };

  const result = (found) => {
    const wrong = found.failed ?? found.changed ?? found.type_changed;
    if (!wrong?.length) return [words.valid];
    const text = filled(found.failed ? words.failed : words.changed, { count: wrong.length });
    const shown = wrong.flatMap(({ source, raw_error: error }) => {
      const told = (error ?? "").replace(/\u001b\[[0-9;]*m/g, "").trim(); // a kernel colours it for a terminal
      const why = told.split("\n").pop(); // what the test says; above it stand the code and the way there
      return [element("p", {}, why), element("pre", { tabindex: "0" }, [source, told].filter(Boolean).join("\n\n"))];
    });
    return [text, shown, "wrong"];
  };

  const sure = async (run, name) => {
    if (standing(task(run.name, name), now(run)).left !== 1) return true;
    const buttons = [Dialog.cancelButton({ label: words.cancel }), Dialog.okButton({ label: words.submit })];
    return (await showDialog({ title: words.last_title, body: words.last_text, buttons })).button.accept;
  };

  const handedIn = (run, name) => () => {
    const one = task(run, name).submissions.at(-1);
    const values = { time: panel.speak.moment(one.at), number: one.number, file: one.receipt };
    const done = filled(one.receipt ? words.handed_in_at : words.handed_in_bare, values);
    return one.feedback.some(({ path }) => path) ? `${done} · ${words.result_here}` : done;
  };

  const actions = (run, { name, notebooks }) => {
    const key = `${run.name}/${name}`;
    const folder = notebooks.find(({ path }) => path)?.path.replace(/[^/]*$/, "") ?? `${key}/`;
    return {
      idle: () => !busy,
      open: (path, factory) => app.commands.execute("docmanager:open", { path, factory }),
      unfolds: (open) => panel.opened[open ? "add" : "delete"](key),
      fetch: () => work(key, words.fetching, async () => [words.fetched, await press(run.name, name, "fetch")]),
      feedback: () => work(key, words.fetching, async () => [words.feedback_here, await press(run.name, name, "feedback")]),
      validate: (path) => work(key, words.validating, async () => {
        await save(folder);
        const done = await ask("assignments/validate", { path });
        if (!done.success) throw new Error(done.value);
        return result(done.value);
      }),
      submit: async () => {
        if (!(await sure(run, name))) return;
        await work(key, words.submitting, async () => {
          await save(folder);
          return [handedIn(run.name, name), await press(run.name, name, "submit")];
        });
      },
    };
  };

  const ofRun = (run) => {
    const cards = run.assignments.map((one) => card(run, one, now(run), panel, actions(run, one), said.get(`${run.name}/${one.name}`)));
    const shown = cards.length ? element("ul", { class: "aula-cards" }, cards) : element("p", {}, run.refused || words.nothing);
    return element("section", { "aria-label": run.title }, element("h2", {}, run.title), shown);
  };

  // The focus stays where it was, or goes to the card's title where its button is gone.
  const draw = () => {
    const at = body.contains(document.activeElement) ? document.activeElement : undefined;
    const place = at?.closest("[data-assignment]")?.dataset;
    const foot = told.receipts && element("p", { class: "aula-foot" }, filled(words.receipts, { folder: told.receipts }));
    body.replaceChildren(
      ...(trouble ? [element("p", { class: "aula-said aula-wrong", role: "alert" }, trouble)] : []),
      ...told.runs.map(ofRun),
      ...(told.runs.length || trouble ? [] : [element("p", {}, words.no_runs)]),
      ...(foot ? [foot] : []),
    );
    if (!place) return;
    const again = [...body.querySelectorAll("[data-assignment]")].find(
      ({ dataset }) => dataset.run === place.run && dataset.assignment === place.assignment,
    );
    const same = [...(again?.querySelectorAll("[data-key]") ?? [])].find(({ dataset }) => dataset.key === at.dataset.key);
    (same ?? again?.querySelector("h3"))?.focus({ preventScroll: true });
  };

  const tick = () => {
    for (const shown of body.querySelectorAll("[data-assignment]")) {
      const run = told.runs.find(({ name }) => name === shown.dataset.run);
      const left = shown.querySelector(".aula-left");
      if (left) left.textContent = leftText(task(run.name, shown.dataset.assignment), now(run), panel);
    }
  };

  const refresh = element("button", { type: "button", class: "aula-button", click: () => !busy && look() }, words.refresh);
  node.append(element("header", {}, element("h1", {}, words.title), refresh), live, body);
  const repeat = () => widget.isVisible && !document.hidden && !busy;
  const timers = [setInterval(() => repeat() && look(), AGAIN_MS), setInterval(() => repeat() && tick(), TICK_MS)];
  widget.disposed.connect(() => timers.forEach(clearInterval));
  body.append(element("p", {}, words.loading));
  look();
  return { widget, look, title: words.title };
};
