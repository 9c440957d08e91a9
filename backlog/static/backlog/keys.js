// Which key is meant, for all scripts that know keys.
const hbKeys = {
  // What is pressed counts, not where it is: so "z" is where Dvorak and QWERTZ have it. Only where letters
  // are not Latin ("ㅓ" for "j" in the mode of Hangul) the key's place says which one it was.
  name(event) {
    const key = event.key || "";
    if (/^[^\p{Script=Latin}\p{Script=Common}]$/u.test(key)) return (event.code || "").replace("Key", "").toLowerCase();
    return event.shiftKey ? key : key.toLowerCase(); // Caps Lock is often on unnoticed.
  },

  // By its place: AZERTY has other signs there, and the row of numbers is where it is everywhere.
  number: (event) => (event.shiftKey ? undefined : /^(?:Digit|Numpad)([1-9])$/.exec(event.code || "")?.[1]),

  // While somebody writes or composes, and with the keys that are the browser's.
  areOff({ target, isComposing, ctrlKey, metaKey, altKey }) {
    const fields = "input:not([type=radio], [type=checkbox]), select, textarea, dialog *";
    return isComposing || ctrlKey || metaKey || altKey || target.isContentEditable || Boolean(target.matches?.(fields));
  },

  // Calls what `actions` has under the key's name.
  listen(actions) {
    document.addEventListener("keydown", (event) => {
      const name = hbKeys.name(event);
      if (!Object.hasOwn(actions, name) || hbKeys.areOff(event)) return;
      event.preventDefault();
      actions[name]();
    });
  },
};
