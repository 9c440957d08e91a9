// What comes into the page in place gets the focus where the link that asked for it says so.
let wanted = "";
document.addEventListener("htmx:beforeRequest", (event) => {
  wanted = event.target.dataset.focus ?? "";
});
document.addEventListener("htmx:afterSettle", () => {
  if (wanted) document.querySelector(wanted)?.focus();
  wanted = "";
});

// A form that was not accepted comes back with what is wrong.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 422) Object.assign(detail, { shouldSwap: true, isError: false });
});

// A number answers the criterion that has the focus, else the first without an answer, and leads to the next.
document.addEventListener("keydown", (event) => {
  const criteria = [...document.querySelectorAll("#assess .hb-anchors")];
  const waiting = () => criteria.find((it) => !it.querySelector(":checked"));
  const number = !hbKeys.areOff(event) && hbKeys.number(event);
  const answer = number && (event.target.closest(".hb-anchors") ?? waiting())?.querySelector(`[value="${number}"]`);
  if (!answer) return;
  event.preventDefault();
  answer.click();
  (waiting()?.querySelector("[type=radio]") ?? document.querySelector("#assess [type=submit]")).focus();
});
