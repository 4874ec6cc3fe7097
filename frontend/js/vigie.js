// Everything here makes a page that already works more comfortable; every sentence comes from the page (data-text-*).
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
  isSupported,
} from "govuk-frontend";
import htmx from "htmx.org";

import { startAutosave } from "./autosave.js";
import { startDrafts } from "./draft.js";
import { startMenus } from "./menu.js";
import { startPasskeys } from "./passkey.js";
import { startPlainLanguage } from "./plain-language.js";
import { startQuestions } from "./questions.js";
import { startSendAgain } from "./session.js";
import { startThemeSwitch } from "./theme-switch.js";
import { startUnsaved } from "./unsaved.js";

const COMPONENTS = [Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, ServiceNavigation, SkipLink];

function startComponents(scope) {
  for (const component of COMPONENTS) createAll(component, undefined, scope);
}

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
startDrafts(); // before the counts of characters: a text may come back
startUnsaved();
startAutosave();
if (isSupported()) startComponents(document);
startThemeSwitch();
startMenus();
startPasskeys();
startPlainLanguage();
startQuestions();
startSendAgain();

// Staff pages carry the token; Django refuses a POST without it.
document.addEventListener("htmx:config:request", ({ detail }) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) detail.ctx.request.headers["X-CSRFToken"] = token;
});
document.addEventListener("htmx:after:swap", ({ target }) => {
  if (target instanceof HTMLElement && isSupported()) startComponents(target);
});

export { htmx };
