// Loaded before the first paint, so that a person who chose a theme never sees the other one flash.
// Nothing but this choice is ever kept in the browser.
try {
  const theme = localStorage.getItem("data-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage refused by the browser: the system's theme applies.
}
document.documentElement.classList.add("js");
