// The token of a form dies when its person signs in again, in this tab or in another. A fresh copy of a page has the new one.
import { noteSent } from "./unsaved.js";

// True when a fresh token stands in every form of this page; false when nobody is signed in; throws without network. The
// token of another person than `owner` is not taken: the server says why it refuses.
export async function renewToken(address, owner) {
  const response = await fetch(address, {
    headers: { "X-Requested-With": "XMLHttpRequest", Accept: "text/html" },
    credentials: "same-origin",
    redirect: "manual",
    signal: AbortSignal.timeout(15000),
  });
  if (response.status >= 500 || response.status === 429) throw new Error("No answer for now");
  if (response.type === "opaqueredirect" || response.status === 401) return false;
  if (!response.ok) return true; // signed in, and refused: asking again says why
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const account = page.querySelector("[data-account]")?.dataset.account;
  if (owner && account && account !== owner) return true;
  const meta = page.querySelector('meta[name="csrf-token"]');
  const token = meta?.content || page.querySelector('input[name="csrfmiddlewaretoken"]')?.value;
  if (!token) return false;
  for (const input of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) input.value = token;
  document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token);
  return true;
}

// To the sign-in page, or to the page that says the token is not the right one: neither is an answer in JSON.
export function isTurnedAway(response) {
  if (response.type === "opaqueredirect") return true;
  const isJson = response.headers.get("Content-Type")?.includes("json");
  return (response.status === 401 || response.status === 403) && !isJson;
}

// «Envoyer de nouveau», on the page of a refusal: after signing in in another tab, the first press is the good one.
export function startSendAgain() {
  for (const form of document.querySelectorAll("form[data-renew-token]")) {
    let isSending = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isSending) return;
      isSending = true;
      await renewToken(form.dataset.renewToken, form.elements.namedItem("opened_by")?.value).catch(() => false);
      noteSent(form);
      HTMLFormElement.prototype.submit.call(form); // a field may be called «submit»
    });
  }
}
