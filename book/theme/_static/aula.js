/* Wide tables scroll inside the page: who has no mouse reaches those that do by Tab, and scrolls them with the arrows. */
function reachWideTables() {
  for (const table of document.querySelectorAll(".bd-article table, .bd-article pre")) {
    if (table.scrollWidth > table.clientWidth) table.setAttribute("tabindex", "0");
    else table.removeAttribute("tabindex");
  }
}

window.addEventListener("load", reachWideTables);
window.addEventListener("resize", reachWideTables);
