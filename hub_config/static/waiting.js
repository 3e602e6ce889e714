// The page while a server starts: shows what happens, goes on when it is ready, and lets the person give up.
(() => {
  "use strict";
  const place = document.getElementById("aula-waiting");
  const words = JSON.parse(document.getElementById("aula-words").textContent);
  const bar = document.getElementById("progress-bar");
  const filled = bar.querySelector(".progress-bar");
  const message = document.getElementById("progress-message");
  const log = document.getElementById("progress-log");
  const status = document.getElementById("stop-server-status");
  const stop = document.getElementById("stop-server-btn");
  const expected = document.getElementById("aula-expected");
  const tail = document.getElementById("aula-log");
  const waited = document.getElementById("aula-waited");
  const language = document.documentElement.lang;
  const began = Date.now() - 1000 * Number(place.dataset.waited);
  const source = new EventSource(place.dataset.progress);
  let leaving = false; // the hub calls a start that is being given up ready for a moment

  function count() {
    const seconds = Math.max(0, Math.floor((Date.now() - began) / 1000));
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    waited.textContent = words.waited.replace("{time}", time);
  }
  count();
  const clock = setInterval(count, 1000);

  // In the reader's own clock and language; with the day where it is not today.
  function expect(starts) {
    const when = starts && new Date(1000 * starts);
    expected.hidden = !when || when < Date.now();
    if (expected.hidden) return;
    const day = when.toDateString() === new Date().toDateString() ? {} : { weekday: "long" };
    const time = when.toLocaleString(language, { ...day, hour: "2-digit", minute: "2-digit" });
    expected.textContent = words.expected.replace("{time}", time);
  }

  // A smaller server that would start now: this start is given up for it.
  function suggest(other) {
    const card = document.getElementById("aula-instead");
    card.hidden = !other;
    if (!other) return;
    card.querySelector("span").textContent = words.instead.replace("{profile}", other.title);
    card.querySelector("button").onclick = async (event) => {
      event.target.disabled = true;
      status.textContent = words.stopping;
      leaving = true;
      const stopped = await ask("DELETE").catch(() => ({ ok: false }));
      for (let tries = 0; stopped.ok && tries < 60; tries++) {
        await new Promise((resolve) => { setTimeout(resolve, 500); });
        const answer = await ask("POST", { profile: other.name }).catch(() => ({ ok: false }));
        if (answer.ok) {
          location.reload();
          return;
        }
      }
      leaving = false;
      status.textContent = words.not_stopped;
      event.target.disabled = false;
    };
  }

  function ask(method, body) {
    return fetch(`${place.dataset.server}?_xsrf=${encodeURIComponent(window.jhdata.xsrf_token)}`, {
      method,
      headers: { "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
  }

  function tell(text) {
    if (!text || text === message.textContent) return;
    message.textContent = text;
    const line = document.createElement("div");
    line.className = "progress-log-event";
    line.textContent = text;
    log.append(line);
  }

  source.onmessage = (event) => {
    if (leaving) return;
    const { progress, message: text, starts, instead, ready, failed } = JSON.parse(event.data);
    if (progress !== undefined) {
      bar.setAttribute("aria-valuenow", progress);
      filled.style.width = `${progress}%`;
    }
    // JupyterHub puts English words before ours: a first sentence of its own, and what failed.
    const whole = failed ? (text || "").replace(/^Spawn (failed|cancelled)(: )?/, "") || words.failed : text || "";
    const [said, end] = whole.split(/\n\n([^]*)/); // after an empty line comes the end of the server's log
    if (progress !== 0) tell(said);
    if (end) {
      tail.querySelector("pre").textContent = end;
      tail.hidden = false;
    }
    expect(starts);
    suggest(instead);
    if (ready || failed) {
      source.close();
      clearInterval(clock);
    }
    if (ready) location.reload();
    if (failed) {
      waited.hidden = true;
      filled.classList.add("bg-danger");
      document.getElementById("progress-details").open = true;
    }
  };

  stop.onclick = async () => {
    stop.disabled = true;
    status.textContent = words.stopping;
    leaving = true;
    const answer = await ask("DELETE").catch(() => ({ ok: false }));
    if (answer.ok) {
      location.reload();
    } else {
      leaving = false;
      stop.disabled = false;
      status.textContent = words.not_stopped;
    }
  };
})();
