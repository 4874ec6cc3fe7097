// Light or dark: the system's choice until the person makes one, which is then the only thing kept in the browser.
const KEY = "data-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");

function current() {
  return document.documentElement.dataset.theme || (system.matches ? "dark" : "light");
}

function show(button) {
  const isDark = current() === "dark";
  const label = button.querySelector("[data-theme-label]");
  if (label) label.textContent = isDark ? button.dataset.textLight : button.dataset.textDark;
}

function choose(theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage refused: the choice holds for this page.
  }
}

export function startThemeSwitch() {
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    show(button);
    button.addEventListener("click", () => {
      choose(current() === "dark" ? "light" : "dark");
      show(button);
    });
    system.addEventListener("change", () => show(button));
  }
}
