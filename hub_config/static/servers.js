// The start page: stops, adds and deletes the person's servers, and shows times as this person's clock does.
(() => {
  "use strict";
  const { base_url: base, xsrf_token: token, user } = window.jhdata;
  const words = JSON.parse(document.getElementById("aula-words").textContent);
  const trouble = document.getElementById("aula-trouble");
  const start = document.getElementById("start");
  const stop = document.getElementById("stop");
  const said = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  async function ask(method, server, body) {
    const path = server ? `servers/${encodeURIComponent(server)}` : "server";
    const answer = await fetch(`${base}api/users/${user}/${path}?_xsrf=${encodeURIComponent(token)}`, {
      method,
      headers: { "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).message || "");
  }

  // A button that works on something shows so, and comes back where it fails.
  async function press(button, action) {
    button.disabled = true;
    trouble.hidden = true;
    try {
      await action();
    } catch (error) {
      button.disabled = false;
      trouble.textContent = `${words.failed} ${error.message}`;
      trouble.hidden = false;
    }
  }

  if (stop) {
    stop.onclick = () => press(stop, async () => {
      const label = stop.textContent;
      stop.textContent = words.stopping;
      await ask("DELETE", "").catch((error) => { stop.textContent = label; throw error; });
      stop.style.display = "none";
      start.textContent = words.start;
      start.href = start.dataset.spawn;
      start.focus();
    });
  }

  document.querySelectorAll("[data-action]").forEach((button) => {
    const server = button.closest("[data-server]").dataset.server;
    const last = button.dataset.action === "delete";
    button.onclick = () => {
      if (last && !window.confirm(said(words.delete, { server }))) return;
      press(button, async () => {
        await ask("DELETE", server, last ? { remove: true } : {});
        location.reload();
      });
    };
  });

  const fresh = document.getElementById("aula-new-server");
  if (fresh) {
    fresh.onsubmit = (event) => {
      event.preventDefault();
      const server = fresh.elements.server.value;
      press(fresh.querySelector("button"), async () => {
        location.href = `${base}spawn/${user}/${encodeURIComponent(server)}`;
      });
    };
  }

  const written = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  document.querySelectorAll("time").forEach((time) => {
    time.textContent = written.format(new Date(time.dateTime));
  });
})();
