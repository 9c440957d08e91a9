// Keys in the list of action items: each presses what the row with the focus offers under it. What
// comes back is the row, and one place says what was done to who does not see it.
(() => {
  const holder = () => document.activeElement.closest(".hb-rows > li");
  const rowOf = () => holder() ?? document.querySelector(".hb-rows > li");

  // Until the row is back, a key would be about what it was.
  let isAsking = false;

  function press(key) {
    if (isAsking) return;
    rowOf()?.querySelector(`[data-key="${key}"]`)?.click();
  }

  hbKeys.listen(Object.fromEntries([..."cbvru"].map((key) => [key, () => press(key)])));

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open]")) return;
    holder()?.querySelector("[data-closes]")?.click();
  });

  const isRow = (event) => event.detail.target?.classList?.contains("hb-action");
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isRow(event)) isAsking = true;
  });
  document.addEventListener("htmx:afterRequest", () => {
    isAsking = false;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const row = event.detail.elt;
    if (!row.classList?.contains("hb-action")) return;
    const said = row.querySelector("[role=alert]") ?? row.querySelector("[data-said] span");
    document.getElementById("announcer").textContent = said?.textContent.trim() ?? "";
    (row.querySelector("[autofocus]") ?? row.querySelector(".hb-rows-title")).focus();
  });
})();
