/* Starts the page: texts, world, chats; then draws the state whenever it changes. */

import { html, render, useEffect, useReducer } from "./vendor/htm-preact.js";
import { keepAddress, readAddress } from "./address.js";
import { Failure, fetchJson, listen } from "./api.js";
import { refresh, refreshSoon } from "./refresh.js";
import { announce } from "./telling.js";
import { CaseView } from "./case.js";
import { Chat } from "./chat.js";
import { Strip } from "./clock.js";
import { Dialogs } from "./dialog.js";
import { Notice } from "./notice.js";
import { People } from "./people.js";
import { lookOn } from "./rehearse.js";
import { get, readPrefs, set, subscribe } from "./store.js";
import { Tabs, Top, useWords } from "./top.js";
import { t } from "./texts.js";

function App() {
  const [, redraw] = useReducer((n) => n + 1, 0);
  useEffect(() => subscribe(redraw), []);
  const state = get();
  if (!state.ready) {
    return html`<main class="starting">${state.problem && html`<p role="alert">${state.problem}</p>
      <button type="button" class="button primary" onClick=${() => location.reload()}>↻</button>`}</main>`;
  }
  const pinned = state.pinned && state.pinned !== state.main ? state.pinned : null;
  return html`<div class=${pinned ? "app two" : "app"} data-tab=${state.tab}>
    <${Top} state=${state} />
    <div class="second-bar"><${Strip} state=${state} /><${Tabs} state=${state} /></div>
    <main class="areas">
      <${People} state=${state} />
      <div class="chats">
        <${Chat} key=${state.main} person=${state.main} state=${state} main />
        ${pinned && html`<${Chat} key=${`beside ${pinned}`} person=${pinned} state=${state} />`}
      </div>
      <${CaseView} state=${state} />
    </main>
    ${!state.dialog && html`<${Notice} notice=${state.notice} />`}
    <${Dialogs} state=${state} />
  </div>`;
}

let stored = -1; // the revision of the last change that was stored

function choose(world, prefs) {
  const known = (key) => world.people.some((person) => person.key === key);
  const offered = world.offers.find((offer) => known(offer.person))?.person;
  const asked = readAddress(world.people);
  const main = asked.main || (known(prefs.main) ? prefs.main : offered || world.people[0]?.key);
  return { main, caseId: asked.caseId, pinned: known(prefs.pinned) && prefs.pinned !== main ? prefs.pinned : null };
}

function keys(event) {
  const typing = event.target.closest?.("input, textarea, select, dialog, [role=menu]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = [...document.querySelectorAll(".composer textarea")].find((one) => one.offsetParent);
  if (!box) return;
  event.preventDefault();
  box.focus();
  if (!box.value) {
    box.value = "/";
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Fetches what changed: what was stored, and what a rehearsal shows. */
function hear({ revision, committed }) {
  if (committed !== stored) {
    stored = committed;
    refreshSoon();
  }
  if (revision !== committed || get().rehearsal?.going_on) lookOn();
}

async function start() {
  const prefs = readPrefs();
  const language = document.documentElement.lang === "en" ? "en" : "zh";
  set({ language, theme: prefs.theme || "auto" });
  try {
    const [texts, world] = await Promise.all([fetchJson("/api/texts"), fetchJson("/api/world")]);
    set({ texts, world, worldAt: Date.now(), ...choose(world, prefs), ready: true });
    useWords();
    keepAddress();
    await refresh();
    lookOn();
    listen(world.revision, {
      onChange: hear,
      onState: (online) => {
        if (online && !get().online) {
          refreshSoon();
          lookOn();
        }
        if (online !== get().online) {
          set({ online });
          announce(t(online ? "ui.live.back" : "ui.live.lost"));
        }
      },
    });
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    set({ problem: failure.message || "closeloop: no answer from the server · 服务器没有回应" });
  }
}

addEventListener("keydown", keys);
setInterval(() => document.visibilityState === "visible" && get().ready && refreshSoon(), 60000);
render(html`<${App} />`, document.getElementById("app"));
start();
