// A page without the shell, as the screen on a wall, follows the theme that was chosen in it.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  function follow() {
    let chosen = "auto";
    try {
      chosen = JSON.parse(localStorage.getItem("adminTheme")) ?? "auto";
    } catch {
      // A browser that keeps nothing has no choice to follow.
    }
    document.documentElement.classList.toggle("dark", chosen === "dark" || (chosen === "auto" && system.matches));
  }
  follow();
  system.addEventListener("change", follow);
})();
