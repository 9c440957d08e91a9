// Go anywhere (Ctrl K), do what the page offers, keys for the rooms (g h), and the list of keys (?).
// Everything done here is done by a link or a button that is on a page.
(() => {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const note = dialog.querySelector("[role=status]");
  let opener, places, offers, asked, timer, committing = false;

  const folded = (text) => text.normalize("NFC").toLowerCase();

  const options = () => [...list.querySelectorAll("[role=option]:not([hidden])")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function step(by) {
    const all = options();
    const place = all.indexOf(chosen());
    choose(all[(place + by + all.length) % all.length]);
  }

  // A panel that is open stays so, and is gone to.
  function take(element) {
    if (!element.parentElement.open) element.click();
    if (element.localName !== "summary") return;
    opener = element; // It has the focus when the palette has closed.
    element.scrollIntoView();
  }

  function go() {
    const option = chosen();
    if (!option) return;
    dialog.close();
    if (option.offered) take(option.offered);
    else location.assign(option.href);
  }

  // What the page itself offers: its header's links and buttons, and its panels.
  function offered() {
    const found = [...document.querySelectorAll("main .hb-actions :is(a[href], button), main [data-offer], main .hb-fold > summary")];
    const shown = found.filter((it) => it.checkVisibility?.() !== false && !it.disabled && it.textContent.trim());
    if (!shown.length) return [];
    const group = document.createElement("div");
    const title = Object.assign(document.createElement("p"), { className: "hb-palette-title", id: "go-offers", textContent: dialog.dataset.offers });
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", title.id);
    group.dataset.local = "";
    group.append(title, ...shown.map((element) => {
      const option = Object.assign(document.createElement("a"), { textContent: element.textContent.trim(), offered: element });
      option.setAttribute("role", "option");
      return option;
    }));
    return [group];
  }

  function begins(group, text) {
    const first = [...group.querySelectorAll("[role=option]:not([hidden])")].find((it) => folded(it.textContent.trim()).startsWith(text));
    if (first) group.querySelector("p").after(first);
    return Boolean(first);
  }

  function show(found) {
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    const template = document.createElement("template");
    template.innerHTML = found;
    list.replaceChildren(...template.content.children, ...offers, ...places.content.cloneNode(true).children);
    for (const option of list.querySelectorAll("[data-local] [role=option]")) {
      const text = folded(option.dataset.words || option.textContent);
      option.hidden = !words.every((word) => text.includes(word));
    }
    for (const group of list.children) group.hidden = !group.querySelector("[role=option]:not([hidden])");
    // A page or an act that begins so is what was meant: two or three letters of it are enough.
    if (words.length) list.prepend(...[...list.querySelectorAll("[data-local]")].filter((group) => begins(group, words.join(" "))));
    list.querySelectorAll("[role=option]").forEach((option, n) => {
      option.id = `go-${n}`;
      option.setAttribute("aria-selected", "false");
    });
    choose(options()[0]);
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const wanted = input.value.trim();
    try {
      const answer = await fetch(`${dialog.dataset.address}?q=${encodeURIComponent(wanted)}`, { signal: asked.signal });
      if (!answer.ok) throw new Error(answer.status);
      show(wanted ? await answer.text() : "");
      note.textContent = options().length ? "" : note.dataset.none;
    } catch (error) {
      if (error.name !== "AbortError") note.textContent = note.dataset.away;
    }
  }

  async function open() {
    if (dialog.open) return;
    opener = document.activeElement;
    input.value = "";
    note.textContent = "";
    offers = offered();
    dialog.showModal();
    input.focus();
    if (!places) {
      places = document.createElement("template");
      try {
        const answer = await fetch(dialog.dataset.address);
        if (answer.ok) places.innerHTML = await answer.text();
      } catch { note.textContent = note.dataset.away; }
    }
    if (!input.value.trim()) show("");
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (places) show("");
    note.textContent = "";
    if (input.value.trim()) timer = setTimeout(ask, 120);
    else asked?.abort();
  });
  input.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && !event.isComposing) {
      event.preventDefault();
      step(by);
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    // Hangul has no candidates to pick: Enter ends the syllable and is meant. In Japanese and Chinese it picks.
    if (!event.isComposing) go();
    else committing = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]$/.test(input.value);
  });
  input.addEventListener("compositionend", () => {
    if (committing) go();
    committing = false;
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option?.offered) return;
    event.preventDefault();
    choose(option);
    go();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => {
    asked?.abort();
    clearTimeout(timer);
    opener?.focus?.();
  });

  let isGoing = false;
  const help = () => (document.getElementById("keys") || document.getElementById("general-keys")).showModal();

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && hbKeys.name(event) === "k") {
      event.preventDefault();
      open();
      return;
    }
    if (hbKeys.areOff(event)) return;
    const key = hbKeys.name(event);
    const wasGoing = isGoing;
    isGoing = key === "g" && !wasGoing;
    const room = wasGoing && document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (wasGoing || isGoing || event.key === "?") {
      event.preventDefault();
      event.stopImmediatePropagation(); // The page's own keys are not meant.
    }
    // It is only gone to: what cannot be taken back takes another key.
    if (key === "m" && !wasGoing) [...document.querySelectorAll("main .hb-button-main:not(:disabled)")].find((it) => it.checkVisibility?.() !== false)?.focus();
    if (room) location.assign(room.href);
    else if (event.key === "?") help();
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) open();
    if (event.target.closest("[data-general-keys-open]")) help();
  });
})();
