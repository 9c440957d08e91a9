// The number keys answer a ballot: by the key's place, so that it works whatever one types in.
document.addEventListener("keydown", (event) => {
  const number = !hbKeys.areOff(event) && hbKeys.number(event);
  const button = number && document.querySelector(`.hb-answer[data-number="${number}"]`);
  if (!button) return;
  event.preventDefault();
  const reason = button.form.elements.reason;
  if ("needsReason" in button.dataset && !reason.value.trim()) reason.focus();
  else button.click();
});
