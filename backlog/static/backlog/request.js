// What comes into the page in place gets the focus where the link that asked for it says so.
let wanted = "";
document.addEventListener("htmx:beforeRequest", (event) => {
  wanted = event.target.dataset.focus ?? "";
});
document.addEventListener("htmx:afterSettle", () => {
  if (wanted) document.querySelector(wanted)?.focus();
  wanted = "";
});
