// Words that are too faint on their ground for WCAG 2.2 AA, with the ratio; an empty list if none.
() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return { red, green, blue, alpha: alpha / 255 };
  };
  const over = (top, below, opacity = 1) => {
    const alpha = top.alpha * opacity;
    const mix = (name) => top[name] * alpha + below[name] * (1 - alpha);
    return { red: mix("red"), green: mix("green"), blue: mix("blue"), alpha: 1 };
  };
  const luminance = ({ red, green, blue }) => {
    const linear = (value) => (value / 255 <= 0.04045 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const ancestors = (element) => (element ? [...ancestors(element.parentElement), element] : []);
  const ground = (element) =>
    ancestors(element).reduce(
      (below, each) => over(rgba(getComputedStyle(each).backgroundColor), below),
      rgba("white"),
    );
  const opacity = (element) => ancestors(element).reduce((sum, each) => sum * getComputedStyle(each).opacity, 1);

  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest("script, style, [aria-hidden=true], .material-symbols-outlined, .hb-hidden, :disabled")) continue;
    const style = getComputedStyle(element);
    const below = ground(element);
    const ink = over(rgba(style.color), below, opacity(element));
    const [dark, light] = [luminance(ink), luminance(below)].sort((one, other) => one - other);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) faint.push(`${ratio.toFixed(1)}: ${text.slice(0, 40)}`);
  }
  return [...new Set(faint)];
}
