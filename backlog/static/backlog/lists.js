// Keys of lists: j and k go from row to row, Enter opens (the row's link has the focus), / searches.
(() => {
  const links = () => [...document.querySelectorAll(".hb-rows-title")];

  function step(by) {
    const all = links();
    const row = document.activeElement.closest(".hb-rows > li");
    const place = all.indexOf(row?.querySelector(".hb-rows-title"));
    all[place < 0 ? 0 : Math.min(Math.max(place + by, 0), all.length - 1)]?.focus();
  }

  hbKeys.listen({
    j: () => step(1),
    k: () => step(-1),
    "/": () => document.querySelector(".hb-narrowing [type=search]")?.focus(),
  });
})();
