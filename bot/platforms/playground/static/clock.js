/* The simulated time: what it is, and the ways to move it. */

import { html, useEffect, useState } from "./vendor/htm-preact.js";
import { moveClock } from "./acting.js";
import { openCase } from "./looking.js";
import { Icon } from "./markup.js";
import { day, hour, simulatedNow, t } from "./texts.js";

const MOST = 5; // of what happened, said one by one
const OFFICE = { open: "dot", closed: "moon", holiday: "flag" };

function useTick() {
  const [now, setNow] = useState(simulatedNow());
  useEffect(() => {
    const timer = setInterval(() => setNow(simulatedNow()), 5000);
    return () => clearInterval(timer);
  }, []);
  const fresh = simulatedNow();
  return Math.abs(fresh - now) > 5000 ? fresh : now;
}

const Office = ({ world }) => html`<span class="office ${world.office}">
  <${Icon} name=${OFFICE[world.office] || "dot"} />${world.office_text}</span>`;

function NextButton({ world, busy }) {
  const { next } = world;
  if (!next) return world.late ? null : html`<p class="nothing-next">${world.idle_text}</p>`;
  return html`<button type="button" class="button accent next" aria-disabled=${busy ? "true" : null} onClick=${() => moveClock("next")}
    title=${next.text}>
    <${Icon} name="next" />
    <span class="next-text"><strong>${t("ui.clock.next")}</strong>
      <span class="what">${next.text}</span> <span class="in">${next.in_text}</span></span>
  </button>`;
}

/** What is overdue, and whether anything will still happen by itself about it. */
const Late = ({ late }) => (late ? html`<p class="late"><${Icon} name="alert" /><span>${late.text}</span>
  <button type="button" class="link" onClick=${() => openCase(late.case)}>${t("ui.clock.open_case", { case: late.case })}</button></p>` : null);

function Happened({ happened }) {
  if (!happened) return null;
  return html`<div class="happened">
    <h3>${t("ui.clock.happened")}</h3>
    ${happened.length ? html`<ul>${happened.slice(0, MOST).map((text, index) => html`<li key=${index} dir="auto">${text}</li>`)}
      ${happened.length > MOST && html`<li>${t("ui.clock.more", { count: happened.length - MOST })}</li>`}</ul>`
      : html`<p>${t("ui.clock.nothing")}</p>`}
  </div>`;
}

/** The clock with its buttons, for the left area. */
export function Clock({ state }) {
  const now = useTick();
  const { world } = state;
  const busy = state.busy.has("clock");
  const move = (what) => html`<button type="button" class="button" aria-disabled=${busy ? "true" : null} onClick=${() => moveClock(what)}>
    ${t(`ui.clock.${what}`)}</button>`;
  return html`<section class="clock" aria-label=${t("ui.clock.label")}>
    <p class="now"><time datetime=${now.toISOString()}>${hour(now)}</time><${Office} world=${world} /></p>
    <p class="date">${day(now)}</p>
    <div class="moves">${move("hour")}${move("working_day")}${move("thirty_days")}</div>
    <${NextButton} world=${world} busy=${busy} />
    ${world.next?.case && html`<button type="button" class="link" onClick=${() => openCase(world.next.case)}>
      ${t("ui.clock.open_case", { case: world.next.case })}</button>`}
    <${Late} late=${world.late} />
    <${Happened} happened=${state.happened} />
    ${world.sample && html`<p class="fine" dir="auto">${world.sample}</p>`}
  </section>`;
}

/** Straight to the next event, where there is no room for more. */
export const Skip = ({ state }) => (state.world.next ? html`<button type="button" class="button accent skip" aria-disabled=${state.busy.has("clock") ? "true" : null}
  title=${state.world.next.text} aria-label=${`${t("ui.clock.next")}: ${state.world.next.text}, ${state.world.next.in_text}`} onClick=${() => moveClock("next")}>
  <${Icon} name="next" />${state.world.next.in_text}</button>` : null);

/** The time alone, for the bar of small screens. */
export function Now({ state }) {
  const now = useTick();
  return html`<span class="top-now"><time datetime=${now.toISOString()}>${hour(now)}</time><${Office} world=${state.world} /></span>`;
}

/** The same in one line, for screens between. */
export function Strip({ state }) {
  const now = useTick();
  const busy = state.busy.has("clock");
  return html`<section class="strip" aria-label=${t("ui.clock.strip")}>
    <span class="strip-now"><time datetime=${now.toISOString()}>${hour(now)}</time> <span class="date">${day(now)}</span></span>
    <${Office} world=${state.world} />
    <${NextButton} world=${state.world} busy=${busy} />
    ${!state.world.next && html`<${Late} late=${state.world.late} />`}
  </section>`;
}
