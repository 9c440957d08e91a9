// Selecting some of a customer's words fills in the excerpt beside them; typing it does the same.
document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  const chosen = selection.toString().trim();
  const words = selection.anchorNode?.parentElement?.closest("[data-words]");
  if (!chosen || !words?.contains(selection.focusNode)) return;
  const field = words.closest("[data-excerpt]")?.querySelector("[name=excerpt]");
  if (field) field.value = chosen;
});
