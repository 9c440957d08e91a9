// Keys for the inbox. Everything they do is done by a link or a button that is on the page; what
// was done comes back as a part of the page, and one place says it to who does not see it.
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const rows = () => all("#inbox-rows [data-open]");
  const current = () => find("#inbox-rows [aria-current]");
  const ticked = () => all("#inbox-rows [name=chosen]:checked");
  const announcer = () => document.getElementById("announcer");
  const say = (text) => {
    if (text) announcer().textContent = text;
  };

  // On a phone the words stand above the list; elsewhere the row beside them has the focus.
  const isNarrow = () => matchMedia("(max-width: 64rem)").matches;
  const turnTo = (row) => (isNarrow() ? (document.getElementById("reading-title") ?? row) : row)?.focus();

  // The page is asked for one thing after the other: a key pressed meanwhile would be about words
  // that are leaving.
  let isAsking = false;

  function step(by) {
    const places = rows();
    const place = places.indexOf(current());
    const next = places[place < 0 ? 0 : Math.min(Math.max(place + by, 0), places.length - 1)];
    if (!next || next === current()) return;
    next.click();
  }

  function mark(number) {
    for (const link of rows()) {
      const isOpen = link.dataset.open === number;
      link.toggleAttribute("aria-current", isOpen);
      if (isOpen) link.setAttribute("aria-current", "true");
      link.closest("li").classList.toggle("hb-inbox-open", isOpen);
      if (isOpen) turnTo(link);
    }
  }

  function open(name) {
    const panel = document.getElementById(name);
    if (!panel) return null;
    panel.open = true;
    find("summary", panel).focus();
    return panel;
  }

  function write() {
    const title = open("act-open") && document.getElementById("new-title");
    title?.focus();
    title?.select();
  }

  // The words sentence by sentence: each time the next, and after the last one all of them again.
  function excerpt() {
    const words = find("#reading [data-words]");
    const field = document.getElementById("excerpt");
    if (!words || !field) return;
    const sentences = words.textContent.split(/(?<=[.!?。！？…])\s+|\n+/).map((it) => it.trim()).filter(Boolean);
    const next = sentences[sentences.indexOf(field.value.trim()) + 1] ?? "";
    const selection = document.getSelection();
    selection.removeAllRanges();
    const at = next ? words.textContent.indexOf(next) : -1;
    if (at >= 0 && words.firstChild) {
      const range = document.createRange();
      range.setStart(words.firstChild, at);
      range.setEnd(words.firstChild, at + next.length);
      selection.addRange(range);
    }
    field.value = next;
    say(next);
  }

  function tick() {
    const box = current()?.closest("li").querySelector("[name=chosen]");
    box?.click();
  }

  function count() {
    const note = document.getElementById("chosen-note");
    const n = ticked().length;
    if (!note) return;
    note.hidden = n === 0;
    note.textContent = `${n} ${announcer().dataset.chosen}`;
    say(note.textContent);
  }

  // A number is one of the open panel's answers; where none is open, one of the requests beside.
  function number(event) {
    const which = hbKeys.number(event);
    if (!which || hbKeys.areOff(event)) return;
    const panel = find(".hb-act[open]") ?? find("#similar");
    const button = panel?.querySelector(`[data-number="${which}"]`);
    if (!button) return;
    event.preventDefault();
    if (!isAsking) button.click();
  }

  const unlessAsking = (act) => () => isAsking || act();
  hbKeys.listen({
    j: unlessAsking(() => step(1)),
    k: unlessAsking(() => step(-1)),
    x: tick,
    l: () => document.getElementById("find")?.focus(),
    n: write,
    e: excerpt,
    d: () => open("act-put-away"),
    s: () => open("act-snooze"),
    a: () => open("act-give"),
    u: unlessAsking(() => document.getElementById("undo")?.click()),
    "/": () => document.getElementById("q")?.focus(),
  });
  document.addEventListener("keydown", number);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || find("dialog[open]")) return;
    for (const panel of all(".hb-act[open]")) panel.open = false;
    if (document.getElementById("inbox")?.contains(event.target)) (current() ?? event.target).focus();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("#inbox-rows [name=chosen]")) count();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) document.getElementById("keys").showModal();
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (["inbox", "reading"].includes(event.detail.target?.id)) isAsking = true;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (["inbox", "reading"].includes(event.detail.target?.id)) isAsking = false;
    if (event.detail.failed) say(announcer().dataset.gone);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "reading") mark(find("#reading").dataset.wordsOf);
    if (event.detail.target.id !== "inbox") return;
    say(find("#inbox").dataset.said.trim());
    if (find("[role=alert]")) (find("#inbox .hb-act[open] input:not([type=hidden])") ?? current())?.focus();
    else turnTo(current() ?? find("#inbox a"));
  });

  // Enter in what is looked for means its key; of words that were found the first gets the focus, to be
  // chosen by another Enter. It is the form that is asked, not the key, so that composing Hangul needs no care.
  document.addEventListener("submit", (event) => {
    const found = find("#found-requests button");
    const typed = document.getElementById("find")?.value.trim();
    if (!event.target.matches(".hb-act-link") || event.submitter?.name || !found || /^[A-Za-z]+-\d+$/.test(typed)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    found.focus();
  }, true);
})();
