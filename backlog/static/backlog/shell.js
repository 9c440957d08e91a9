// Some of unfold's menus open by mouse only. Here they become buttons for keys and readers too.
document.addEventListener("DOMContentLoaded", () => {
  const openers = ":is(a:not([href]), div, h2, span).cursor-pointer[x-on\\:click]";
  for (const opener of document.querySelectorAll(openers)) {
    opener.setAttribute("role", "button");
    opener.tabIndex = 0;
  }
  document.addEventListener("keydown", (event) => {
    if (![" ", "Enter"].includes(event.key) || !event.target.matches(openers)) return;
    event.preventDefault();
    event.target.click();
  });
});

// A picker (select2) stands for a field, and takes no name from the label of that field.
const namePickers = () => {
  for (const picker of document.querySelectorAll(".select2-hidden-accessible + .select2")) {
    const field = picker.previousElementSibling;
    const label = field.labels[0];
    if (label) label.id ||= `${field.id}-label`;
    for (const part of picker.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field")) {
      const shown = part.matches("[role=combobox]") ? part.querySelector("[role=textbox]")?.id : "";
      if (label) part.setAttribute("aria-labelledby", `${label.id} ${shown ?? ""}`.trim());
      else part.setAttribute("aria-label", field.getAttribute("aria-label") ?? "");
    }
  }
};
window.addEventListener("load", () => setTimeout(namePickers));
document.addEventListener("formset:added", () => setTimeout(namePickers));

// Django tells people how far they are from "server time". What they need to know is whose clock it is.
window.addEventListener("load", () => setTimeout(() => {
  for (const note of document.querySelectorAll(".timezonewarning")) note.textContent = document.body.dataset.clock;
}));

// The menu of who is signed in closes when one turns to something else.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".hb-user[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".hb-user[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});
