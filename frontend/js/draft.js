// A form that does not save by itself (it holds a [data-draft-status]): leaving with unsaved text asks first, sending
// without network stays on the page, and what was typed comes back to this tab after a detour or a crash. Kept in
// sessionStorage, which ends with the tab, under whose text it is; forgotten once saved.
import { StatusLine, isTyped, typedIn, wayOut, write } from "./status.js";

const PREFIX = "vigie-draft ";

export function startDrafts() {
  forgetWhatWasSaved();
  for (const status of document.querySelectorAll("[data-draft-status]")) new Draft(status).start();
  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", () => keys().forEach((key) => keep(key, null)));
  }
}

class Draft {
  constructor(status) {
    this.form = status.closest("form");
    this.status = new StatusLine(status);
    // Not `form.action`: a button may be called so.
    this.address = new URL(this.form.getAttribute("action") ?? "", location.href).pathname;
    // Several forms of one page may go to one address: each with its own id.
    const part = this.form.getAttribute("id") ?? "";
    this.key = `${PREFIX}${status.dataset.owner} ${this.address}${part && `#${part}`}`;
    this.isRefused = Boolean(document.querySelector(".govuk-error-summary")); // what it shows was never saved
    this.isUnsaved = "unsaved" in status.dataset; // and neither was this, typed on the page before
    this.isLeaving = false; // the form goes
    this.isStuck = false; // there was no network
  }

  start() {
    this.defaults = typedIn(this.form);
    this.bringBack();
    for (const name of ["input", "change"]) this.form.addEventListener(name, (event) => this.touch(event.target));
    this.form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.isDirty && !this.isLeaving) event.preventDefault();
    });
    window.addEventListener("pageshow", () => {
      this.isLeaving = false;
    });
    window.addEventListener("online", () => this.isStuck && this.status.say(this.status.text("online"), "saved"));
  }

  get isDirty() {
    return this.isUnsaved || Boolean(read(this.key));
  }

  touch(input) {
    if (!isTyped(input)) return;
    const kept = read(this.key) ?? { version: this.version?.value, fields: {} };
    const values = typedIn(this.form)[input.name];
    if (!this.isRefused && String(values) === String(this.defaults[input.name])) delete kept.fields[input.name];
    else kept.fields[input.name] = values;
    keep(this.key, Object.keys(kept.fields).length ? kept : null);
  }

  get version() {
    return this.form.elements.namedItem("version");
  }

  // Over the version that the person had read then: what somebody else wrote since is compared, not written over.
  bringBack() {
    const kept = read(this.key);
    if (!kept) return;
    keep(this.key, { ...kept, isSent: false });
    const changed = Object.entries(kept.fields).filter(([name, values]) => {
      return name in this.defaults && String(this.defaults[name]) !== String(values);
    });
    if (!changed.length) return;
    for (const [name, values] of changed) write(this.form, name, values);
    for (let fold = this.form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (this.version && kept.version !== undefined) this.version.value = kept.version;
    this.status.say(this.status.text("restored"), "offline", wayOut(this.status.text("erase"), () => this.erase()));
  }

  erase() {
    keep(this.key, null);
    this.isLeaving = true;
    location.replace(location.pathname + location.search);
  }

  // Sending without network would leave the page for that of the browser. Should the browser be wrong about it, or the
  // session over, what was typed is kept: it comes back with this page, or with the one that asks to sign in.
  submit(event) {
    this.isStuck = !navigator.onLine;
    if (this.isStuck) {
      event.preventDefault();
      return this.status.say(this.status.text("offline"), "problem");
    }
    const kept = read(this.key);
    if (kept) keep(this.key, { ...kept, isSent: true });
    this.isLeaving = true;
  }
}

// A sending that was accepted leads elsewhere, or back here, by a detour; a refusal is shown at once, and so is the page
// that asks to sign in again: what was sent to it is not saved yet.
function forgetWhatWasSaved() {
  const [arrival] = performance.getEntriesByType("navigation");
  for (const key of keys()) {
    const kept = read(key);
    if (kept?.isSent) keep(key, arrival?.redirectCount ? null : { ...kept, isSent: false });
  }
}

function keys() {
  try {
    return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

// A browser may refuse (full, forbidden): the text is then in the page alone, as without this.
function keep(key, kept) {
  try {
    sessionStorage.removeItem(key);
    if (kept) sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // Nothing to do.
  }
}
