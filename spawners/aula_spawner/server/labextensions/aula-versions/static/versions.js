// JupyterLab's side of aula_versions: tells of corrections, takes them once open documents are saved, and starts a
// lesson again. Written by hand like lifetime.js: there is nothing to build.
(() => {
  const NAME = "aula-versions";
  const RESET = "aula:start-again";
  const AGAIN_S = 30;
  let shared;

  const library = async (name) => {
    const [offered] = Object.values(shared[name]);
    return (await offered.get())();
  };

  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  const watch = (app, documents, palette, jupyterlab) => {
    const { Notification, showDialog, Dialog, ToolbarButton, ServerConnection, URLExt, Widget, undoIcon } = jupyterlab;
    const settings = app.serviceManager.serverSettings;
    const address = URLExt.join(settings.baseUrl, "aula/versions");
    const shown = new Map(); // what is on the page: its name, and JupyterLab's number of it
    let words;
    let homes = [];

    const ask = async (wish) => {
      const more = wish ? { method: "POST", body: JSON.stringify(wish) } : { method: "GET" };
      const answer = await ServerConnection.makeRequest(address, more, settings);
      if (!answer.ok) throw await ServerConnection.ResponseError.create(answer);
      return answer.json();
    };

    const contexts = () =>
      [...app.shell.widgets("main")].map((widget) => documents.contextForWidget(widget)).filter(Boolean);

    // Every change is on the disk before the server changes a file, and the page shows the new file after it.
    const change = async (wish) => {
      for (const context of contexts().filter(({ model }) => model.dirty)) await context.save();
      const done = await ask(wish);
      for (const context of contexts().filter(({ path }) => done.files.includes(path))) await context.revert();
      return done;
    };

    const place = (kept) => kept[0]?.replace(/^(.*\/kept\/[^/]+)\/.*$/, "$1");
    const kept = (paths) => (paths?.length ? [filled(words.kept, { folder: place(paths) })] : []);
    const failed = (error) =>
      Notification.error(error?.response?.status === 507 ? words.full : words.failed, { autoClose: false });

    // A dialog shows a text without its lines; as text nodes they stay text, whatever is in them.
    const paragraphs = (lines) => {
      const node = document.createElement("div");
      lines.forEach((line) => (node.appendChild(document.createElement("p")).textContent = line));
      return new Widget({ node });
    };

    const show = async (told, takes) => {
      const lines = [...told.notes, filled(words.files, { files: told.files.join(", ") }), ...kept(told.kept)];
      const buttons = takes
        ? [Dialog.cancelButton(), Dialog.okButton({ label: words.take })]
        : [Dialog.okButton()];
      const { button } = await showDialog({ title: words.show, body: paragraphs(lines), buttons });
      if (!takes || !button.accept) return;
      try {
        const done = await change({ does: "update" });
        Notification.success([words.done, ...kept(done.kept)].join(" "), { autoClose: 10000 });
        look();
      } catch (error) {
        failed(error);
      }
    };

    const tell = (told, takes) => {
      if (shown.has(told.name)) return;
      const text = filled(takes ? words.waiting : words.taken, told);
      const actions = [{ label: words.show, displayType: "accent", callback: (event) => {
        if (takes) event.preventDefault(); // it stays until it is taken
        show(told, takes);
      } }];
      shown.set(told.name, Notification.info(text, { autoClose: false, actions }));
    };

    const look = async () => {
      const answer = await ask();
      ({ words, homes } = answer);
      const names = [...answer.waiting, ...answer.taken].map(({ name }) => name);
      for (const [name, number] of shown) {
        if (!names.includes(name)) {
          Notification.dismiss(number);
          shown.delete(name);
        }
      }
      answer.taken.forEach((told) => tell(told, false));
      answer.waiting.forEach((told) => tell(told, true));
    };

    const lesson = () => {
      const widget = app.shell.currentWidget;
      const path = widget && documents.contextForWidget(widget)?.path;
      return path?.endsWith(".ipynb") && homes.some((home) => path.startsWith(`${home}/`)) && !path.includes("/kept/")
        ? path
        : undefined;
    };

    const again = async () => {
      const path = lesson();
      if (!path) return;
      const title = filled(words.reset_title, { file: path.split("/").pop() });
      const buttons = [Dialog.cancelButton(), Dialog.warnButton({ label: words.reset })];
      const { button } = await showDialog({ title, body: words.reset_text, buttons });
      if (!button.accept) return;
      try {
        const done = await change({ does: "reset", path });
        const said = done.kept.length ? kept(done.kept) : [words.reset_same];
        Notification.success(said.join(" "), { autoClose: false });
      } catch (error) {
        failed(error);
      }
    };

    const begin = look().catch(() => {});
    begin.then(() => {
      if (!words) return;
      app.commands.addCommand(RESET, {
        label: words.reset,
        caption: words.reset_text,
        isEnabled: () => Boolean(lesson()),
        execute: again,
      });
      palette?.addItem({ command: RESET, category: "Aula" });
    });
    app.docRegistry.addWidgetExtension("Notebook", {
      createNew: (panel, context) => {
        begin.then(() => {
          const ours = homes.some((home) => context.path.startsWith(`${home}/`)) && !context.path.includes("/kept/");
          if (!ours || panel.isDisposed) return;
          const button = new ToolbarButton({ icon: undoIcon, tooltip: words.reset, onClick: again });
          panel.toolbar.insertBefore("spacer", "aula-start-again", button);
        });
      },
    });
    app.restored.then(() => setInterval(() => look().catch(() => {}), AGAIN_S * 1000));
  };

  const container = {
    init(scope) {
      shared = scope;
    },
    async get() {
      const names = ["docmanager", "apputils", "services", "coreutils", "ui-components"].map((name) => `@jupyterlab/${name}`);
      const found = Object.assign({}, ...(await Promise.all([...names, "@lumino/widgets"].map(library))));
      const plugin = {
        id: `${NAME}:plugin`,
        description: "Tells of corrected lessons, takes them, and starts a lesson again.",
        autoStart: true,
        requires: [found.IDocumentManager],
        optional: [found.ICommandPalette],
        activate: (app, documents, palette) => watch(app, documents, palette, found),
      };
      return () => ({ __esModule: true, default: plugin });
    },
  };
  (window._JUPYTERLAB ??= {})[NAME] = container;
})();
