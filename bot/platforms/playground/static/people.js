/* The personas: one click to be somebody else, a pin to see a second one beside. */

import { html } from "./vendor/htm-preact.js";
import { pin, play } from "./looking.js";
import { Clock } from "./clock.js";
import { Avatar, Count, Icon } from "./markup.js";
import { t } from "./texts.js";

function Persona({ person, state }) {
  const current = person.key === state.main;
  const pinned = person.key === state.pinned && !current;
  const pinLabel = t(pinned ? "ui.people.unpin" : "ui.people.pin", { name: person.name });
  return html`<li class=${current ? "persona current" : "persona"}>
    <button type="button" class="who" aria-current=${current ? "true" : null} onClick=${() => play(person.key)}>
      <${Avatar} person=${person} />
      <span class="names"><strong dir="auto">${person.name}</strong><span class="title">${person.title}</span>
        ${person.away && html`<span class="away"><${Icon} name="away" />${person.away_text}</span>`}</span>
      <span class="counts">
        ${person.tasks > 0 && html`<span class="tasks">${t("ui.people.tasks", { count: person.tasks })}</span>`}
        <${Count} number=${person.unread} kind="unread" label=${t("ui.people.unread", { count: person.unread })} />
      </span>
    </button>
    ${!current && html`<button type="button" class="button quiet square pin" aria-pressed=${String(pinned)} aria-label=${pinLabel} title=${pinLabel}
      onClick=${() => pin(person.key)}><${Icon} name=${pinned ? "close" : "columns"} /></button>`}
  </li>`;
}

function groups(people) {
  const found = new Map();
  for (const person of people) {
    if (!found.has(person.department)) found.set(person.department, []);
    found.get(person.department).push(person);
  }
  return [...found];
}

/** The left area: time above, people below. */
export const People = ({ state }) => html`<section class="people" aria-label=${t("ui.people.label")}>
  <${Clock} state=${state} />
  <div class="cast"><h2>${t("ui.people.title")}</h2>
  <p class="lead">${t("ui.people.lead")} <span class="lead-beside">${t("ui.people.lead.beside")}</span></p>
  ${groups(state.world.people).map(([department, people]) => html`<div key=${department} class="group">
    <h3>${department}</h3>
    <ul>${people.map((person) => html`<${Persona} key=${person.key} person=${person} state=${state} />`)}</ul>
  </div>`)}</div>
</section>`;
