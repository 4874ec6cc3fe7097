// What an autosave changes elsewhere on its page: counters, marks «wanted now», questions that an answer adds. The
// sentence is announced by the line of the save; here it stands near the answer, with the way to what came.
const shown = new Map();

export function startQuestions() {
  document.addEventListener("autosaved", ({ target, detail }) => {
    for (const [name, html] of Object.entries(detail?.parts ?? {})) renew(name, html);
    if (detail?.wanted) {
      for (const mark of target.querySelectorAll("[data-wanted]")) mark.hidden = !detail.wanted.includes(mark.dataset.wanted);
    }
    if (detail?.progress) tell(target, detail.asked);
  });
}

function renew(name, html) {
  const part = document.querySelector(`[data-part="${name}"]`);
  if (!part || shown.get(name) === html || part.contains(document.activeElement)) return;
  part.innerHTML = html;
  shown.set(name, html);
}

function tell(form, asked) {
  const before = form.querySelector("[data-asked]");
  if (!asked) return before?.remove();
  const group = asked.near && form.querySelector(`[name="${CSS.escape(asked.near)}"]`)?.closest(".govuk-form-group");
  const way = Object.assign(document.createElement("a"), { className: "govuk-link", href: asked.href, textContent: asked.link });
  way.addEventListener("click", (event) => {
    event.preventDefault();
    form.dispatchEvent(new CustomEvent("leavesaved", { detail: asked.href }));
  });
  const notice = Object.assign(document.createElement("p"), { className: "vg-asked" });
  notice.dataset.asked = "";
  notice.append(asked.sentence, " ", way);
  if (group) {
    before?.remove();
    group.after(notice);
  } else if (before) before.replaceWith(notice);
  else form.querySelector("[data-autosave-bar]")?.before(notice);
}
