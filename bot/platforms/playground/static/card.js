/* A neutral card: the same one that Slack and Telegram render. */

import { html } from "./vendor/htm-preact.js";
import { press } from "./acting.js";
import { Files } from "./files.js";
import { openCase } from "./looking.js";
import { Badge, Icon, Typed } from "./markup.js";
import { Menu } from "./menu.js";
import { t } from "./texts.js";

const FACT_ICONS = { warn: "clock", danger: "alert", good: "check" };

const Facts = ({ facts }) => (facts?.length ? html`<dl class="facts">
  ${facts.map((fact, index) => html`<div key=${index} class=${`fact ${fact.tone || "neutral"}${fact.value.length > 60 || fact.value.includes("\n") ? " wide" : ""}`}>
    <dt>${fact.label}</dt><dd dir="auto">${FACT_ICONS[fact.tone] && html`<${Icon} name=${FACT_ICONS[fact.tone]} />`}${fact.value}</dd></div>`)}
</dl>` : null);

const Lines = ({ card, person }) => (card.lines?.length ? html`<div class="lines">
  ${card.lines_title && html`<h4>${card.lines_title}</h4>`}
  <ol>${card.lines.map((line, index) => html`<li key=${index}>
    ${line.when && html`<span class="when">${line.when}</span>`}
    <div>${line.case_id ? html`<button type="button" class="link" onClick=${() => openCase(line.case_id, { as: person })} dir="auto">${line.text}</button>` : html`<span dir="auto">${line.text}</span>`}
      ${line.quote && html`<${Typed} text=${line.quote} quote />`}</div></li>`)}</ol>
</div>` : null);

const Items = ({ card, person, place, state }) => (card.items?.length ? html`<div class="items">
  ${card.items_title && html`<h4>${card.items_title}</h4>`}
  <ol>${card.items.map((item, index) => html`<li key=${index}>
    <div><span class="item-text" dir="auto">${item.text}</span> <span class="item-detail">${item.detail}</span>
      ${item.quote && html`<${Typed} text=${item.quote} quote />`}</div>
    ${item.button && html`<${Buttons} buttons=${[item.button]} person=${person} place=${place} state=${state} />`}</li>`)}</ol>
</div>` : null);

/** The buttons of a card or a case; while one of them is under way, none takes another press. */
export function Buttons({ buttons, more = [], person, place, state }) {
  if (!buttons?.length && !more?.length) return null;
  const busy = state.busy.has(`press:${place}`);
  const act = (button) => !busy && press(person, button, place);
  const styles = { primary: "button primary", danger: "button danger", default: "button" };
  return html`<div class="buttons" aria-busy=${busy ? "true" : null}>
    ${(buttons || []).map((button) => html`<button type="button" key=${button.token} class=${styles[button.style] || "button"} data-verb=${button.verb}
      aria-disabled=${busy ? "true" : null} onClick=${() => act(button)}>${button.label}</button>`)}
    ${more?.length > 0 && html`<${Menu} label=${t("ui.card.more_label")} className="button" inactive=${busy}
      items=${more.map((button) => ({ id: button.token, label: button.label, verb: button.verb, danger: button.style === "danger", onSelect: () => act(button) }))}>
      ${t("ui.card.more")}<//>`}
  </div>`;
}

/** A title whose case number is never broken. */
function whole(title, number) {
  const at = number ? title.indexOf(number) : -1;
  return at < 0 ? title : html`${title.slice(0, at)}<span class="number">${number}</span>${title.slice(at + number.length)}`;
}

/** One card as this person sees it. */
export function CardView({ card, person, place, state }) {
  const tone = card.badge?.tone || "neutral";
  const named = card.case_id && card.title.includes(card.case_id);
  return html`<div class="card ${tone}" data-kind=${card.kind}>
    <div class="card-head">
      <h4 class="card-title" dir="auto">${whole(card.title, card.case_id)}</h4>
      ${card.badge && html`<${Badge} ...${card.badge} />`}
      ${card.case_id && html`<button type="button" class="button quiet open-case" onClick=${() => openCase(card.case_id, { as: person })}
        aria-label=${t("ui.card.open_case", { case: card.case_id })} title=${t("ui.card.open_case", { case: card.case_id })}>
        ${!named && html`<span class="number">${card.case_id}</span>`}<${Icon} name="flow" /></button>`}
    </div>
    ${card.text && html`<p class="card-text" dir="auto">${card.text}</p>`}
    <${Facts} facts=${card.facts} />
    ${card.quote && html`<${Typed} text=${card.quote} quote />`}
    <${Items} card=${card} person=${person} place=${place} state=${state} />
    <${Lines} card=${card} person=${person} />
    <${Files} files=${card.files} person=${person} />
    <${Buttons} buttons=${card.buttons} more=${card.more} person=${person} place=${place} state=${state} />
    ${card.note && html`<p class="note" dir="auto">${tone === "good" && html`<${Icon} name="check" />`}${card.note}</p>`}
  </div>`;
}
