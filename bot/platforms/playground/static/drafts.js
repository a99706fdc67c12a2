/* Drafts in a folder: which there are, and one of them in an editor with its errors and its flow. */

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/htm-preact.js";
import { closeDialog } from "./acting.js";
import { fetchJson, newKey, post } from "./api.js";
import { Diagram } from "./diagram.js";
import { Icon } from "./markup.js";
import { Modal } from "./modal.js";
import { CountLegend } from "./rehearsal.js";
import { rehearseDraft } from "./rehearse.js";
import { set } from "./store.js";
import { failed, notify, once } from "./telling.js";
import { count, t } from "./texts.js";

const CALM = 300; // milliseconds without a key, after which the text is checked
const ABOVE = 4; // lines that stay visible above a line to which the editor jumps
const unsaved = new Map(); // texts by file that were left without being saved

/** Shows the drafts. */
const openDrafts = () =>
  once("drafts", async () => {
    const { drafts } = await fetchJson("/api/drafts");
    set({ dialog: { kind: "drafts", id: newKey(), drafts } });
  });

/** In the bar, where the playground plays a folder of drafts. */
export const DraftsButton = ({ state }) => state.world.drafts && html`<button type="button" class="button quiet to-drafts" title=${t("ui.drafts.hint")} onClick=${openDrafts}>
  <${Icon} name="file" /><span class="label">${t("ui.drafts.label")}</span></button>`;

const starts = (text, line) => text.split("\n", line - 1).reduce((sum, one) => sum + one.length + 1, 0);

function jump(area, line) {
  const text = area.value;
  const from = starts(text, line);
  const end = text.indexOf("\n", from);
  area.focus();
  area.setSelectionRange(from, end < 0 ? text.length : end);
  area.scrollTop = Math.max(0, line - ABOVE) * parseFloat(getComputedStyle(area).lineHeight);
}

function Editor({ text, flaws, area, onText, onSave }) {
  const gutter = useRef(null);
  const wrong = new Set(flaws.map((one) => one.line));
  const lines = text.split("\n");
  const follow = () => {
    gutter.current.scrollTop = area.current.scrollTop;
  };
  useLayoutEffect(follow, [text]);
  const keys = (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onSave();
  };
  return html`<div class="draft-editor"><div class="draft-gutter" ref=${gutter} aria-hidden="true">
      ${lines.map((_, index) => html`<span key=${index} class=${wrong.has(index + 1) ? "draft-wrong" : ""}>${index + 1}</span>`)}</div>
    <textarea ref=${area} wrap="off" spellcheck=${false} autocomplete="off" autocapitalize="off" data-first aria-label=${t("ui.drafts.text")} aria-describedby="draft-flaws"
      value=${text} onInput=${(event) => onText(event.target.value)} onScroll=${follow} onKeyDown=${keys}></textarea></div>`;
}

const Flaw = ({ one, area }) => html`<li><button type="button" class="draft-flaw" disabled=${!one.line} onClick=${() => jump(area.current, one.line)}>
  <span class="draft-line">${one.line ? t("ui.drafts.line", { line: one.line }) : ""}</span>
  <span><strong dir="auto">${one.text}</strong>${one.where && html` <code>${one.where}</code>`}
    ${one.hint && html`<span class="fine" dir="auto">→ ${one.hint}</span>`}</span></button></li>`;

const Flaws = ({ seen, area }) => html`<section id="draft-flaws" class="draft-flaws" role="status">
  <p class=${seen.flaws.length ? "draft-state bad" : "draft-state"}><${Icon} name=${seen.flaws.length ? "alert" : "check"} />
    ${seen.flaws.length ? count("ui.drafts.flaws", seen.flaws.length) : t("ui.drafts.no_flaws")}</p>
  ${seen.flaws.length > 0 && html`<ul>${seen.flaws.map((one, index) => html`<${Flaw} key=${index} one=${one} area=${area} />`)}</ul>`}</section>`;

const nodeLine = (text, id) => 1 + text.split("\n").findIndex((line) => line.replace(/\s/g, "").startsWith(`id="${id}"`));

function Draft({ draft, onSaved, place, drafts }) {
  const [text, change] = useState(unsaved.get(draft.file) ?? draft.text);
  const [seen, see] = useState(null);
  const [drawn, draw] = useState(null);
  const area = useRef(null);
  const dirty = text !== draft.text;
  useLayoutEffect(() => {
    if (!place) return;
    area.current.focus();
    area.current.setSelectionRange(place.from, place.from);
    area.current.scrollTo(place.left, place.top);
  }, []);
  useEffect(() => {
    let wanted = true;
    const check = async () => {
      try {
        const found = await post("/api/drafts/check", { file: draft.file, text });
        if (!wanted) return;
        see(found);
        if (found.diagram) draw(found.diagram);
      } catch (failure) {
        failed(failure);
      }
    };
    const timer = setTimeout(check, seen ? CALM : 0);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [text]);
  const onText = (fresh) => {
    if (fresh === draft.text) unsaved.delete(draft.file);
    else unsaved.set(draft.file, fresh);
    change(fresh);
  };
  const save = () =>
    once("draft", async () => {
      const { mark, flaws, version } = await post("/api/drafts", { file: draft.file, text, mark: draft.mark });
      unsaved.delete(draft.file);
      onSaved({ ...draft, text, mark });
      if (flaws) notify(t("ui.drafts.saved_flaws", { file: draft.file }), { tone: "warn" });
      else notify(t("ui.drafts.saved", { file: draft.file, version }), { tone: "good" });
    });
  const rehearse = () => {
    const { selectionStart: from, scrollLeft: left, scrollTop: top } = area.current;
    rehearseDraft({ draft: text, file: draft.file }, { kind: "drafts", drafts, file: draft.file, place: { from, left, top } });
  };
  const toNode = (id) => {
    const line = nodeLine(text, id);
    if (line) jump(area.current, line);
  };
  return html`<div class="draft-body"><${Editor} text=${text} flaws=${seen?.flaws ?? []} area=${area} onText=${onText} onSave=${save} />
    <div class="draft-side">${seen && html`<${Flaws} seen=${seen} area=${area} />`}
      ${drawn && html`<div class="draft-flow"><${Diagram} diagram=${drawn} node="" name=${t("ui.drafts.flow")} onNode=${toNode} whole still />
        <ul class="legend fine" aria-label=${t("ui.rehearsal.legend")}><${CountLegend} /></ul>
        ${seen && !seen.diagram && html`<p class="fine">${t("ui.drafts.flow_old")}</p>`}</div>`}</div>
    <div class="dialog-buttons"><span class="fine">${dirty ? t("ui.drafts.unsaved") : ""}</span>
      <button type="button" class="button" onClick=${rehearse}><${Icon} name="rehearse" />${t("ui.rehearsal.start")}</button>
      <button type="button" class="button primary" aria-disabled=${dirty ? null : "true"} onClick=${() => dirty && save()}>${t("ui.drafts.save")}</button></div></div>`;
}

const lineOf = (one) => [one.file, one.name, one.flaws ? count("ui.drafts.flaws", one.flaws) : t("ui.drafts.version", { version: one.version })].filter(Boolean).join(" · ");

/** The drafts, and the one that is edited. */
export function DraftsDialog({ dialog, state }) {
  const [drafts, list] = useState(dialog.drafts);
  const [file, choose] = useState(dialog.file ?? dialog.drafts[0]?.file ?? "");
  const [draft, open] = useState(null);
  const fetchDraft = async () => {
    try {
      list((await fetchJson("/api/drafts")).drafts);
      const fresh = file ? await fetchJson(`/api/drafts/${encodeURIComponent(file)}`) : null;
      open((shown) => (shown?.file === fresh?.file && shown?.mark === fresh?.mark ? shown : fresh));
    } catch (failure) {
      failed(failure);
    }
  };
  useEffect(() => {
    fetchDraft();
  }, [file, state.world.revision]);
  const saved = (fresh) => {
    open(fresh);
    fetchDraft();
  };
  return html`<${Modal} label="drafts-title" className="drafts" notice=${state.notice} onClose=${closeDialog}>
    <header class="dialog-head"><h2 id="drafts-title">${t("ui.drafts.title")}</h2>
      <select aria-label=${t("ui.drafts.choose")} value=${file} onChange=${(event) => choose(event.target.value)}>
        ${drafts.map((one) => html`<option key=${one.file} value=${one.file}>${lineOf(one)}</option>`)}</select>
      <button type="button" class="button quiet square" aria-label=${t("ui.close")} onClick=${closeDialog}><${Icon} name="close" /></button></header>
    ${draft && draft.file === file && html`<${Draft} key=${`${draft.file} ${unsaved.has(file) ? "" : draft.mark}`} draft=${draft} onSaved=${saved} drafts=${drafts} place=${file === dialog.file ? dialog.place : null} />`}
    ${!drafts.length && html`<p class="dialog-body">${t("ui.drafts.none")}</p>`}
  <//>`;
}
