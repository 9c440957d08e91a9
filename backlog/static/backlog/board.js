// Keys for the board. Everything they do is done by a link or a button that is on the page.
(() => {
  const rows = () => [...document.querySelectorAll(".hb-board-rows > li")];
  const current = () => document.activeElement.closest(".hb-board-rows > li");
  const press = (selector, root = document) => root?.querySelector(selector)?.click();

  function step(by) {
    const all = rows();
    const place = all.indexOf(current());
    const next = place < 0 ? 0 : Math.min(Math.max(place + by, 0), all.length - 1);
    all[next]?.querySelector("a").focus();
  }

  hbKeys.listen({
    j: () => step(1),
    k: () => step(-1),
    u: () => press("[id^=up-]", current()),
    d: () => press("[id^=down-]", current()),
    t: () => press("[id^=top-]", current()),
    z: () => press("#undo"),
    "/": () => document.querySelector(".hb-filters [type=search]").focus(),
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) document.getElementById("keys").showModal();
  });
})();
