// What is wrong with the page one looks at, in words; an empty list if nothing is.
(language) => {
  const wrong = [];
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const named = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const text = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true], .material-symbols-outlined").forEach((icon) => icon.remove());
    return copy.textContent.trim();
  };
  const isLabelled = (element) =>
    element.labels?.length || ["aria-label", "aria-labelledby", "title"].some((name) => element.getAttribute(name));

  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) wrong.push(`${root.scrollWidth - root.clientWidth} px too wide`);
  if (root.lang !== language) wrong.push(`lang is "${root.lang}"`);
  if (!document.title.trim()) wrong.push("no title");
  if (all("main").length !== 1) wrong.push(`${all("main").length} main landmarks`);
  if (all("h1").length !== 1) wrong.push(`${all("h1").length} h1`);

  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) wrong.push(`h${level} is followed by ${named(heading)}`);
    level = next;
  }
  // (The search within select2's own list has no name, and no option to give it one.)
  for (const field of all("input:not([type=hidden], .select2-search__field), select, textarea"))
    if (!isLabelled(field)) wrong.push(`no label: ${named(field)}`);
  for (const control of all("a[href], button, summary"))
    if (!text(control) && !isLabelled(control) && !control.querySelector("[alt]:not([alt='']), [title]"))
      wrong.push(`no name: ${named(control)}`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) wrong.push(`id twice: ${id}`);
  return wrong;
}
