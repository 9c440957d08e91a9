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

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    u: () => press("[id^=up-]", current()),
    d: () => press("[id^=down-]", current()),
    t: () => press("[id^=top-]", current()),
    z: () => press("#undo"),
    "/": () => document.querySelector(".hb-filters [type=search]").focus(),
  };

  const isTyping = (element) =>
    element.isContentEditable || element.matches?.("input, select, textarea, dialog *");

  // With a Korean keyboard "j" arrives as "ㅓ"; only for such letters the key's place says which one
  // it was. On Dvorak or QWERTZ, whose letters are Latin, the place would be another letter.
  const isForeign = (key) => /^[^\p{Script=Latin}\p{Script=Common}]$/u.test(key);
  const placed = (event) => (event.code || "").replace("Key", "").toLowerCase();
  const named = (event) => {
    const pressed = event.key || "";
    const key = event.shiftKey ? pressed : pressed.toLowerCase(); // Caps Lock is often on unnoticed.
    return Object.hasOwn(keys, key) ? keys[key] : isForeign(key) ? keys[placed(event)] : undefined;
  };

  document.addEventListener("keydown", (event) => {
    const action = named(event);
    if (!action || event.isComposing || isTyping(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) document.getElementById("keys").showModal();
  });
})();
