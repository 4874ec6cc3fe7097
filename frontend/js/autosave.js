// A form with data-autosave="URL" posts itself while one types. What is typed stays in the page until the server has it:
// a network that fails is tried again with growing pauses, a session that ended is waited for, and leaving with unsaved
// text asks first. What the server does not have is kept by the browser too (unsaved.js), and given back to its author.
import { isTurnedAway, renewToken } from "./session.js";
import { StatusLine, typedIn, wayOut, write } from "./status.js";
import { Unsaved } from "./unsaved.js";

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
    this.status = new StatusLine(
      form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]"),
    );
    this.edits = 0; // how many changes were made …
    this.told = 0; // … how many of them the server has answered, were it «this cannot be saved as typed» …
    this.saved = 0; // … and how many it has
    this.waitingSince = 0; // since when something is typed that the server has not seen
    this.retryAfter = FIRST_RETRY;
    this.timer = 0;
    this.saving = null; // the save on its way
    this.isOffline = false;
    this.isSignedOut = false; // the session has ended: tried again as soon as the person comes back or types
    this.isStopped = false; // after a conflict or a refusal: only the person can go on
    this.isAsking = false; // the form was sent: is the session still there?
    this.isLeaving = false; // it is: the form goes
    this.unsaved = new Unsaved(this.status.owner, form.dataset.autosave);
    this.isKept = false; // by the browser
  }

  get isDirty() {
    return this.edits > this.saved;
  }

  get isWaiting() {
    return this.edits > this.told || this.isSignedOut || this.isOffline;
  }

  start() {
    this.stored = this.shown(); // what the server has, as far as this page knows
    this.bringBack();
    for (const name of ["input", "change"]) this.form.addEventListener(name, () => this.touch());
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("leavesaved", ({ detail }) => this.leaveSaved(detail));
    for (const name of ["online", "focus"]) window.addEventListener(name, () => this.comeBack());
    window.addEventListener("beforeunload", (event) => {
      if (this.isDirty && !this.isLeaving) event.preventDefault();
    });
    // Coming back by the browser's history after a submit: the page is alive again.
    window.addEventListener("pageshow", () => {
      this.isLeaving = false;
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.comeBack();
      else if (this.edits > this.told) this.schedule(0);
    });
  }

  // What a refused page shows of a wrong answer was never saved.
  shown() {
    const shown = typedIn(this.form);
    for (const input of this.form.querySelectorAll(".govuk-form-group--error [name]")) shown[input.name] = null;
    return shown;
  }

  // Over the version that was read then: what somebody else wrote since is compared, not written over.
  bringBack() {
    const version = this.form.elements.namedItem("version");
    const here = Object.entries(this.unsaved.read()).filter(([name]) => name in this.stored);
    const isThere = ([name, one]) => !one.unsettled && String(this.stored[name]) === String(one.values);
    this.unsaved.forget(here.filter(isThere).map(([name]) => name));
    const back = here.filter((one) => !isThere(one));
    if (!back.length) return;
    for (const [name, { values, unsettled }] of back) {
      write(this.form, name, values);
      if (unsettled) this.leaveUnsettled(name);
    }
    if (version) version.value = Math.min(version.value, ...back.map(([, one]) => one.version));
    this.sayBack(Math.max(...back.map(([, one]) => one.at)));
    this.touch();
  }

  // Above the questions, and for good: the line of the save soon says something else.
  sayBack(at) {
    const day = new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
    const notice = Object.assign(document.createElement("p"), { className: "vg-asked" });
    notice.dataset.broughtBack = "";
    notice.textContent = this.status.text("restored").replace("{day}", day);
    this.form.prepend(notice);
    this.status.say(this.status.text("back"), "offline");
  }

  // Kept in the browser: every answer that differs from what the server has.
  keepTyped() {
    const typed = {};
    const unsettled = new FormData(this.form).getAll("unsettled");
    for (const [name, values] of Object.entries(typedIn(this.form))) {
      const isUnsettled = unsettled.includes(name);
      if (!isUnsettled && String(values) === String(this.stored[name])) continue;
      typed[name] = { values, unsettled: isUnsettled };
    }
    this.isKept = this.unsaved.write(typed, Number(this.form.elements.namedItem("version")?.value ?? 0));
  }

  comeBack() {
    if (this.isSignedOut || this.isOffline) this.schedule(0);
  }

  // Sending would leave the page, and what it holds, for the sign-in page: one save first tells whether the way is free.
  async submit(event) {
    clearTimeout(this.timer);
    if (this.isLeaving || this.isStopped) {
      this.isLeaving = true;
      return;
    }
    event.preventDefault();
    if (this.isAsking) return;
    this.isAsking = true;
    await this.saving;
    await this.save();
    this.isAsking = false;
    if (this.isSignedOut || this.isOffline) return;
    clearTimeout(this.timer);
    this.isLeaving = true;
    this.form.requestSubmit(event.submitter ?? undefined);
  }

  // To the same page as it is now: nothing that is typed stays behind.
  async leaveSaved(address) {
    await this.saving;
    if (this.isDirty) await this.save();
    if (this.isDirty || this.isSignedOut || this.isOffline) return;
    this.isLeaving = true;
    const to = new URL(address, location.href);
    const isHere = to.pathname + to.search === location.pathname + location.search;
    location.assign(to);
    if (isHere) location.reload();
  }

  touch() {
    if (this.edits === this.told) this.waitingSince = Date.now();
    this.edits += 1;
    this.keepTyped();
    if (!this.saving) this.scheduleSave();
  }

  scheduleSave() {
    const left = LONGEST_WAIT - (Date.now() - this.waitingSince);
    this.schedule(Math.max(0, Math.min(AFTER_LAST_KEY, left)));
  }

  schedule(delay) {
    clearTimeout(this.timer);
    if (this.isStopped || this.isLeaving) return;
    this.timer = setTimeout(() => this.isWaiting && !this.isLeaving && this.save(), delay);
  }

  save() {
    clearTimeout(this.timer);
    this.saving ??= this.send().finally(() => {
      this.saving = null;
    });
    return this.saving;
  }

  async send() {
    const sent = this.edits;
    this.waitingSince = Date.now();
    const response = await this.reach();
    const answer = response && (await response.json().catch(() => null));
    this.read(response, answer, sent);
    // Keys pressed while the request was on its way.
    if (this.edits > sent && !this.isOffline) this.scheduleSave();
  }

  // The answer to the form; null without network. Who signed in again meanwhile has another token.
  async reach() {
    try {
      if (!this.isSignedOut) {
        const response = await this.post();
        if (!isTurnedAway(response)) return response;
      }
      this.isSignedOut = !(await renewToken(this.form.dataset.autosave, this.status.owner));
      return this.isSignedOut ? null : await this.post();
    } catch {
      return null;
    }
  }

  post() {
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name); // files go by the button
    this.sent = new FormData(this.form);
    this.sentAnswers = typedIn(this.form);
    body.set("autosave", "1");
    return fetch(this.form.dataset.autosave, {
      method: "POST",
      body,
      headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
      credentials: "same-origin",
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
  }

  read(response, answer, sent) {
    if (this.isSignedOut) return this.status.askToSignIn();
    this.isOffline = !response || response.status >= 500 || response.status === 429;
    if (this.isOffline) return this.retry();
    this.retryAfter = FIRST_RETRY;
    if (answer?.other_person) return this.waitForOwner(answer.message);
    if ([400, 409].includes(response.status) && answer?.refused) {
      this.told = sent; // not possible now, or too long: said, and tried again with the next key
      return this.status.say(answer.message, "problem");
    }
    if (response.status === 409 && answer) return this.stopForConflict(answer);
    // The right was taken away, or a page came instead of JSON although somebody is signed in.
    if (!answer || response.status === 401 || response.status === 403) return this.stop(answer?.message || this.status.text("refused"));
    this.follow(answer);
    this.told = sent;
    if (response.ok) this.saved = sent;
    this.showProgress(answer.progress);
    this.form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true, detail: answer }));
    this.status.say(answer.message ?? "", response.ok ? "saved" : "problem");
  }

  // «7 sur 12 réponses», for the eye alone: the sentence of the save is the only one announced.
  showProgress(progress) {
    const box = progress && this.form.querySelector("[data-autosave-progress]");
    if (!box) return;
    box.querySelector("progress").max = progress.total;
    box.querySelector("progress").value = progress.done;
    box.querySelector("[data-progress-text]").textContent = progress.text;
  }

  // From the version the server has now; what somebody else wrote meanwhile is shown, so that it is not sent back undone.
  follow(answer) {
    if (answer?.version !== undefined) this.noteStored(answer);
    const version = this.form.elements.namedItem("version");
    if (version && answer?.version !== undefined) version.value = answer.version;
    for (const name of answer?.unsettled ?? []) this.leaveUnsettled(name);
    for (const [name, values] of Object.entries(answer?.others ?? {})) {
      if (String(new FormData(this.form).getAll(name)) !== String(this.sent.getAll(name))) this.leaveUnsettled(name);
      else write(this.form, name, values);
    }
    this.keepTyped();
  }

  // An answer that names a version has saved what was sent but the answers that it tells.
  noteStored({ errors = {}, unsettled = [], others = {} }) {
    for (const [name, values] of Object.entries(this.sentAnswers)) {
      if (name in others) this.stored[name] = others[name];
      else if (!(name in errors || unsettled.includes(name))) this.stored[name] = values;
    }
  }

  // Two people wrote this answer: whatever is saved after, both texts will be compared.
  leaveUnsettled(name) {
    const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "unsettled", value: name });
    if (!new FormData(this.form).getAll("unsettled").includes(name)) this.form.append(mark);
  }

  retry() {
    this.status.say(this.status.text(this.isKept ? "offlineKept" : "offline"), "offline");
    this.schedule(this.retryAfter);
    this.retryAfter = Math.min(this.retryAfter * 2, LAST_RETRY);
  }

  // Somebody else signed in here: nothing goes under their name; it does as soon as the owner of the page is back.
  waitForOwner(message) {
    this.isSignedOut = true;
    this.keepTyped();
    this.status.say(message, "problem");
  }

  stop(message) {
    this.isStopped = true;
    this.status.say(message, "problem");
  }

  stopForConflict(answer) {
    // Without an address, sending the form as it is leads to the page that shows both texts.
    let way = wayOut(this.status.text("conflictLink"), () => this.form.requestSubmit());
    if (answer?.conflict_url) {
      way = Object.assign(document.createElement("a"), { href: answer.conflict_url, className: way.className, textContent: way.textContent });
    }
    this.follow(answer);
    this.isStopped = true;
    this.status.say(answer?.message || this.status.text("conflict"), "problem", way);
  }
}
