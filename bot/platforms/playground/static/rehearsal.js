/* A rehearsal while it is played, and what came of it: flow, coverage, findings, verdict. */

import { html, useEffect, useRef } from "./vendor/htm-preact.js";
import { Diagram } from "./diagram.js";
import { Icon } from "./markup.js";
import { Menu } from "./menu.js";
import { Modal } from "./modal.js";
import { chooseDraft, hideRehearsal, lookAt, rehearse, showRehearsal, stopRehearsal } from "./rehearse.js";
import { number, t } from "./texts.js";

const TONES = { good: "check", danger: "alert", warn: "stop", info: "rehearse" };
const STATES = { seen: "check", part: "half", ahead: "ring", missed: "skip" };

const Mark = ({ state }) => html`<span class=${`mark-of ${state}`}><${Icon} name=${STATES[state]} /></span>`;

// ------------------------------------------------------------------ how to begin

/** In the bar: begins one, or shows the one that is running. */
export function RehearseButton({ state }) {
  const { rehearsal } = state;
  const { processes } = state.world;
  if (rehearsal?.going_on) {
    return html`<button type="button" class="button accent rehearsing" title=${t("ui.rehearsal.show", { name: rehearsal.name })} onClick=${showRehearsal}>
      <${Icon} name="rehearse" /><span class="label">${t("ui.rehearsal.running")}</span><span class="hidden">${rehearsal.name}</span></button>`;
  }
  const face = html`<${Icon} name="rehearse" /><span class="label">${t("ui.rehearsal.start")}</span>`;
  const items = processes.map((one) => ({ id: one.key, label: t("ui.rehearsal.title", { name: one.name }), onSelect: () => rehearse(one.key) }));
  items.push({ id: " draft", label: t("ui.rehearsal.draft"), onSelect: chooseDraft });
  return html`<${Menu} items=${items} label=${t("ui.rehearsal.choose")} className="button quiet to-rehearse" plain>${face}<//>`;
}

/** Where there is room: every process with what a rehearsal is good for. */
export const RehearseOffers = ({ state }) => state.world.processes.length > 0 && html`<section class="offers-rehearsal">
  <h2>${t("ui.rehearsal.offer")}</h2><p class="fine">${t("ui.rehearsal.lead")}</p>
  ${state.world.processes.map((one) => html`<button type="button" key=${one.key} class="button" onClick=${() => rehearse(one.key)}>
    <${Icon} name="rehearse" /><span dir="auto">${one.name}</span></button>`)}
  <button type="button" class="button quiet" onClick=${chooseDraft}><${Icon} name="file" />${t("ui.rehearsal.draft")}</button>
</section>`;

/** Puts the view away, or goes back to the draft that was rehearsed. */
function Away({ state, label, first }) {
  if (state.back) return html`<button type="button" class="button" data-first=${first} onClick=${hideRehearsal}><${Icon} name="file" />${t("ui.drafts.back")}</button>`;
  return html`<button type="button" class="button quiet square" data-first=${first} aria-label=${label} title=${label} onClick=${hideRehearsal}><${Icon} name="close" /></button>`;
}

/** What keeps a draft from being rehearsed: it would not be published either. */
export const FlawsDialog = ({ dialog, state }) => html`<${Modal} label="flaws-title" className="showing flaws" notice=${state.notice} onClose=${hideRehearsal}>
  <header class="dialog-head"><h2 id="flaws-title">${t("ui.rehearsal.flaws", { file: dialog.file })}</h2>
    <${Away} state=${state} label=${t("ui.close")} /></header>
  <div class="dialog-body findings" tabindex="0" role="region" aria-labelledby="flaws-title"><ul>${dialog.flaws.map((one, index) => html`<li key=${index} class="finding">
    <p class="finding-what"><${Icon} name="alert" /><strong dir="auto">${one.text}</strong></p><p class="finding-place"><code>${one.place}</code> ${one.where && html`<code>${one.where}</code>`}</p>
    ${one.hint && html`<p><span class="fine">${t("ui.rehearsal.hint")}</span> <span dir="auto">${one.hint}</span></p>`}</li>`)}</ul></div>
  <div class="dialog-buttons"><button type="button" class="button primary" data-first onClick=${chooseDraft}>${t("ui.rehearsal.draft_again")}</button></div>
<//>`;

/** Under the flow of a case: its own process. */
export function RehearseThis({ state, name }) {
  const process = state.world.processes.find((one) => one.name === name);
  return process && html`<button type="button" class="button quiet rehearse-this" onClick=${() => rehearse(process.key)}>
    <${Icon} name="rehearse" />${t("ui.rehearsal.start_process")}</button>`;
}

// ------------------------------------------------------------------ the view

const Verdict = ({ rehearsal }) => html`<div class=${`verdict ${rehearsal.verdict.tone}`} role="status">
  <${Icon} name=${TONES[rehearsal.verdict.tone]} /><p><strong>${rehearsal.verdict.text}</strong>
  ${rehearsal.verdict.detail && html` <span>${rehearsal.verdict.detail}</span>`}</p></div>`;

const Now = ({ now }) => html`<div class="now-played">
  <p class="now-what"><span class="way-number">${t("ui.rehearsal.now", { number: number(now.number) })}</span>
    <strong dir="auto">${now.text}</strong>${now.note && html`<span class="fine">${now.note}</span>`}</p>
  <p class="now-when fine"><span>${now.at_text}</span><span>${t("ui.rehearsal.in", { time: now.in_text })}</span></p>
  <p class="now-trail fine" aria-label=${t("ui.rehearsal.trail")}>${now.trail.map((name, index) => html`<span key=${index}>${name}</span>`)}</p>
</div>`;

const Counters = ({ rehearsal }) => html`<section class="counters"><h3>${t("ui.rehearsal.coverage")}</h3>
  <ul>${rehearsal.tallies.map((one) => html`<li key=${one.kind} class=${one.covered === one.all ? "full" : ""}>
    <span class="counter-label">${one.label}</span>
    <span class="counter-number">${one.covered === one.all && html`<${Icon} name="check" />`}<span><b>${one.covered}</b>/${one.all}</span></span>
    <span class="track" role="meter" aria-label=${one.label} aria-valuemin="0" aria-valuemax=${one.all} aria-valuenow=${one.covered}
      aria-valuetext=${t("ui.rehearsal.of", { covered: one.covered, all: one.all })}><span style=${{ width: `${(100 * one.covered) / one.all}%` }}></span></span></li>`)}</ul>
  <p class="fine">${rehearsal.size_text} · ${t("ui.rehearsal.passed", { time: rehearsal.passed_text })}</p>
</section>`;

const Script = ({ steps, title }) => steps.length > 0 && html`<details class="script"><summary>${title}</summary>
  <ol>${steps.map((step, index) => html`<li key=${index}><span class="fine">${step.at_text}</span> <span dir="auto">${step.text}</span></li>`)}</ol></details>`;

const nodeName = (rehearsal, id) => rehearsal.diagram.nodes.find((one) => one.id === id)?.label;

const Finding = ({ one, rehearsal }) => html`<li class="finding"><p class="finding-what"><${Icon} name="alert" /><strong dir="auto">${one.text}</strong></p>
  <p class="finding-place"><code>${one.place}</code> <code>${one.where}</code></p>
  <p><span class="fine">${t("ui.rehearsal.hint")}</span> <span dir="auto">${one.hint}</span></p>
  ${one.concerns && html`<p class="fine">${one.concerns}</p>`}
  <${Script} steps=${one.script} title=${t("ui.rehearsal.script")} />
  ${one.node && html`<button type="button" class="link" onClick=${() => lookAt(one.node)}>${t("ui.rehearsal.show_node", { name: nodeName(rehearsal, one.node) })}</button>`}</li>`;

const Findings = ({ rehearsal }) => html`<section class="findings"><h3>${t("ui.rehearsal.findings")}${rehearsal.findings.length > 0 && html` <span class="count-of">${rehearsal.findings.length}</span>`}</h3>
  ${rehearsal.findings.length ? html`<ul>${rehearsal.findings.map((one) => html`<${Finding} key=${`${one.code} ${one.where}`} one=${one} rehearsal=${rehearsal} />`)}</ul>`
    : html`<p class="fine">${t(rehearsal.stage === "done" ? "ui.rehearsal.no_findings_at_all" : "ui.rehearsal.no_findings")}</p>`}</section>`;

function Thing({ one }) {
  const said = html`<span dir="auto">${one.text}</span> <span class="fine">${one.state_text}</span>`;
  return html`<li class=${`thing ${one.state}`}><${Mark} state=${one.state} />
    ${one.script.length ? html`<${Script} steps=${one.script} title=${said} />` : html`<p>${said}</p>`}</li>`;
}

function Part({ part }) {
  const box = useRef(null);
  useEffect(() => box.current.scrollIntoView({ block: "start" }), [part.id]);
  return html`<section class="looked-at" ref=${box} aria-live="polite"><header><h3 dir="auto">${part.name}</h3>
      <button type="button" class="button quiet square" aria-label=${t("ui.rehearsal.part_close")} onClick=${() => lookAt(part.id)}><${Icon} name="close" /></button></header>
    <ul class="things">${part.items.map((one, index) => html`<${Thing} key=${index} one=${one} />`)}</ul>
    ${part.trails.length > 0 && html`<p class="came">${part.came_text}</p><ul class="trails">${part.trails.map((trail, index) => html`<li key=${index} class="now-trail fine">
      ${trail.map((name, place) => html`<span key=${place}>${name}</span>`)}</li>`)}</ul>${part.more_text && html`<p class="fine">${part.more_text}</p>`}`}
  </section>`;
}

const Parts = ({ rehearsal, part }) => html`<section class="parts"><h3>${t("ui.rehearsal.parts")}</h3>
  <ul>${rehearsal.parts.map((one) => html`<li key=${one.id}><button type="button" aria-pressed=${String(part === one.id)} onClick=${() => lookAt(one.id)}>
    <${Mark} state=${one.state} /><span dir="auto">${one.name}</span><span class="fine">${one.state_text}</span><b>${one.covered}/${one.all}</b></button></li>`)}</ul></section>`;

const Who = ({ groups }) => groups.length > 0 && html`<details class="who-gets"><summary><h3>${t("ui.rehearsal.who")}</h3></summary>
  ${groups.map((group, index) => html`<div key=${index}><p class="fine">${group.who}</p>
    <dl>${group.gets.map((one) => html`<div key=${one.node}><dt>${one.node}</dt><dd>${one.to}</dd></div>`)}</dl></div>`)}</details>`;

/** What the counts on the nodes of a flow mean. */
export const CountLegend = () => html`<li><b>x/y</b>${t("ui.rehearsal.legend.ends")}</li><li><${Icon} name="bell" /><b>x/y</b>${t("ui.rehearsal.legend.rungs")}</li>`;

const LEGEND = ["seen", "part", "ahead", "missed"];

function Legend({ over }) {
  const shown = LEGEND.filter((state) => state !== (over ? "ahead" : "missed"));
  return html`<ul class="legend fine" aria-label=${t("ui.rehearsal.legend")}>${shown.map((state) => html`<li key=${state}><${Mark} state=${state} />${t(`ui.rehearsal.legend.${state}`)}</li>`)}<${CountLegend} /></ul>`;
}

function Buttons({ rehearsal, state }) {
  const busy = state.busy.has("rehearse");
  return html`<div class="dialog-tools">${rehearsal.going_on
    ? html`<button type="button" class="button" onClick=${stopRehearsal}><${Icon} name="stop" />${t("ui.rehearsal.stop")}</button>`
    : html`<button type="button" class="button" aria-disabled=${busy ? "true" : null} onClick=${() => (rehearsal.draft ? chooseDraft() : rehearse(rehearsal.process))}>
      <${Icon} name=${rehearsal.draft ? "file" : "reset"} />${t(rehearsal.draft ? "ui.rehearsal.draft_again" : "ui.rehearsal.again")}</button>`}
    <${Away} state=${state} first label=${t(rehearsal.going_on ? "ui.rehearsal.hide" : "ui.close")} /></div>`;
}

/** The whole view; it stays open when the rehearsal ends. */
export function RehearsalDialog({ state }) {
  const { rehearsal, part } = state;
  if (!rehearsal) return null;
  const chosen = rehearsal.part && rehearsal.part.id === part ? rehearsal.part : null;
  return html`<${Modal} label="rehearsal-title" className="rehearsal" notice=${state.notice} onClose=${hideRehearsal}>
    <header class="dialog-head"><h2 id="rehearsal-title" dir="auto">${t("ui.rehearsal.title", { name: rehearsal.name })}${rehearsal.draft && html` <code>${rehearsal.file}</code>`}</h2>
      <${Buttons} rehearsal=${rehearsal} state=${state} /></header>
    <div class=${`rehearsal-body ${rehearsal.stage}`} tabindex="-1">
      <div class="rehearsal-top"><${Verdict} rehearsal=${rehearsal} />${rehearsal.going_on && rehearsal.now && html`<${Now} now=${rehearsal.now} />`}</div>
      <div class="rehearsal-flow"><${Diagram} diagram=${rehearsal.diagram} node=${part} name=${t("ui.rehearsal.flow")} onNode=${lookAt} whole still />
        <${Legend} over=${!rehearsal.going_on} /></div>
      <div class="rehearsal-side">
        ${chosen ? html`<${Part} part=${chosen} />` : html`<p class="fine part-hint">${t("ui.rehearsal.part_hint")}</p>`}
        <${Counters} rehearsal=${rehearsal} /><${Findings} rehearsal=${rehearsal} />
        ${rehearsal.parts.length > 0 && html`<${Parts} rehearsal=${rehearsal} part=${part} />`}<${Who} groups=${rehearsal.groups} />
      </div>
    </div>
  <//>`;
}
