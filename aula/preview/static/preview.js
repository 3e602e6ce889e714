/* Reloads the page as soon as another version of it is there, and says meanwhile what is being done. */
const { address, version } = document.currentScript.dataset;
const bar = document.createElement("aside");
bar.className = "aula-preview";
bar.setAttribute("aria-label", "Preview");
bar.setAttribute("role", "status");

function remark({ place, sentence }) {
  const item = document.createElement("li");
  const where = document.createElement("code");
  where.textContent = place;
  item.append(where, ` ${sentence}`);
  return item;
}

function show({ state, words, remarks }) {
  const link = document.createElement("a");
  link.href = "/";
  link.textContent = "All pages";
  const line = document.createElement("p");
  line.dataset.state = state;
  line.append(words, link);
  bar.replaceChildren(line);
  if (remarks.length) {
    const told = document.createElement("ul");
    told.append(...remarks.map(remark));
    bar.prepend(told);
  }
}

function list(pages) {
  for (const place of document.querySelectorAll("[data-page]")) {
    const { state, words } = pages[place.dataset.page] ?? {};
    if (state) {
      place.dataset.state = state;
      place.textContent = words;
    }
  }
}

const news = new EventSource(`/events?address=${encodeURIComponent(address)}`);
news.addEventListener("message", ({ data }) => {
  const now = JSON.parse(data);
  if (String(now.version) !== version) {
    news.close();
    location.reload();
  } else if (now.pages) {
    list(now.pages);
  } else {
    show(now);
  }
});
news.addEventListener("error", () => show({ state: "failed", words: "The preview has ended", remarks: [] }));
document.body.append(bar);
