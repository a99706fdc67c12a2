/* A form in a dialog: keeps what was typed, says at each field what to mend. */

import { html, useLayoutEffect, useRef, useState } from "./vendor/htm-preact.js";
import { answered, askAnew, closeDialog, draftName, drafts, submit } from "./acting.js";
import { Field, firstValue } from "./fields.js";
import { Avatar, Icon } from "./markup.js";
import { personOf } from "./looking.js";
import { Modal } from "./modal.js";
import { count, t } from "./texts.js";
import { tellRefused } from "./upload.js";

const start = (form, kept) =>
  Object.fromEntries(form.questions.map((question) => [question.id, kept?.[question.id] ?? firstValue(question)]));

/** A value as it is sent: files by their ids. */
const plain = (value) => (Array.isArray(value) ? value.map((one) => (one?.media_type === undefined ? one : one.id)) : value);

const sent = (form, values) => Object.fromEntries(form.questions.map((one) => [one.id, plain(valueOf(one, values))]));

/** Everything that was typed, also into questions that are not asked now. */
const typed = (form, values) => ({ ...form.kept, ...Object.fromEntries(Object.entries(values).map(([id, value]) => [id, plain(value)])) });

/** The value of a question; one that is asked anew has that of its form. */
const valueOf = (question, values) => values[question.id] ?? firstValue(question);

function focusFirstProblem(form, box) {
  const field = box.querySelector("[aria-invalid=true], .field.wrong :is(input, select, textarea, button)");
  (field || form).focus();
  field?.closest(".field")?.querySelector(".problem")?.scrollIntoView({ block: "nearest" }); // it may be far below what has the focus
}

/** `dialog`: {id, person, form, problems, tries, text}. */
export function FormDialog({ dialog, state }) {
  const { form, problems } = dialog;
  const kept = drafts.get(draftName(dialog));
  const [values, setValues] = useState(() => start(form, kept));
  const [restored, setRestored] = useState(Boolean(kept));
  const [pending, setPending] = useState({});
  const [refused, setRefused] = useState({});
  const box = useRef(null);
  const latest = useRef(values);
  latest.current = values;
  const busy = state.busy.has(`submit:${dialog.id}`);
  const wrong = form.questions.filter((question) => problems[question.id]);
  const waiting = Object.values(pending).some(Boolean);

  useLayoutEffect(() => {
    if (wrong.length) focusFirstProblem(box.current, box.current);
  }, [dialog.tries]);

  const change = (id, value) => {
    setValues((before) => {
      const after = { ...before, [id]: value };
      drafts.set(draftName(dialog), after);
      return after;
    });
    answered(dialog, id);
    if (form.questions.find((question) => question.id === id)?.decides) askAnew(dialog, () => typed(form, { ...latest.current, [id]: value }));
  };
  const send = (event) => {
    event.preventDefault();
    const names = Object.values(refused).flat();
    if (names.length) tellRefused(names);
    else if (!busy && !waiting) submit(dialog, sent(form, values));
  };
  const restart = () => {
    drafts.delete(draftName(dialog));
    setValues(start(form, null));
    setRestored(false);
  };
  const onKey = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && send(event);
  const who = personOf(state, dialog.person);

  return html`<${Modal} label="form-title" className="sheet" notice=${state.notice} onClose=${closeDialog}>
    <form ref=${box} noValidate onSubmit=${send} onKeyDown=${onKey} tabindex="-1">
      <header class="dialog-head">
        <div><h2 id="form-title" dir="auto">${form.title}</h2>
          <p class="as"><${Avatar} person=${who} small /><span dir="auto">${t(form.starts ? "ui.form.files_as" : "ui.form.as", { name: who.name })}</span></p></div>
        <button type="button" class="button quiet square" aria-label=${t("ui.close")} onClick=${closeDialog}><${Icon} name="close" /></button>
      </header>
      <div class="dialog-body">
        ${form.intro && html`<p class="intro" dir="auto">${form.intro}</p>`}
        ${restored && html`<p class="restored"><${Icon} name="undo" />${t("ui.form.restored")}
          <button type="button" class="link" onClick=${restart}>${t("ui.form.restart")}</button></p>`}
        ${wrong.length > 0 && html`<p class="summary" role="alert" key=${dialog.tries}><${Icon} name="alert" />${count("ui.form.problems", wrong.length)}</p>`}
        ${wrong.length === 0 && Object.keys(problems).length > 0 && html`<p class="summary" role="alert"><${Icon} name="alert" />${Object.values(problems).join(" ")}</p>`}
        ${form.questions.map((question, index) => html`<${Field} key=${`${question.id} ${restored}`} question=${question} value=${valueOf(question, values)}
          problem=${problems[question.id]} problems=${form.problems} person=${dialog.person} first=${index === 0} world=${state.world}
          onChange=${(value) => change(question.id, value)} onPending=${(on) => setPending((before) => ({ ...before, [question.id]: on }))}
          onRefused=${(names) => setRefused((before) => ({ ...before, [question.id]: names }))} />`)}
        ${form.route.length > 0 && html`<section class="route" aria-labelledby="form-route" aria-live="polite"><h3 id="form-route">${t("ui.form.route")}</h3>
          <ol>${form.route.map((line) => html`<li key=${line.text}><span class="when">${line.when}</span><span dir="auto">${line.text}</span></li>`)}</ol></section>`}
      </div>
      <footer class="dialog-buttons">
        <span class="fine">${form.questions.some((one) => one.required) && t("ui.form.required")}</span>
        <button type="button" class="button" onClick=${closeDialog}>${t("ui.cancel")}</button>
        <button type="submit" class="button primary" aria-disabled=${busy || waiting ? "true" : null}>${busy ? t("ui.form.sending") : form.submit}</button>
      </footer>
    </form>
  <//>`;
}
