// Words that lie over other words or are cut off; an empty list if none.
() => {
  const root = document.documentElement;
  const wrong = [];
  if (root.scrollWidth > root.clientWidth) wrong.push(`${root.scrollWidth - root.clientWidth} px too wide`);

  // What sticks to an edge lies over what is beside it; what is scrolled or shortened hides its end: both are meant.
  const layer = (element) => {
    for (let each = element; each; each = each.parentElement)
      if (["fixed", "sticky", "absolute"].includes(getComputedStyle(each).position)) return each;
    return root;
  };

  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      continue;
    if (element.closest("script, style, option, .sr-only, .hb-hidden, .hb-skip, .material-symbols-outlined, [aria-hidden=true]"))
      continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects())
      if (box.width > 1 && box.height > 1) boxes.push({ element, layer: layer(element), box, text: walker.currentNode.data.trim().slice(0, 40) });
  }

  const hides = (style, ...ways) => ways.includes(style.overflowX) || ways.includes(style.overflowY);
  const shortens = (style) => style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
  const seen = boxes.filter(({ element, box, text }) => {
    for (let each = element; each && each !== document.body; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (hides(style, "auto", "scroll") || style.position === "fixed") return true;
      if (!hides(style, "hidden", "clip")) continue;
      const edge = each.getBoundingClientRect();
      if (shortens(style)) return box.top < edge.bottom - 4 && box.left < edge.right - 4;
      const out = Math.max(edge.left - box.left, box.right - edge.right, edge.top - box.top, box.bottom - edge.bottom);
      if (out > 4) wrong.push(`cut off: ${text}`);
      return out <= 4;
    }
    return true;
  });
  for (const [place, one] of seen.entries())
    for (const other of seen.slice(place + 1)) {
      if (one.element === other.element || one.layer !== other.layer) continue;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      // (Line boxes of neighbours touch; letters do not.)
      if (across > 3 && down > Math.min(one.box.height, other.box.height) / 3) wrong.push(`over each other: ${one.text} | ${other.text}`);
    }
  return [...new Set(wrong)].slice(0, 8);
}
