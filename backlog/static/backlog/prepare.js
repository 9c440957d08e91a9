// Keys for reading one item after the other. Everything they do is done by a link or a button of the page.
(() => {
  const items = () => [...document.querySelectorAll("[data-item]")];
  const current = () => document.activeElement.closest?.("[data-item]");

  function show(item) {
    item?.focus({ preventScroll: true });
    item?.scrollIntoView({ block: "start" });
  }

  function step(by) {
    const all = items();
    const place = all.indexOf(current());
    show(all[place < 0 ? 0 : Math.min(Math.max(place + by, 0), all.length - 1)]);
  }

  // Without one that has the focus, the first that is not read.
  const wanted = () => current() ?? document.querySelector("[data-item][data-unread]") ?? items()[0];

  let next = null;
  function read() {
    const item = wanted();
    const after = items().slice(items().indexOf(item) + 1);
    next = "unread" in (item?.dataset ?? {}) ? (after.find((it) => "unread" in it.dataset) ?? item)?.id : item?.id;
    item?.querySelector("[data-read]")?.click();
  }

  document.addEventListener("htmx:afterSettle", () => {
    if (next) show(document.getElementById(next));
    next = null;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) document.getElementById("keys").showModal();
  });

  hbKeys.listen({
    j: () => step(1),
    k: () => step(-1),
    r: read,
    a: () => wanted()?.querySelector("[data-ask]")?.click(),
    o: () => wanted()?.querySelector("[data-open]")?.click(),
  });
})();
