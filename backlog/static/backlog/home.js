// The number keys open what waits: by the key's place, so that it works whatever one types in.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea, dialog, [contenteditable]")) return;
  const number = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  const thing = number && document.querySelector(`[data-number="${number}"]`);
  if (!thing) return;
  event.preventDefault();
  thing.focus();
  thing.click();
});
