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
