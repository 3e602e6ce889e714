// JupyterLab's side of aula_lifetime.py: shows what the server warns of, and saves documents before it ends.
// When a kernel dies it asks at once: the server knows whether there was too little memory.
// JupyterLab loads extensions as containers of webpack's module federation. This one is written by hand, because what
// it needs of JupyterLab it takes as it is: there is nothing to build, and nothing that grows old with a bundler.
(() => {
  const NAME = "aula-lifetime";
  const PATIENCE_S = 30;
  let shared;

  const library = async (name) => {
    const [offered] = Object.values(shared[name]);
    return (await offered.get())();
  };

  const clock = (moment) =>
    new Date(moment * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

  // Writes to disk what was changed and can be written; JupyterLab itself asks where a file has changed meanwhile.
  const save = (app, documents) =>
    Promise.allSettled(
      [...app.shell.widgets("main")]
        .map((widget) => documents.contextForWidget(widget))
        .filter((context) => context?.model.dirty && context.contentsModel?.writable)
        .map((context) => context.save()),
    );

  const watch = (app, documents, notebooks, { Notification }, { ServerConnection }, { PageConfig, URLExt }) => {
    const settings = app.serviceManager.serverSettings;
    const address = URLExt.join(settings.baseUrl, "aula/lifetime");
    const shown = new Map(); // what is on the page: its name, and JupyterLab's number of it
    let told = [];

    const ask = async (does) => {
      const more = does ? { method: "POST", body: JSON.stringify({ does }) } : { method: "GET" };
      const answer = await ServerConnection.makeRequest(address, more, settings);
      if (!answer.ok) throw new ServerConnection.ResponseError(answer);
      return answer.json();
    };

    // The hub stops the server, and starts it again by itself: its page shows both.
    const follow = () => {
      const option = PageConfig.getOption;
      const path = ["spawn-pending", option("hubServerUser"), option("hubServerName")];
      location.href = option("hubHost") + URLExt.join(option("hubPrefix"), ...path.map(encodeURIComponent));
    };

    const leave = (wish) => () => save(app, documents).then(() => ask(wish)).catch(() => {}).then(follow);

    const does = { keep: () => ask("keep").then(show, () => {}), anew: leave("anew"), larger: leave("larger") };

    const show = ({ notices }) => {
      told = notices;
      for (const [name, number] of shown) {
        if (!notices.some((notice) => notice.name === name)) {
          Notification.dismiss(number);
          shown.delete(name);
        }
      }
      for (const notice of notices.filter(({ name }) => !shown.has(name))) {
        const button = { label: notice.button, displayType: "accent", callback: does[notice.does] };
        const actions = notice.button ? [button] : [];
        const text = notice.text.replace("{time}", clock(notice.at));
        shown.set(notice.name, Notification.warning(text, { autoClose: false, actions }));
      }
    };

    const end = () => {
      const over = told.find(({ at }) => at - PATIENCE_S < Date.now() / 1000);
      if (over) {
        show({ notices: [] });
        Notification.info(over.after, { autoClose: false });
      }
      return Boolean(over);
    };

    const look = async () => {
      let again = PATIENCE_S;
      try {
        const answer = await ask();
        show(answer);
        if (answer.save) await save(app, documents);
        again = answer.again;
      } catch {
        if (end()) return;
      }
      setTimeout(look, again * 1000);
    };
    app.restored.then(look);
    notebooks.widgetAdded.connect((_, { sessionContext }) =>
      sessionContext.statusChanged.connect((_, status) => {
        if (status.endsWith("restarting") || status === "dead") ask().then(show, () => {});
      }),
    );
  };

  const container = {
    init(scope) {
      shared = scope;
    },
    async get() {
      const names = ["docmanager", "notebook", "apputils", "services", "coreutils"];
      const [{ IDocumentManager }, { INotebookTracker }, ...rest] = await Promise.all(names.map((name) => library(`@jupyterlab/${name}`)));
      const plugin = {
        id: `${NAME}:plugin`,
        description: "Warns of the end of the server, and saves open documents before it.",
        autoStart: true,
        requires: [IDocumentManager, INotebookTracker],
        activate: (app, documents, notebooks) => watch(app, documents, notebooks, ...rest),
      };
      return () => ({ __esModule: true, default: plugin });
    },
  };
  (window._JUPYTERLAB ??= {})[NAME] = container;
})();
