// Keys and dragging for an agenda. Everything they do is done by a link or a button of the page.
(() => {
  const rows = () => [...document.querySelectorAll(".hb-agenda-rows > [data-item]")];
  const rowOf = (element) => element.closest?.(".hb-agenda-rows > [data-item]");
  const press = (selector, root = document) => root?.querySelector(selector)?.click();
  const current = () => rowOf(document.activeElement);

  function step(by) {
    const all = rows();
    const place = all.indexOf(current());
    const next = place < 0 ? 0 : Math.min(Math.max(place + by, 0), all.length - 1);
    all[next]?.querySelector("a")?.focus();
  }

  hbKeys.listen({
    j: () => step(1),
    k: () => step(-1),
    u: () => press("[id^=up-]", current()),
    d: () => press("[id^=down-]", current()),
    t: () => press("[id^=top-]", current()),
    a: () => press("#propose"),
    "/": () => document.querySelector(".hb-meeting [type=search]")?.focus(),
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) document.getElementById("keys").showModal();
  });

  // Dragging: the row goes behind the one it is dropped on, or before the first.
  let dragged = null;
  const marks = ["hb-agenda-before", "hb-agenda-after"];
  const unmark = () => rows().forEach((row) => row.classList.remove(...marks));
  const isAbove = (event, row) => {
    const box = row.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  };

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.matches?.("[draggable]") ? rowOf(event.target) : null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.item);
    event.dataTransfer.setDragImage(dragged, 16, 16);
    dragged.classList.add("hb-agenda-dragged");
  });
  document.addEventListener("dragover", (event) => {
    const row = dragged && rowOf(event.target);
    if (!row) return;
    event.preventDefault();
    unmark();
    row.classList.add(marks[isAbove(event, row) ? 0 : 1]);
  });
  document.addEventListener("drop", (event) => {
    const row = dragged && rowOf(event.target);
    if (!row) return;
    event.preventDefault();
    const others = rows().filter((each) => each !== dragged);
    const place = others.indexOf(row) - (isAbove(event, row) ? 1 : 0);
    if (row !== dragged) {
      dragged.querySelector("[name=after]").value = others[place]?.dataset.item ?? "";
      press("[data-move]", dragged);
    }
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("hb-agenda-dragged");
    dragged = null;
    unmark();
  });

  // How much the chosen proposals take.
  document.addEventListener("change", (event) => {
    const form = event.target.closest(".hb-agenda-proposals");
    if (!form) return;
    const chosen = [...form.querySelectorAll("[name=keys]:checked")];
    const sum = chosen.reduce((all, each) => all + Number(each.dataset.minutes), 0);
    form.querySelector("output").value = sum + Number(form.dataset.standing);
  });

  // What was not accepted comes back with what is wrong; it is shown as what was accepted is.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) event.detail.shouldSwap = true;
  });
})();
