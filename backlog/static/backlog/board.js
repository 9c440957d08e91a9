// Keys for the board. Everything they do is done by a link or a button that is on the page.
(() => {
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const current = () => document.activeElement.closest("[data-row]");
  const press = (selector, root = document) => root?.querySelector(selector)?.click();

  function step(by) {
    const all = rows();
    const place = all.indexOf(current());
    const next = place < 0 ? 0 : Math.min(Math.max(place + by, 0), all.length - 1);
    all[next]?.querySelector("[data-open]").focus();
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    u: () => press("[data-move=up]", current()),
    d: () => press("[data-move=down]", current()),
    t: () => press("[data-move=top]", current()),
    z: () => press("[data-move=undo]"),
    "/": () => document.querySelector(".hb-filters [type=search]").focus(),
    "?": () => document.getElementById("keys").showModal(),
  };

  const isTyping = (element) => element.matches("input, select, textarea, dialog *");

  // With a Korean keyboard "j" arrives as "ㅓ"; the key's place then says which one it was.
  const named = (event) => keys[event.key] ?? keys[event.code.replace("Key", "").toLowerCase()];

  document.addEventListener("keydown", (event) => {
    const action = named(event);
    if (!action || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) keys["?"]();
  });
})();
