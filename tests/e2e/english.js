// Words of the interface that are still English on a Korean page. What customers, colleagues and
// machines wrote may be in any language: looked at is only what names and explains it.
() => {
  const chrome =
    "h2, h3, h4, thead th, label, legend, button, summary, dt, nav, header p, [role=alert], [role=status], " +
    ".hb-button, .hb-link, .hb-pill, .hb-empty, p.hb-sub, .hb-warning, .text-subtle, .help";
  const written = ".hb-sub a, .hb-crumbs li:last-child, [lang=en], [data-words], label .hb-strong, blockquote, code, kbd, option, [aria-hidden=true], .material-symbols-outlined";
  const known = /^(Hearback|English|EN|API|CSV|NPS|CSAT|CES|JSON|read|admin|[a-z]+:write|[A-Z]+-\d+|[\w.+-]+@[\w.…-]+)( \d+| ·)?$/;
  const found = [];
  const report = (kind, words) => {
    if (/[A-Za-z]{2}/.test(words) && !/[가-힣]/.test(words) && !known.test(words)) found.push(`${kind}: ${words}`);
  };
  for (const element of document.querySelectorAll("body *")) {
    if (!element.checkVisibility() || element.closest(written) || !element.closest(chrome)) continue;
    const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    report("English", own.map((node) => node.data).join(" ").replace(/\s+/g, " ").trim());
  }
  for (const name of ["aria-label", "placeholder", "title"])
    // (SimpleBar and select2, within unfold and Django, have these in English only.)
    for (const element of document.querySelectorAll(`[${name}]:not([aria-label="scrollable content"], .select2 *)`))
      if (!element.closest(written)) report(`English ${name}`, element.getAttribute(name));
  return [...new Set(found)];
}
