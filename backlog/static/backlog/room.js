// The room keeps itself up to date: it asks every few seconds whether anything was done, which costs
// the server next to nothing, and forms are sent without leaving the page. Without scripts the same
// forms lead back to the room.
(() => {
  const EVERY = 3000;
  const room = () => document.getElementById("room");
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  // What somebody is typing, or has opened, is left alone until they are done with it.
  const isTouched = (part) =>
    part.querySelector("details[open]") !== null ||
    [...part.querySelectorAll("textarea, input:not([type=hidden])")].some(
      (each) => each === document.activeElement || each.value !== each.defaultValue || each.checked !== each.defaultChecked,
    );

  // `sent` is the part whose form was sent: that one is done with.
  function show(next, sent) {
    const now = room();
    const parts = new Map([...now.querySelectorAll("[data-part]")].map((each) => [each.dataset.part, each]));
    for (const part of next.querySelectorAll("[data-part]")) {
      const old = parts.get(part.dataset.part);
      if (old && old !== sent && isTouched(old)) part.replaceWith(old);
    }
    now.replaceWith(next);
    tick();
  }

  async function look() {
    const now = room();
    if (document.hidden || !now) return;
    try {
      const answer = await fetch(now.dataset.now, { headers: { "If-None-Match": now.dataset.tag }, cache: "no-store" });
      document.getElementById("room-offline").hidden = answer.status < 500;
      if (answer.status === 200 && now === room()) show(parse(await answer.text()).getElementById("room"), null);
      if (answer.redirected || answer.status === 403) location.reload(); // Signed out meanwhile.
    } catch {
      document.getElementById("room-offline").hidden = false;
    }
  }

  function tick() {
    for (const clock of document.querySelectorAll(".hb-clock[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.since)) / 1000));
      const minutes = Number(clock.dataset.minutes);
      clock.dataset.planned ??= clock.textContent.trim();
      clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} · ${clock.dataset.planned}`;
      clock.classList.toggle("hb-clock-over", seconds > minutes * 60);
    }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!room()?.contains(form)) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      const next = parse(await answer.text()).getElementById("room");
      if (next) show(next, form.closest("[data-part]"));
      else location.reload();
    } catch {
      document.getElementById("room-offline").hidden = false;
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches?.("input, select, textarea, dialog *");
    if (isTyping || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const button = room()?.querySelector(`.hb-answer[data-number="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    const reason = button.form.elements.reason;
    if ("needsReason" in button.dataset && !reason.value.trim()) reason.focus();
    else button.click();
  });

  setInterval(look, EVERY);
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", look);
  tick();
})();
