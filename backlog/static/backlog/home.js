// The number keys open what waits: by the key's place, so that it works whatever one types in.
document.addEventListener("keydown", (event) => {
  const number = !hbKeys.areOff(event) && hbKeys.number(event);
  const thing = number && document.querySelector(`[data-number="${number}"]`);
  if (!thing) return;
  event.preventDefault();
  thing.focus();
  thing.click();
});
