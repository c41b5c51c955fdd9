// Comfort only: every page works without this. Keys, filters that apply at once, brushing of the
// charts, copying. It asks no other address than the pages do.
"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const said = one("#said");
  let saying;
  const say = (text) => {
    said.textContent = text;
    clearTimeout(saying);
    saying = setTimeout(() => { said.textContent = ""; }, 2500);
  };

  // The sheet of keys.
  const sheet = one("#sheet");
  const keysButton = one("#keys");
  if (keysButton) {
    keysButton.hidden = false;
    keysButton.addEventListener("click", () => sheet.showModal());
  }

  // Filters apply when they change; the button is for those without this script.
  const form = one("#search");
  if (form && one(".facets")) {
    all(".apply").forEach((button) => { button.hidden = true; });
    document.addEventListener("change", (event) => {
      const input = event.target;
      if (input.form === form && (input.type === "checkbox" || input.id === "sort")) form.requestSubmit();
    });
  }
  // On a small screen the filters begin folded.
  const fold = one(".fold");
  if (fold && matchMedia("(max-width: 50rem)").matches) fold.open = false;

  // Search within a facet that has many values.
  all(".facet").forEach((facet) => {
    const values = all("li", facet);
    if (values.length < 10 || facet.classList.contains("wide")) return;
    const box = document.createElement("input");
    box.type = "search";
    box.className = "narrow";
    box.placeholder = "search in these";
    box.setAttribute("aria-label", "Search in " + one("legend", facet).textContent);
    box.addEventListener("input", () => {
      const wanted = box.value.trim().toLowerCase();
      all("details", facet).forEach((more) => { if (wanted) more.open = true; });
      values.forEach((li) => { li.hidden = wanted !== "" && !li.textContent.toLowerCase().includes(wanted); });
    });
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    one("legend", facet).after(box);
  });

  // Brushing: from one bar to another chooses all between them.
  all(".chart[data-brush]").forEach((chart) => {
    const bars = all("a.bar", chart);
    const name = chart.dataset.brush;
    let from = null;
    let to = null;
    const bar = (event) => {
      const at = document.elementFromPoint(event.clientX, event.clientY);
      const found = at && at.closest("a.bar");
      return found ? bars.indexOf(found) : -1;
    };
    const paint = () => bars.forEach((b, i) => {
      b.classList.toggle("brushed", from !== null && i >= Math.min(from, to) && i <= Math.max(from, to));
    });
    chart.addEventListener("dragstart", (event) => event.preventDefault());
    chart.addEventListener("pointerdown", (event) => {
      const i = bar(event);
      if (i < 0 || event.button !== 0) return;
      from = to = i;
    });
    chart.addEventListener("pointermove", (event) => {
      const i = bar(event);
      if (from === null || i < 0 || i === to) return;
      to = i;
      paint();
    });
    let brushed = false;
    addEventListener("pointerup", () => {
      if (from !== null && to !== from) {
        brushed = true;
        const chosen = bars.slice(Math.min(from, to), Math.max(from, to) + 1).map((b) => b.dataset.value);
        const address = new URL(location.href);
        address.searchParams.delete("from");
        address.searchParams.delete(name);
        if (name === "dates") address.searchParams.set(name, chosen[0] + ".." + chosen[chosen.length - 1]);
        else chosen.forEach((value) => address.searchParams.append(name, value));
        location.assign(address);
      }
      from = to = null;
      paint();
      setTimeout(() => { brushed = false; }, 0);
    });
    chart.addEventListener("click", (event) => { if (brushed) event.preventDefault(); });
  });

  // Copying.
  const copy = (button) => {
    const text = document.getElementById(button.dataset.copy).textContent;
    const done = () => say("Copied");
    const byHand = () => {
      const range = document.createRange();
      range.selectNodeContents(document.getElementById(button.dataset.copy));
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      say("Selected: copy it with Ctrl+C");
    };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, byHand);
    else byHand();
  };
  all("button.copy").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  });

  // A mention and its box light up together.
  const light = (id) => {
    all(".box.now").forEach((box) => box.classList.remove("now"));
    all(".box[data-mention]").filter((box) => box.dataset.mention === id).forEach((box) => box.classList.add("now"));
  };
  addEventListener("hashchange", () => light(location.hash.slice(1)));
  all(".words .m[id]").forEach((mention) => {
    mention.addEventListener("mouseenter", () => light(mention.id));
    mention.addEventListener("mouseleave", () => light(location.hash.slice(1)));
  });
  light(location.hash.slice(1));

  // The passage that is opened is brought into sight on the picture too.
  const pane = one(".pane");
  const opened = pane && one(".boxes .passage", pane);
  if (opened && pane.scrollHeight > pane.clientHeight) {
    const above = opened.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += above - pane.clientHeight / 3;
  }

  // Keys.
  const hits = all(".hit");
  let now = -1;
  const go = (step) => {
    if (!hits.length) return;
    hits[now]?.classList.remove("now");
    now = Math.max(0, Math.min(hits.length - 1, now + step));
    const hit = hits[now];
    hit.classList.add("now");
    one("a.open", hit).focus({ preventScroll: true });
    hit.scrollIntoView({ block: "nearest" });
  };
  const follow = (selector) => { const link = one(selector); if (link) location.assign(link.href); };
  const acts = {
    "/": () => { const box = one("#q"); if (box) { box.focus(); box.select(); } },
    "?": () => sheet.showModal(),
    j: () => go(1),
    k: () => go(-1),
    n: () => follow("#next-hit"),
    p: () => follow("#previous-hit"),
    "]": () => follow("#next-page"),
    "[": () => follow("#previous-page"),
    u: () => follow("#up"),
    c: () => { const button = one("button.copy"); if (button) copy(button); },
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || sheet.open) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
