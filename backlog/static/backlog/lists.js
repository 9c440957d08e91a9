// Keys of lists: j and k go from row to row, Enter opens (the row's link has the focus), / searches.
(() => {
  const links = () => [...document.querySelectorAll(".hb-rows-title")];

  function step(by) {
    const all = links();
    const row = document.activeElement.closest(".hb-rows > li");
    const place = all.indexOf(row?.querySelector(".hb-rows-title"));
    all[place < 0 ? 0 : Math.min(Math.max(place + by, 0), all.length - 1)]?.focus();
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => document.querySelector(".hb-narrowing [type=search]")?.focus(),
  };
  const isTyping = (element) =>
    element.isContentEditable || element.matches?.("input, select, textarea, dialog *");
  // With a Korean keyboard "j" arrives as "ㅓ"; only for such letters the key's place counts.
  const isForeign = (key) => /^[^\p{Script=Latin}\p{Script=Common}]$/u.test(key);
  const placed = (event) => (event.code || "").replace("Key", "").toLowerCase();

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || isTyping(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const key = (event.key || "").toLowerCase();
    const action = Object.hasOwn(keys, key) ? keys[key] : isForeign(key) ? keys[placed(event)] : undefined;
    if (!action) return;
    event.preventDefault();
    action();
  });
})();
