// The line under a form that says what became of what was typed; every sentence stands in the page (data-text-*).
export class StatusLine {
  constructor(element) {
    this.element = element;
    this.bar = element?.closest("[data-autosave-bar]");
    window.addEventListener("resize", () => this.makeReachable());
  }

  // Whose text it is.
  get owner() {
    return this.element?.dataset.owner ?? "";
  }

  text(name) {
    return this.element?.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`] ?? "";
  }

  // Written for each save, also for the second of a minute, and else only when it changes: a screen reader announces
  // each save once, and «offline» once per outage.
  say(message, state, way) {
    if (!this.element) return;
    const words = way ? `${message} ${way.textContent}` : message;
    if (state) this.element.dataset.state = state;
    else delete this.element.dataset.state;
    if (state === "saved" || this.element.textContent !== words) this.element.replaceChildren(message, ...(way ? [" ", way] : []));
    this.makeReachable();
  }

  askToSignIn() {
    const way = document.createElement("a");
    way.className = "govuk-link";
    way.textContent = this.text("signInLink");
    way.href = this.element?.dataset.signIn ?? "";
    way.target = "_blank";
    way.rel = "noopener";
    this.say(this.text("signedOut"), "problem", way);
  }

  // The bar is low (a quarter of the screen at most): what does not fit in it is scrolled to, by keyboard too.
  makeReachable() {
    if (!this.bar) return;
    if (this.bar.scrollHeight > this.bar.clientHeight + 1) this.bar.tabIndex = 0;
    else this.bar.removeAttribute("tabindex");
  }
}

export function wayOut(text, act) {
  const way = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  way.className = "govuk-link vg-link-button";
  way.addEventListener("click", act);
  return way;
}

// Answers as a form holds them: a text, the one that is chosen, those that are checked.
export function write(form, name, values) {
  for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type=hidden])`)) {
    if (/radio|checkbox/.test(input.type)) input.checked = values.includes(input.value);
    else input.value = values[0] ?? "";
  }
}

const TYPED = "input:not([type=hidden], [type=password], [type=file]), textarea, select";

export function isTyped(input) {
  return Boolean(input.name) && input.matches(TYPED);
}

// Question → what is answered.
export function typedIn(form) {
  const found = {};
  for (const input of form.querySelectorAll(TYPED)) {
    if (!input.name) continue;
    const isChoice = /radio|checkbox/.test(input.type);
    found[input.name] ??= [];
    if (!isChoice || input.checked) found[input.name].push(input.value);
  }
  return found;
}
