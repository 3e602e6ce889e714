// How the servers of a course run stand: the page reads itself anew every few seconds while somebody looks at it.
(() => {
  "use strict";
  const EVERY_MS = 3000;
  for (const link of document.querySelectorAll("[data-without-script]")) link.hidden = true;

  async function look() {
    const word = document.querySelector("input[name=_xsrf]").value; // without it the hub's cookie counts for nothing here
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html", "X-XSRFToken": word } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["count", "servers"]) {
      const shown = document.getElementById(id);
      const now = fresh.getElementById(id);
      if (now && shown.innerHTML !== now.innerHTML) shown.innerHTML = now.innerHTML;
    }
  }

  setInterval(() => {
    if (!document.hidden) look().catch(() => {}); // the next look may find the portal again
  }, EVERY_MS);
})();
