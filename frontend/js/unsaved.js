// What was typed in a form that saves by itself and the server does not have yet: kept in the browser, question by
// question, under whose text it is and its page. It outlives the tab; it ends once saved, after a week, with the session
// (signing out), and as soon as somebody else signs in here.
const PREFIX = "vigie-unsaved ";
const SENT = "vigie-sent";
const A_WEEK = 7 * 24 * 3600 * 1000;

export function startUnsaved() {
  forgetWhatWasSent();
  forgetWhatIsOver();
  // Sent by its button, or from the page that compares two texts: the answer tells whether it is saved.
  document.addEventListener("submit", ({ target, defaultPrevented }) => defaultPrevented || noteSent(target));
  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", () => keysOf(() => true).forEach((key) => keep(key, null)));
  }
}

export function noteSent(form) {
  const page = pageOf(form.getAttribute("action") ?? "");
  const sent = keysOf((_owner, of) => of === page);
  if (form.method === "post" && sent.length) inTab((tab) => tab.setItem(SENT, JSON.stringify(sent)));
}

export class Unsaved {
  constructor(owner, address) {
    this.key = owner ? `${PREFIX}${owner} ${pageOf(address)}` : "";
    this.ours = new Set(); // the questions that this page wrote: another tab may hold the others
  }

  // {question: {values, version, at, unsettled}}
  read() {
    return this.key ? (read(this.key) ?? {}) : {};
  }

  // False when the browser refuses (full, forbidden): the text is then in the page alone, as without this.
  write(typed, version) {
    if (!this.key) return false;
    const kept = this.read();
    for (const name of this.ours) if (!(name in typed)) delete kept[name];
    for (const [name, { values, unsettled }] of Object.entries(typed)) {
      const isSame = String(kept[name]?.values) === String(values);
      kept[name] = { values, unsettled, version, at: isSame ? kept[name].at : Date.now() };
    }
    this.ours = new Set(Object.keys(typed));
    return keep(this.key, Object.keys(kept).length ? kept : null);
  }

  forget(names) {
    const kept = this.read();
    for (const name of names) delete kept[name];
    keep(this.key, Object.keys(kept).length ? kept : null);
  }
}

// A sending that was accepted leads elsewhere, or back here, by a detour; a refusal and two texts to compare are shown
// at once: these are not saved yet.
function forgetWhatWasSent() {
  inTab((tab) => {
    const sent = JSON.parse(tab.getItem(SENT) ?? "[]");
    tab.removeItem(SENT);
    const [arrival] = performance.getEntriesByType("navigation");
    if (arrival?.redirectCount) for (const key of sent) keep(key, null);
  });
}

function forgetWhatIsOver() {
  const owner = document.querySelector("[data-account]")?.dataset.account;
  for (const key of keysOf((of) => owner && of !== owner)) keep(key, null);
  for (const key of keysOf(() => true)) {
    const young = Object.entries(read(key) ?? {}).filter(([, one]) => Date.now() - one?.at < A_WEEK);
    keep(key, young.length ? Object.fromEntries(young) : null);
  }
}

// The same page in both languages.
function pageOf(address) {
  return new URL(address, location.href).pathname.replace(/^\/(fr|en)\//, "/");
}

function keysOf(wanted) {
  try {
    const all = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    return all.filter((key) => wanted(...key.slice(PREFIX.length).split(" ")));
  } catch {
    return [];
  }
}

function read(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return found && typeof found === "object" ? found : null;
  } catch {
    return null;
  }
}

function keep(key, kept) {
  try {
    if (kept) localStorage.setItem(key, JSON.stringify(kept));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

function inTab(act) {
  try {
    act(sessionStorage);
  } catch {
    // Refused, or not what was written there: nothing is known to be sent.
  }
}
