// JupyterLab shows figures without alternative text. A lesson's cells have it,
// in the metadata from which the book takes it.
// Written by hand like aula-lifetime: there is nothing to build.
(() => {
  const NAME = "aula-figures";
  let shared;

  const library = async (name) => {
    const [offered] = Object.values(shared[name]);
    return (await offered.get())();
  };

  const describe = (notebook, image) => {
    const node = image.closest(".jp-Cell");
    const cell = notebook.widgets.find((one) => one.node === node);
    const words = cell?.model.getMetadata("mystnb")?.image?.alt;
    if (words) image.alt = words;
  };

  const watch = (notebook) => {
    const look = (changes) => {
      const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node instanceof Element);
      for (const node of added) {
        for (const image of node.parentElement?.querySelectorAll(".jp-RenderedImage img:not([alt])") ?? []) {
          describe(notebook, image);
        }
      }
    };
    new MutationObserver(look).observe(notebook.node, { childList: true, subtree: true });
  };

  const container = {
    init(scope) {
      shared = scope;
    },
    async get() {
      const { INotebookTracker } = await library("@jupyterlab/notebook");
      const plugin = {
        id: `${NAME}:plugin`,
        description: "Says what a figure shows to those who do not see it.",
        autoStart: true,
        requires: [INotebookTracker],
        activate: (_, notebooks) => notebooks.widgetAdded.connect((__, { content }) => watch(content)),
      };
      return () => ({ __esModule: true, default: plugin });
    },
  };
  (window._JUPYTERLAB ??= {})[NAME] = container;
})();
