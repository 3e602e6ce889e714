// What the portal's pages do beyond plain HTML: remember light or dark (as JupyterHub's pages do), and print.

const KEY = "jupyterhub-bs-theme";
const dark = () => {
  const chosen = document.documentElement.dataset.bsTheme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};
const chosen = localStorage.getItem(KEY);
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.bsTheme = chosen;

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-does]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (button.dataset.does === "print") return print();
      const next = dark() ? "light" : "dark";
      localStorage.setItem(KEY, next);
      document.documentElement.dataset.bsTheme = next;
    });
  }
});
