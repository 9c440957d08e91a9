// Keys and dragging on the board. Everything they do is done by a link, a button or a field that is on
// the page; one place says what happened to who does not see it.
(() => {
  const EDGE = 64; // So near the edge of the window, in pixels, dragging scrolls.
  const find = (selector, root = document) => root.querySelector(selector);
  const list = () => find(".hb-board-rows");
  const rows = () => [...document.querySelectorAll(".hb-board-rows > li")];
  const current = () => document.activeElement.closest(".hb-board-rows > li");
  const press = (selector, root = document) => root && find(selector, root)?.click();
  const key = (row) => find("a", row).id;
  const boxes = () => [...document.querySelectorAll(".hb-board-rows [name=chosen]")];
  const board = () => document.getElementById("board");
  const announcer = () => document.getElementById("announcer");
  const canMove = () => Boolean(document.getElementById("move-chosen"));

  function say(name, facts = {}) {
    announcer().textContent = announcer().dataset[name].replace(/\{(\w+)\}/g, (_, fact) => facts[fact]);
  }

  const place = (row) => rows().indexOf(row) + Number(list().dataset.first ?? 1);

  function step(by) {
    const all = rows();
    const at = all.indexOf(current());
    const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1);
    if (all[next]) find("a", all[next]).focus();
  }

  // What is held: the row, those that move with it, before whom it stood, and what follows the pointer.
  let held = null;

  function hold(row, extra = {}) {
    const box = find("[name=chosen]", row);
    const chosen = box.checked ? ticked() : [];
    const together = chosen.length > 1 ? chosen : [row];
    held = { row, together, home: row.nextElementSibling, ...extra };
    for (const each of together) each.classList.add("hb-is-held");
    list().classList.add("hb-is-moving");
  }

  function letGo() {
    for (const each of rows()) each.classList.remove("hb-is-held");
    list()?.classList.remove("hb-is-moving");
    held?.ghost?.remove();
    const was = held;
    held = null;
    return was;
  }

  function putBack() {
    const { row, home } = letGo();
    const hadFocus = row.contains(document.activeElement);
    if (row.isConnected) list().insertBefore(row, home?.isConnected ? home : null);
    if (hadFocus) find("a", row).focus(); // A row that was put elsewhere has lost it.
    say("back", { key: key(row) });
  }

  // Sends what the fields of the bar would: who moves, and beside whom.
  function drop() {
    const { row, home, together } = letGo();
    if (row.nextElementSibling === home && together.length === 1) return say("back", { key: key(row) });
    const beside = (name) => {
      let each = row[name];
      while (together.includes(each)) each = each[name];
      return each && find("[name=chosen]", each).value;
    };
    const after = beside("previousElementSibling");
    const before = beside("nextElementSibling");
    for (const each of boxes()) each.checked = together.includes(each.closest("li"));
    find("[name=after]").value = after ?? "";
    find("[name=before]").value = after ? "" : (before ?? "");
    find("a", row).focus({ preventScroll: true });
    if (after ?? before) document.getElementById("move-chosen").click();
  }

  // By keys.
  function shift(by) {
    const { row } = held;
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (by < 0) other.before(row);
    else other.after(row);
    find("a", row).focus();
    row.scrollIntoView({ block: "nearest" });
    say("held", { key: key(row), place: place(row) });
  }

  const WHILE_HELD = {
    j: () => shift(1),
    k: () => shift(-1),
    arrowdown: () => shift(1),
    arrowup: () => shift(-1),
    " ": drop,
    enter: drop,
    escape: putBack,
  };

  document.addEventListener(
    "keydown",
    (event) => {
      const name = hbKeys.name(event).toLowerCase();
      if (held) {
        const act = WHILE_HELD[name];
        if (held.ghost && name !== "escape") return;
        if (event.isComposing || !act) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        act();
      } else if (name === " " && event.target.matches(".hb-board-rows > li > :nth-child(2) > a") && canMove() && !hbKeys.areOff(event)) {
        event.preventDefault();
        const row = event.target.closest("li");
        hold(row);
        say("grabbed", { key: key(row), place: place(row) });
      }
    },
    true,
  );
  document.addEventListener("focusout", (event) => {
    // Whoever turns to something else has not dropped it there.
    if (held && !held.ghost && event.relatedTarget && !held.row.contains(event.relatedTarget)) putBack();
  });

  // By mouse and touch.
  function follow({ clientX, clientY }) {
    held.ghost.style.transform = `translate(${clientX + 12}px, ${clientY + 12}px)`;
    const over = rows().find((each) => {
      const { top, bottom } = each.getBoundingClientRect();
      return clientY >= top && clientY < bottom;
    });
    if (!over || over === held.row) return;
    const { top, height } = over.getBoundingClientRect();
    if (clientY < top + height / 2) over.before(held.row);
    else over.after(held.row);
  }

  function scroller() {
    let each = list();
    while (each && each !== document.body) {
      if (each.scrollHeight > each.clientHeight && /auto|scroll/.test(getComputedStyle(each).overflowY)) return each;
      each = each.parentElement;
    }
    return document.scrollingElement;
  }

  function scroll() {
    if (!held?.ghost) return;
    const { clientY } = held.pointer;
    const by = clientY < EDGE ? clientY - EDGE : Math.max(0, clientY - innerHeight + EDGE);
    if (by) {
      held.scroller.scrollTop += by / 4;
      follow(held.pointer);
    }
    requestAnimationFrame(scroll);
  }

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.(".hb-board-rows > li > :first-child > b");
    if (!grip || held || event.button !== 0 || !canMove()) return;
    event.preventDefault();
    const row = grip.closest("li");
    const ghost = document.createElement("p");
    ghost.className = "hb-ghost";
    hold(row, { ghost, pointer: event, scroller: scroller() });
    ghost.textContent = held.together.map(key).join(", ");
    document.body.append(ghost);
    follow(event);
    requestAnimationFrame(scroll);
  });
  document.addEventListener("pointermove", (event) => {
    if (!held?.ghost || event.pointerId !== held.pointer.pointerId) return;
    held.pointer = event;
    follow(event);
  });
  document.addEventListener("pointerup", (event) => {
    if (held?.ghost && event.pointerId === held.pointer.pointerId) drop();
  });
  document.addEventListener("pointercancel", () => held?.ghost && putBack());

  // Several at once.
  function count() {
    const note = document.getElementById("chosen-count");
    const chosen = boxes().filter((each) => each.checked).length;
    if (!note) return;
    say("chosen", { count: chosen });
    note.textContent = chosen ? announcer().textContent : "";
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches(".hb-board-rows [name=chosen]")) count();
  });

  // Editing in place: the fields come from the server, in the version that they were shown in.
  let edited = ""; // The row that is edited, to go back to.
  const ticked = () => boxes().filter((each) => each.checked).map((each) => each.closest("li"));

  function closeEditor() {
    document.getElementById("editor")?.remove();
    document.getElementById(edited)?.focus({ preventScroll: true });
  }

  // The address of a page about some rows, which leads back to the board as it is.
  function about(page, rows) {
    const url = new URL(page, location.href);
    url.search = location.search;
    for (const each of rows) url.searchParams.append("chosen", find("[name=chosen]", each).value);
    return url;
  }

  // Addresses say what is asked for, and nothing of what is not.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!detail.elt.matches(".hb-filters")) return;
    for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
    if ([...detail.formData.keys()].length === 0) detail.formData.set("view", "all");
  });

  // What the bar has no room for: asked for, it takes the place of what only carried it on.
  async function more() {
    const place = document.getElementById("board-further");
    const fields = document.getElementById("further-fields");
    if (fields) fields.hidden = !fields.hidden;
    else {
      const url = new URL("filters/", location.href);
      url.search = location.search;
      await htmx.ajax("GET", url.pathname + url.search, { target: place, swap: "innerHTML" });
    }
    find("select, input", place)?.focus();
  }

  // What a click on a cell is to change, if it can be changed here.
  function fieldOf(target) {
    if (target.closest?.(".hb-can-edit .hb-pill:not(.hb-pill-drift)")) return "status";
    const cell = target.closest?.(".hb-can-edit li > :nth-child(3) > span");
    const name = cell && board().dataset.columns.split(" ")[[...cell.parentElement.children].indexOf(cell)];
    return ["owner", "review_on"].includes(name) ? name : null;
  }

  async function edit(rows, field = "owner") {
    if (!rows.length || !find("a[href^=edit]", rows[0])) return;
    document.getElementById("editor")?.remove();
    edited = key(rows[0]);
    const url = about("edit/", rows);
    const target = rows.length === 1 ? rows[0] : document.getElementById("board-edits");
    await htmx.ajax("GET", url.pathname + url.search, { target, swap: "beforeend" });
    (document.getElementById(`edit-${field}`) ?? document.getElementById("edit-owner"))?.focus();
  }

  document.addEventListener(
    "click",
    (event) => {
      const { target } = event;
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const row = target.closest?.(".hb-board-rows > li");
      const field = fieldOf(target);
      if (target.closest?.("#close-editor")) closeEditor();
      else if (target.closest?.("#edit-chosen")) edit(ticked());
      else if (target.closest?.("#more-filters")) more();
      else if (target.closest?.("#sort")) location.assign(about("sort/", ticked()));
      else if (row && target.closest("a[href^=edit]")) edit([row]);
      else if (row && field) edit([row], field);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || !event.target.closest?.("#editor")) return;
    event.preventDefault();
    closeEditor();
  });

  hbKeys.listen({
    e: () => edit(current() && !ticked().includes(current()) ? [current()] : ticked()),
    j: () => step(1),
    k: () => step(-1),
    u: () => press("[id^=up-]", current()),
    d: () => press("[id^=down-]", current()),
    t: () => press("[id^=top-]", current()),
    x: () => press("[name=chosen]", current()),
    z: () => press("#undo"),
    "#": () => document.getElementById("place")?.focus(),
    "/": () => find(".hb-filters [type=search]").focus(),
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) document.getElementById("keys").showModal();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.target?.id === "board" && event.detail.failed) say("lost");
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const fault = event.detail.target?.id !== "board" && find("#editor label:has(.hb-error) :is(input, select)");
    fault?.focus?.();
    if (event.detail.target?.id !== "board") return;
    const said = document.querySelectorAll("#board-said .hb-moved > span, #board-said :not(.hb-moved, .hb-moved *)");
    announcer().textContent = [...said].filter((each) => !each.firstElementChild).map((each) => each.innerText.trim()).join(" ");
    document.getElementById("reason")?.focus();
    if (edited) document.getElementById(edited)?.focus({ preventScroll: true });
    edited = "";
  });

  // Live: what colleagues do shows without asking. What is held, typed or on its way is not disturbed.
  const EVERY = 2500;
  let isSending = false;
  document.addEventListener("htmx:beforeRequest", (event) => (isSending ||= event.detail.target?.id === "board"));
  document.addEventListener("htmx:afterRequest", (event) => (isSending &&= event.detail.target?.id !== "board"));
  const isBusy = () =>
    Boolean(held || isSending || document.hidden || !board() || document.getElementById("asking") || document.getElementById("editor") || document.activeElement?.matches("#board input[name=place]"));

  function show(next) {
    const now = board();
    const focused = now.contains(document.activeElement) ? document.activeElement.id : "";
    const chosen = new Set(boxes().filter((each) => each.checked).map((each) => each.value));
    const typed = document.getElementById("place")?.value ?? "";
    now.replaceWith(next);
    htmx.process(next);
    for (const each of boxes()) each.checked = chosen.has(each.value);
    if (document.getElementById("place")) document.getElementById("place").value = typed;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    say("changed");
  }

  async function look() {
    if (isBusy()) return;
    const now = board();
    try {
      const answer = await fetch(now.dataset.now, { headers: { "If-None-Match": now.dataset.tag }, cache: "no-store" });
      if (answer.redirected || answer.status === 403) location.reload(); // Signed out meanwhile.
      if (answer.status !== 200) return;
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board");
      if (next && now === board() && !isBusy()) show(next);
    } catch {
      // Offline: the next look may find the server again.
    }
  }

  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
})();
