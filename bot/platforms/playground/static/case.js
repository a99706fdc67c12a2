/* The case: where it stands, who has it, what time is left, what happens next, what happened. */

import { html } from "./vendor/htm-preact.js";
import { openDiagram } from "./acting.js";
import { Buttons } from "./card.js";
import { Skip } from "./clock.js";
import { Diagram } from "./diagram.js";
import { Files } from "./files.js";
import { goTo, messageFor, openCase, personOf, play } from "./looking.js";
import { Avatar, Badge, Icon, Typed } from "./markup.js";
import { Menu } from "./menu.js";
import { RehearseOffers, RehearseThis } from "./rehearsal.js";
import { viewer } from "./refresh.js";
import { set } from "./store.js";
import { t } from "./texts.js";

const Section = ({ title, children, extra, open = true, name }) => html`<details class="section" open=${open} data-section=${name}>
  <summary><h3>${title}</h3><${Icon} name="down" /></summary>${extra}${children}
</details>`;

function CaseLine({ one }) {
  return html`<span class="case-line"><span class="talk-head"><span class="number">${one.id}</span><${Badge} text=${one.status_text} tone=${one.tone} /></span>
    <strong dir="auto">${one.title}</strong>
    <span class="fine" dir="auto">${[one.node_text, one.filer_name, one.due_text].filter(Boolean).join(" · ")}</span></span>`;
}

function Chooser({ state }) {
  const { cases } = state.world;
  const items = cases.map((one) => ({ id: one.id, current: one.id === state.caseId, content: html`<${CaseLine} one=${one} />`, onSelect: () => openCase(one.id, { stay: true }) }));
  return html`<${Menu} items=${items} label=${t("ui.case.choose")} className="button quiet"><span class="number">${state.caseId || t("ui.case.choose")}</span><//>`;
}

/** The newcomer's path: who must act now, and one click to be that person. */
function Waiting({ open, state }) {
  const tasks = open.tasks.filter((task) => task.status === "open" && task.people.length);
  if (!tasks.length) return null;
  return tasks.map((task) => html`<section key=${task.id} class="waiting-for ${task.tone || ""}" aria-label=${t("ui.case.waiting_for")}>
    <p class="waiting-title"><span>${t("ui.case.waiting_for")}</span> <strong>${task.title}</strong>
      ${task.due_text && html`<span class="due ${task.tone || ""}"><${Icon} name="clock" />${task.due_text}</span>`}</p>
    <ul>${task.people.map((who) => {
      const persona = personOf(state, who.key);
      const mine = who.key === viewer(state);
      return html`<li key=${who.key}>${persona ? html`<button type="button" class=${mine ? "button player mine" : "button player"} aria-disabled=${mine ? "true" : null} onClick=${() => !mine && play(who.key, { talk: open.id })}>
        <${Avatar} person=${persona} small /><span dir="auto">${who.name}</span>
        <span class="play">${mine ? t("ui.case.that_is_you") : html`<${Icon} name="play" />${t("ui.people.play")}`}</span></button>` : who.name}</li>`;
    })}</ul>
  </section>`);
}

const DIRECT = 3; // so many buttons stand there at once, the others are under "more"
const CLOCK_ICONS = { running: "play", paused: "pause", stopped: "stop" };

const Clocks = ({ clocks }) => html`<ul class="bars">${clocks.map((clock) => {
  const share = Math.max(0, Math.min(1, clock.share || 0));
  return html`<li key=${clock.key} class="bar ${clock.tone || "neutral"} ${clock.status}">
    <p class="bar-head"><strong>${clock.name}</strong><span class="left"><${Icon} name=${clock.tone === "danger" ? "alert" : CLOCK_ICONS[clock.status] || "clock"} />${clock.left_text}</span></p>
    <div class="track" role="meter" aria-label=${clock.name} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(share * 100)} aria-valuetext=${clock.left_text}>
      <span style=${{ width: `${share * 100}%` }}></span></div>
    <p class="fine"><span>${t(`ui.case.clock.${clock.status}`)}</span>${clock.due_text && html` · ${clock.due_text}`}${clock.provisional_text && html` · ${clock.provisional_text}`}</p>
  </li>`;
})}</ul>`;

const AHEAD_ICONS = { reminder: "bell", escalation: "up", due: "flag", lapse: "stop" };

const Ahead = ({ ahead }) => html`<p class="lead">${t("ui.case.ahead_lead")}</p>
  <ol class="ahead">${ahead.map((one, index) => html`<li key=${index} class=${one.kind}>
    <${Icon} name=${AHEAD_ICONS[one.kind] || "clock"} /><span dir="auto">${one.text}</span>
    <span class="when"><strong>${one.in_text}</strong><span>${one.at_text}</span></span></li>`)}</ol>`;

function Event({ event, state }) {
  const message = messageFor(event, state);
  const who = state.world.people.some((one) => one.name === event.who) ? event.who : "";
  const named = who && event.text.startsWith(who);
  const text = html`<span dir="auto">${who && html`<strong>${who}</strong>`}${who && !named ? " " : ""}${named ? event.text.slice(who.length) : event.text}</span>`;
  return html`<li class="event ${event.kind}">
    <span class="when">${event.at_text}</span>
    <div>${message ? html`<button type="button" class="event-link" title=${t("ui.case.show_message")} onClick=${() => goTo(message)}>${text}<${Icon} name="chat" /></button>` : html`<p>${text}</p>`}
      ${event.quote && html`<${Typed} text=${event.quote} quote />`}<${Files} files=${event.files} person=${viewer(state)} /></div>
  </li>`;
}

function History({ open, state }) {
  const name = open.diagram.nodes.find((node) => node.id === state.node)?.label;
  const events = open.history.toReversed().filter((event) => !name || event.node === state.node);
  return html`${name && html`<p class="filter"><${Icon} name="filter" /><span>${t("ui.case.only", { node: name })}</span>
      <button type="button" class="link" onClick=${() => set({ node: null })}>${t("ui.case.all_events")}</button></p>`}
    ${events.length ? html`<ol class="history">${events.map((event) => html`<${Event} key=${event.seq} event=${event} state=${state} />`)}</ol>`
      : html`<p class="fine">${t("ui.case.no_events")}</p>`}`;
}

const Fields = ({ fields, person }) => html`<dl class="fields">${fields.map((field, index) => html`<div key=${index}><dt>${field.label}</dt>
  <dd>${field.value && html`<${Typed} text=${field.value} />`}<${Files} files=${field.files} person=${person} /></dd></div>`)}</dl>`;

const Documents = ({ documents }) => html`<ul class="documents">${documents.map((one) => html`<li key=${one.url}><a class="button" href=${one.url} target="_blank" rel="noopener">
  <${Icon} name="file" />${one.label}</a></li>`)}</ul>`;

const different = (buttons) => buttons.filter((one, index) => buttons.findIndex((other) => other.verb === one.verb && other.label === one.label) === index);

function Whole({ open, state }) {
  const may = different(open.may);
  return html`<div class="case-title"><h2 dir="auto">${open.title}</h2>
      <p class="case-meta"><${Badge} text=${open.status_text} tone=${open.tone} /><span dir="auto">${t("ui.case.filed_by", { name: open.filer.name })}</span><span>${open.created_text}</span></p>
      <${Buttons} buttons=${may.slice(0, DIRECT)} more=${may.slice(DIRECT)} person=${viewer(state)} place=${`case ${open.id}`} state=${state} />
      ${state.viewer && html`<p class="fine" dir="auto">${t("ui.case.seen_as", { name: personOf(state, state.viewer).name })}</p>`}</div>
    <${Waiting} open=${open} state=${state} />
    <${Section} name="flow" title=${t("ui.case.flow")}><${Diagram} diagram=${open.diagram} node=${state.node} />
      <div class="under-flow"><button type="button" class="button quiet enlarge" onClick=${openDiagram}><${Icon} name="expand" />${t("ui.case.enlarge")}</button>
      <${RehearseThis} state=${state} name=${open.process} /></div><//>
    ${open.clocks.length > 0 && html`<${Section} name="clocks" title=${t("ui.case.clocks")}><${Clocks} clocks=${open.clocks} /><//>`}
    ${open.ahead.length > 0 && html`<${Section} name="ahead" title=${t("ui.case.ahead")}><${Ahead} ahead=${open.ahead} /><//>`}
    <${Section} name="history" title=${t("ui.case.history")}><${History} open=${open} state=${state} /><//>
    ${open.fields.length > 0 && html`<${Section} name="fields" title=${t("ui.case.fields")}><${Fields} fields=${open.fields} person=${viewer(state)} /><//>`}
    ${open.documents.length > 0 && html`<${Section} name="documents" title=${t("ui.case.documents")}><${Documents} documents=${open.documents} /><//>`}`;
}

function Nothing({ state }) {
  const { cases, commands } = state.world;
  if (!cases.length) return html`<div class="case-empty"><${Icon} name="flow" /><p>${t("ui.case.none", { command: commands[0].text })}</p><${RehearseOffers} state=${state} /></div>`;
  return html`<div class="case-empty">${state.caseProblem && html`<p role="status"><${Icon} name="eye" /> ${state.caseProblem}</p>`}
    <h2>${t("ui.case.choose")}</h2>
    <ul class="case-list">${cases.map((one) => html`<li key=${one.id}><button type="button" aria-current=${one.id === state.caseId ? "true" : null} onClick=${() => openCase(one.id, { stay: true })}><${CaseLine} one=${one} /></button></li>`)}</ul><${RehearseOffers} state=${state} /></div>`;
}

/** The right area. */
export const CaseView = ({ state }) => html`<section class="case" aria-label=${t("ui.case.label")}>
  <header class="case-head"><span class="area-name">${t("ui.tabs.case")}</span>${state.world.cases.length > 0 && html`<${Chooser} state=${state} />`}<${Skip} state=${state} /></header>
  <div class="case-body" aria-busy=${state.caseId && !state.case && !state.caseProblem ? "true" : null}>${state.case ? html`<${Whole} key=${state.case.id} open=${state.case} state=${state} />` : (!state.caseId || state.caseProblem) && html`<${Nothing} state=${state} />`}</div>
</section>`;
