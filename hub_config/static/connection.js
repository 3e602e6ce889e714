// The connection check: tries what JupyterLab will need, and says in words what fails.
(() => {
  "use strict";
  const list = document.getElementById("aula-checks");
  const base = list.dataset.base;
  const idle = Number(list.dataset.idle);
  const bytes = Number(list.dataset.bytes);
  const SIGNS = { waiting: "·", running: "…", ok: "✓", failed: "✗", note: "–" };
  const CLOCK_S = 300;
  const PATIENCE_MS = 15000;

  function tell(name, state, said) {
    const row = list.querySelector(`[data-check="${name}"]`);
    row.dataset.state = state;
    row.querySelector(".sign").textContent = SIGNS[state];
    row.querySelector(".said").textContent = said;
  }

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  function within(ms, promise, why) {
    return Promise.race([promise, pause(ms).then(() => { throw new Error(why); })]);
  }

  function https() {
    if (location.protocol === "https:") return tell("https", "ok", "yes");
    tell("https", "note", "no: this installation has no encryption, it is a trial");
  }

  function cookies() {
    document.cookie = "aula-check=1; path=/; SameSite=Lax";
    const kept = document.cookie.includes("aula-check=1");
    document.cookie = "aula-check=; path=/; max-age=0";
    if (!kept) throw new Error("this browser keeps no cookies: allow them for this site");
    tell("cookies", "ok", "yes");
  }

  async function download() {
    const began = performance.now();
    const answer = await within(PATIENCE_MS, fetch(`${base}connection/data`, { cache: "no-store" }), "it did not arrive in time");
    if (answer.status === 429) throw new Error("this network has asked too often: try again in a minute");
    const data = new Uint8Array(await within(PATIENCE_MS, answer.arrayBuffer(), "it did not arrive in time"));
    if (data.length !== bytes || data.some((value, at) => value !== at % 256)) {
      throw new Error("it arrived changed or cut: something between us rewrites downloads");
    }
    tell("download", "ok", `1 MB in ${Math.round(performance.now() - began)} ms`);
    return answer.headers.get("Date");
  }

  function clock(date) {
    const off = Math.round(Math.abs(Date.now() - Date.parse(date)) / 1000);
    if (off > CLOCK_S) throw new Error(`it is ${Math.round(off / 60)} minutes off: sign-in may fail. Set it by the network`);
    tell("clock", "ok", "yes");
  }

  function open() {
    const url = new URL(`${base}connection/echo`, location.href);
    url.protocol = location.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    const opened = new Promise((done, failed) => {
      socket.onopen = () => done(socket);
      socket.onerror = () => failed(new Error("it was refused: a firewall or proxy blocks WebSockets"));
      socket.onclose = socket.onerror;
    });
    return within(PATIENCE_MS, opened, "no answer: a firewall or proxy swallows WebSockets");
  }

  function said(socket, message) {
    const heard = new Promise((done, failed) => {
      socket.onmessage = (event) => done(event.data);
      socket.onclose = () => failed(new Error("it was closed by something between us"));
      socket.onerror = socket.onclose;
    });
    socket.send(message);
    return within(PATIENCE_MS, heard, "what was sent did not come back");
  }

  async function echo(socket) {
    const began = performance.now();
    const text = "Aula: olá, günaydın, bună ziua";
    const same = (await said(socket, text)) === text;
    const took = Math.round(performance.now() - began);
    const numbers = Uint8Array.from({ length: 256 }, (_, at) => at);
    const back = new Uint8Array(await said(socket, numbers));
    if (!same || back.length !== 256 || back.some((value, at) => value !== at)) throw new Error("it arrived changed");
    tell("echo", "ok", `yes, there and back in ${took} ms`);
  }

  async function stays(socket) {
    let closed = false;
    socket.onclose = () => { closed = true; };
    for (let left = idle; left > 0 && !closed; left -= 1) {
      tell("idle", "running", `${left} s to go`);
      await pause(1000);
    }
    if (closed) throw new Error("it was closed while silent: a proxy's time-out is too short");
    await said(socket, "still there?");
    tell("idle", "ok", `yes, for ${idle} s`);
  }

  async function step(name, action) {
    tell(name, "running", "being tried");
    try {
      return { well: true, value: await action() };
    } catch (error) {
      tell(name, "failed", error.message === "Failed to fetch" ? "the connection was cut" : error.message);
      return { well: false };
    }
  }

  async function all() {
    const result = document.getElementById("aula-result");
    const again = document.getElementById("aula-again");
    again.hidden = true;
    result.textContent = "The check runs.";
    list.querySelectorAll("li").forEach((row) => tell(row.dataset.check, "waiting", "not tried yet"));
    https();
    await step("cookies", cookies);
    const loaded = await step("download", download);
    if (loaded.well) await step("clock", () => clock(loaded.value));
    const opened = await step("open", open);
    if (opened.well) {
      tell("open", "ok", "yes");
      const echoed = await step("echo", () => echo(opened.value));
      if (echoed.well) await step("idle", () => stays(opened.value));
      opened.value.close();
    }
    const failed = list.querySelectorAll('[data-state="failed"]').length;
    result.textContent = failed
      ? "Something is in the way. Send the text below to your IT department, or try another network."
      : "You are ready for the class.";
    result.dataset.state = failed ? "failed" : "ok";
    again.hidden = false;
    again.onclick = all;
  }

  document.getElementById("aula-copy").onclick = async () => {
    const text = document.getElementById("aula-it");
    const copied = document.getElementById("aula-copied");
    try {
      await navigator.clipboard.writeText(text.textContent);
      copied.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(text);
      copied.textContent = "The text is marked: copy it with Ctrl+C.";
    }
  };
  all();
})();
