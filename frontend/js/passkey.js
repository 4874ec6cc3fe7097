// A passkey that was refused, cancelled or not found in time: the sentence of the page says what to do.
export function startPasskeys() {
  const status = document.querySelector("[data-passkey-status]");
  if (!status) return;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault(); // told here, not in the console
    status.textContent = "";
    requestAnimationFrame(() => (status.textContent = status.dataset.textRefused));
  });
}
