// A form with data-autosave="URL" posts itself while one types. What is typed stays in the page until the server has it:
// a network that fails is tried again with growing pauses, and leaving with unsaved text asks first.
const AFTER_LAST_KEY = 1000; // ms; with a normal answer time, text is safe within two seconds
const LONGEST_WAIT = 8000; // ms; somebody who never stops typing is saved all the same
const FIRST_RETRY = 2000;
const LAST_RETRY = 60000;
const TIMEOUT = 15000;

export function startAutosave() {
  for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form).start();
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
    this.edits = 0; // how many changes were made …
    this.saved = 0; // … and how many of them the server has
    this.unsavedSince = 0;
    this.retryAfter = FIRST_RETRY;
    this.timer = 0;
    this.isSaving = false;
    this.isStopped = false; // after a conflict or a refusal: only the person can go on
    this.isLeaving = false; // the person submits the form
  }

  get isDirty() {
    return this.edits > this.saved;
  }

  start() {
    for (const name of ["input", "change"]) this.form.addEventListener(name, () => this.touch());
    this.form.addEventListener("submit", () => this.leave());
    window.addEventListener("online", () => this.isDirty && this.schedule(0));
    window.addEventListener("beforeunload", (event) => {
      if (this.isDirty && !this.isLeaving) event.preventDefault();
    });
    // Coming back by the browser's history after a submit: the page is alive again.
    window.addEventListener("pageshow", () => {
      this.isLeaving = false;
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.isDirty) this.schedule(0);
    });
  }

  leave() {
    this.isLeaving = true;
    clearTimeout(this.timer);
  }

  touch() {
    if (!this.isDirty) this.unsavedSince = Date.now();
    this.edits += 1;
    if (!this.isSaving) this.scheduleSave();
  }

  scheduleSave() {
    const left = LONGEST_WAIT - (Date.now() - this.unsavedSince);
    this.schedule(Math.max(0, Math.min(AFTER_LAST_KEY, left)));
  }

  schedule(delay) {
    clearTimeout(this.timer);
    if (this.isStopped || this.isLeaving) return;
    this.timer = setTimeout(() => this.save(), delay);
  }

  async save() {
    if (this.isSaving || this.isStopped || this.isLeaving || !this.isDirty) return;
    this.isSaving = true;
    const sent = this.edits;
    const response = await this.post();
    const answer = response && (await response.json().catch(() => null));
    this.isSaving = false;
    this.read(response, answer, sent);
    // Keys pressed while the request was on its way.
    if (this.edits > sent && this.retryAfter === FIRST_RETRY) this.scheduleSave();
  }

  async post() {
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name); // files go by the button
    body.set("autosave", "1");
    try {
      return await fetch(this.form.dataset.autosave, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch {
      return null;
    }
  }

  read(response, answer, sent) {
    if (!response || response.status >= 500 || response.status === 429) return this.retry();
    this.retryAfter = FIRST_RETRY;
    if (response.status === 409) return this.stopForConflict(answer);
    // A page or a redirect instead of JSON: the session has ended, or the right was taken away.
    if (!answer || response.status === 401 || response.status === 403) return this.stop(answer?.message || this.text("refused"));
    const version = this.form.elements.namedItem("version");
    if (version && answer.version !== undefined) version.value = answer.version;
    if (response.ok) {
      this.saved = sent;
      this.unsavedSince = Date.now();
    }
    this.showProgress(answer.progress);
    this.say(answer.message ?? "", response.ok ? "saved" : "problem");
  }

  // «7 sur 12 réponses», for the eye alone: the sentence of the save is the only one announced.
  showProgress(progress) {
    const box = progress && this.form.querySelector("[data-autosave-progress]");
    if (!box) return;
    box.querySelector("progress").value = progress.done;
    box.querySelector("[data-progress-text]").textContent = progress.text;
  }

  retry() {
    this.say(this.text("offline"), "offline");
    this.schedule(this.retryAfter);
    this.retryAfter = Math.min(this.retryAfter * 2, LAST_RETRY);
  }

  stop(message) {
    this.isStopped = true;
    this.say(message, "problem");
  }

  stopForConflict(answer) {
    this.stop(answer?.message || this.text("conflict"));
    if (!this.status) return;
    // Without an address, sending the form as it is leads to the page that shows both texts.
    const way = document.createElement(answer?.conflict_url ? "a" : "button");
    way.className = "govuk-link vg-link-button";
    way.textContent = this.text("conflictLink");
    if (answer?.conflict_url) way.href = answer.conflict_url;
    else {
      way.type = "button";
      way.addEventListener("click", () => this.form.requestSubmit());
    }
    this.status.append(" ", way);
  }

  text(name) {
    return this.status?.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`] ?? "";
  }

  // Written only when it changes: a screen reader announces each save once, and «offline» once per outage.
  say(message, state) {
    if (!this.status) return;
    this.status.dataset.state = state;
    if (this.status.textContent !== message) this.status.textContent = message;
  }
}
