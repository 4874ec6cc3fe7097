// «Relire en langage clair»: the advice under a long text follows each save. Nothing is announced: it is there to be
// read when one wants to.
export function startPlainLanguage() {
  document.addEventListener("autosaved", (event) => {
    for (const [name, sentences] of Object.entries(event.detail?.plain_language ?? {})) show(name, sentences);
  });
}

function show(name, sentences) {
  const box = document.querySelector(`[data-plain="${CSS.escape(name)}"]`);
  if (!box) return;
  box.hidden = sentences.length === 0;
  box.querySelector("[data-plain-count]").textContent = sentences.length;
  const lines = sentences.map((sentence) => {
    const line = document.createElement("li");
    line.textContent = sentence;
    return line;
  });
  box.querySelector("[data-plain-list]").replaceChildren(...lines);
}
