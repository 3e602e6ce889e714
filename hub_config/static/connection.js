// The connection check: tries what JupyterLab will need, and says in words what fails.
(() => {
  "use strict";
  const list = document.getElementById("aula-checks");
  const base = list.dataset.base;
  const idle = Number(list.dataset.idle);
  const bytes = Number(list.dataset.bytes);
  const words = JSON.parse(document.getElementById("aula-words").textContent);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
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
    if (location.protocol === "https:") return tell("https", "ok", words.yes);
    tell("https", "note", words.not_encrypted);
  }

  function cookies() {
    document.cookie = "aula-check=1; path=/; SameSite=Lax";
    const kept = document.cookie.includes("aula-check=1");
    document.cookie = "aula-check=; path=/; max-age=0";
    if (!kept) throw new Error(words.no_cookies);
    tell("cookies", "ok", words.yes);
  }

  async function download() {
    const began = performance.now();
    const answer = await within(PATIENCE_MS, fetch(`${base}connection/data`, { cache: "no-store" }), words.too_slow);
    if (answer.status === 429) throw new Error(words.too_often);
    const data = new Uint8Array(await within(PATIENCE_MS, answer.arrayBuffer(), words.too_slow));
    if (data.length !== bytes || data.some((value, at) => value !== at % 256)) {
      throw new Error(words.changed_download);
    }
    tell("download", "ok", filled(words.took, { ms: Math.round(performance.now() - began) }));
    return answer.headers.get("Date");
  }

  function clock(date) {
    const off = Math.round(Math.abs(Date.now() - Date.parse(date)) / 1000);
    if (off > CLOCK_S) throw new Error(filled(words.clock_off, { minutes: Math.round(off / 60) }));
    tell("clock", "ok", words.yes);
  }

  function open() {
    const url = new URL(`${base}connection/echo`, location.href);
    url.protocol = location.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    const opened = new Promise((done, failed) => {
      socket.onopen = () => done(socket);
      socket.onerror = () => failed(new Error(words.refused));
      socket.onclose = socket.onerror;
    });
    return within(PATIENCE_MS, opened, words.no_answer);
  }

  function said(socket, message) {
    const heard = new Promise((done, failed) => {
      socket.onmessage = (event) => done(event.data);
      socket.onclose = () => failed(new Error(words.closed));
      socket.onerror = socket.onclose;
    });
    socket.send(message);
    return within(PATIENCE_MS, heard, words.not_back);
  }

  async function echo(socket) {
    const began = performance.now();
    const text = "Aula: olá, günaydın, bună ziua";
    const same = (await said(socket, text)) === text;
    const took = Math.round(performance.now() - began);
    const numbers = Uint8Array.from({ length: 256 }, (_, at) => at);
    const back = new Uint8Array(await said(socket, numbers));
    if (!same || back.length !== 256 || back.some((value, at) => value !== at)) throw new Error(words.changed);
    tell("echo", "ok", filled(words.back, { ms: took }));
  }

  async function stays(socket) {
    let closed = false;
    socket.onclose = () => { closed = true; };
    for (let left = idle; left > 0 && !closed; left -= 1) {
      tell("idle", "running", filled(words.left, { seconds: left }));
      await pause(1000);
    }
    if (closed) throw new Error(words.closed_silent);
    await said(socket, "still there?");
    tell("idle", "ok", filled(words.stayed, { seconds: idle }));
  }

  async function step(name, action) {
    tell(name, "running", words.trying);
    try {
      return { well: true, value: await action() };
    } catch (error) {
      tell(name, "failed", error instanceof TypeError ? words.cut : error.message);
      return { well: false };
    }
  }

  async function all() {
    const result = document.getElementById("aula-result");
    const again = document.getElementById("aula-again");
    again.hidden = true;
    result.textContent = words.runs;
    list.querySelectorAll("li").forEach((row) => tell(row.dataset.check, "waiting", words.waiting));
    https();
    await step("cookies", cookies);
    const loaded = await step("download", download);
    if (loaded.well) await step("clock", () => clock(loaded.value));
    const opened = await step("open", open);
    if (opened.well) {
      tell("open", "ok", words.yes);
      const echoed = await step("echo", () => echo(opened.value));
      if (echoed.well) await step("idle", () => stays(opened.value));
      opened.value.close();
    }
    const failed = list.querySelectorAll('[data-state="failed"]').length;
    result.textContent = failed
      ? words.bad
      : words.good;
    result.dataset.state = failed ? "failed" : "ok";
    again.hidden = false;
    again.onclick = all;
  }

  document.getElementById("aula-copy").onclick = async () => {
    const text = document.getElementById("aula-it");
    const copied = document.getElementById("aula-copied");
    try {
      await navigator.clipboard.writeText(text.textContent);
      copied.textContent = words.copied;
    } catch {
      getSelection().selectAllChildren(text);
      copied.textContent = words.marked;
    }
  };
  all();
})();
