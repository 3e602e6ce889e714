// Our Assignments panel in place of nbgrader's, under the name of its command: the menu Nbgrader opens it.
// Written by hand like aula-lifetime: there is nothing to build. The panel's own modules are loaded when it is opened.
(() => {
  const NAME = "aula-assignments";
  const OPEN = "nbgrader:open-assignment-list";
  const HERE = document.currentScript.src;
  let shared;

  const library = async (name) => {
    const [offered] = Object.values(shared[name]);
    return (await offered.get())();
  };

  const style = () => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: new URL("assignments.css", HERE).href });
    document.head.append(link);
  };

  const activate = (app, documents, translator, restorer, jupyterlab) => {
    const { MainAreaWidget, Notification, WidgetTracker } = jupyterlab;
    const tracker = new WidgetTracker({ namespace: NAME });
    let opening;

    const open = async () => {
      const { make } = await import(new URL("panel.js", HERE).href);
      const made = await make(app, documents, translator?.languageCode ?? "en", jupyterlab);
      const shown = new MainAreaWidget({ content: made.widget });
      Object.assign(shown, { id: NAME });
      Object.assign(shown.title, { label: made.title, closable: true });
      shown.toolbar.hide();
      await tracker.add(shown);
      return { shown, look: made.look };
    };

    const execute = async () => {
      const there = await opening?.catch(() => {});
      if (there && !there.shown.isDisposed) there.look();
      else opening = open();
      const { shown } = await opening.catch((error) => {
        Notification.error(`The assignments cannot be shown: ${error.message}`, { autoClose: false });
        throw error;
      });
      if (!shown.isAttached) app.shell.add(shown, "main");
      app.shell.activateById(shown.id);
    };

    style();
    app.commands.addCommand(OPEN, { label: "Assignments", execute });
    restorer?.restore(tracker, { command: OPEN, name: () => NAME });
  };

  const container = {
    init(scope) {
      shared = scope;
    },
    async get() {
      const names = ["application", "docmanager", "apputils", "services", "coreutils", "translation"];
      const from = [...names.map((name) => `@jupyterlab/${name}`), "@lumino/widgets"];
      const found = Object.assign({}, ...(await Promise.all(from.map(library))));
      const plugin = {
        id: `${NAME}:plugin`,
        description: "What is due when, what was handed in, points, feedback, receipts.",
        autoStart: true,
        requires: [found.IDocumentManager],
        optional: [found.ITranslator, found.ILayoutRestorer],
        activate: (app, documents, translator, restorer) => activate(app, documents, translator, restorer, found),
      };
      return () => ({ __esModule: true, default: plugin });
    },
  };
  (window._JUPYTERLAB ??= {})[NAME] = container;
})();
