/* One question of a form, by its type; with label, hint, counter and what is wrong. */

import { html, useEffect } from "./vendor/htm-preact.js";
import { Icon } from "./markup.js";
import { number, t } from "./texts.js";
import { Rows } from "./rows.js";
import { FileList, PickButton, useUploads } from "./upload.js";

const FEW = 5; // up to so many choices are shown at once

/** What a question starts with. */
export function firstValue(question) {
  const { value, type } = question;
  if (type === "files") return question.files || [];
  if (type === "rows") return Array.isArray(value) ? value : question.required ? [{}] : [];
  if (type === "choices") return Array.isArray(value) ? value : [];
  return value === null || value === undefined ? "" : String(value);
}

function options(question, world) {
  if (question.choices?.length) return question.choices;
  if (question.type === "person") return world.people.map((person) => ({ id: person.key, label: `${person.name} · ${person.title}` }));
  return [...new Set(world.people.map((person) => person.department))].map((name) => ({ id: name, label: name }));
}

const Choice = ({ question, value, onChange, marks, world }) => {
  const all = options(question, world);
  if (question.type === "choice" && all.length <= FEW) {
    return html`<div class="options" role="radiogroup" ...${marks} id=${undefined} aria-labelledby=${`${marks.id}-label`}>
      ${all.map((option, index) => html`<label key=${option.id} class="option"><input type="radio" name=${marks.id} value=${option.id}
        id=${index === 0 ? marks.id : null} checked=${value === option.id} onChange=${() => onChange(option.id)} data-first=${marks["data-first"] && index === 0 ? "" : null} /><span dir="auto">${option.label}</span></label>`)}
    </div>`;
  }
  return html`<select ...${marks} value=${value} onChange=${(event) => onChange(event.target.value)}>
    <option value="">${t("ui.form.choose")}</option>
    ${all.map((option) => html`<option key=${option.id} value=${option.id} selected=${option.id === value}>${option.label}</option>`)}
  </select>`;
};

const Choices = ({ question, value, onChange, marks, world }) => {
  const toggle = (id) => onChange(value.includes(id) ? value.filter((one) => one !== id) : [...value, id]);
  return html`<div class="options" role="group" aria-labelledby=${`${marks.id}-label`} aria-describedby=${marks["aria-describedby"]}>
    ${options(question, world).map((option, index) => html`<label key=${option.id} class="option"><input type="checkbox" value=${option.id} id=${index === 0 ? marks.id : null}
      checked=${value.includes(option.id)} aria-invalid=${marks["aria-invalid"]} onChange=${() => toggle(option.id)} /><span dir="auto">${option.label}</span></label>`)}
  </div>`;
};

function Files({ question, value, onChange, onPending, onRefused, person, marks, world }) {
  const uploads = useUploads(person, { accept: question.accept, endings: question.endings, accepts: question.accept_text, limit: world.file_most, most: question.max_files || 5, first: value });
  useEffect(() => {
    onPending(uploads.pending);
    onRefused(uploads.items.filter((item) => item.problem).map((item) => item.name));
    const kept = uploads.kept();
    if (kept.map((file) => file.id).join() !== value.map((file) => file.id).join()) onChange(kept);
  }, [uploads.items]);
  return html`<div class=${uploads.over ? "dropzone over" : "dropzone"} ...${uploads.drop} onPaste=${uploads.onPaste}>
    <div class="drop-invite"><${PickButton} uploads=${uploads} label=${t("ui.upload.pick")} wide id=${marks.id} aria-describedby=${marks["aria-describedby"]} />
      <span class="fine">${t("ui.upload.drop")}</span></div>
    <${FileList} uploads=${uploads} />
  </div>`;
}

function Plain({ question, value, onChange, marks }) {
  const input = (event) => onChange(event.target.value);
  switch (question.type) {
    case "long_text":
      return html`<textarea ...${marks} rows="4" dir="auto" value=${value} onInput=${input}></textarea>`;
    case "number":
    case "money":
      return html`<input ...${marks} type="text" inputmode="decimal" autocomplete="off" value=${value} onInput=${input} />`;
    case "date":
    case "time":
      return html`<input ...${marks} type=${question.type} value=${value} onInput=${input} />`;
    default:
      return html`<input ...${marks} type="text" dir="auto" autocomplete="off" value=${value} onInput=${input} />`;
  }
}

const KINDS = { choice: Choice, person: Choice, department: Choice, choices: Choices, files: Files, rows: Rows };
const GROUPS = new Set(["choices", "rows"]);
const COUNTED = new Set(["text", "long_text"]);

function Counter({ question, value }) {
  if (!COUNTED.has(question.type) || !question.max) return null;
  const length = [...value].length;
  const near = length > question.max * 0.8 || question.type === "long_text";
  return near ? html`<span class=${length > question.max ? "counter over" : "counter"} aria-hidden="true">${number(length)} / ${number(question.max)}</span>` : null;
}

/** A whole field. */
export function Field({ question, value, problem, problems, person, first, world, onChange, onPending, onRefused }) {
  const id = `field-${question.id}`;
  const hints = [question.hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  const marks = { id, "aria-describedby": hints || null, "aria-invalid": problem ? "true" : null, "aria-required": question.required ? "true" : null, "data-first": first ? "" : null };
  const View = KINDS[question.type] || Plain;
  const grouped = GROUPS.has(question.type) || (question.type === "choice" && (question.choices || []).length <= FEW);
  const label = html`${question.label}${question.required && html`<span class="star" aria-hidden="true"> *</span>`}`;
  return html`<div class=${problem ? "field wrong" : "field"} data-field=${question.id}>
    <div class="field-head">${grouped ? html`<span class="field-label" id=${`${id}-label`}>${label}</span>` : html`<label class="field-label" id=${`${id}-label`} for=${id}>${label}</label>`}
      <${Counter} question=${question} value=${value} /></div>
    ${question.hint && html`<p class="hint" id=${`${id}-hint`}>${question.hint}</p>`}
    <${View} question=${question} value=${value} onChange=${onChange} onPending=${onPending} onRefused=${onRefused} person=${person} marks=${marks} world=${world} problems=${problems} />
    ${problem && html`<p class="problem" id=${`${id}-problem`}><${Icon} name="alert" />${problem}</p>`}
  </div>`;
}
