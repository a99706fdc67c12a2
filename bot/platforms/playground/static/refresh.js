/* Fetching what is on the screen, and marking what changed in it. */

import { fetchJson } from "./api.js";
import { get, set } from "./store.js";
import { announce, failed } from "./telling.js";
import { t } from "./texts.js";

const GLOW = 2600; // how long a changed card stays marked
const GATHER = 60; // changes that come together are fetched together

let generation = 0; // answers of older questions are dropped
let caseGeneration = 0; // the same for the case, which is also fetched by itself
let fetching = false;
let again = false; // something changed while the screen was fetched
let timer = 0;

/** The personas whose chats are on the screen. */
const shown = () => [...new Set([get().main, get().pinned].filter(Boolean))];

/** Through whose eyes the case is looked at. */
export const viewer = (state) => state.viewer || state.main;

/** Fetches what is on the screen: soon, once for many changes, and after what is being fetched. */
export function refreshSoon() {
  timer ||= setTimeout(() => {
    timer = 0;
    if (fetching) again = true;
    else refresh();
  }, GATHER);
}

/** Fetches the world, the chats on the screen and the case; marks what changed. */
export async function refresh() {
  generation += 1;
  const mine = generation;
  const people = shown();
  fetching = true;
  again = false;
  try {
    const [world, ...chats] = await Promise.all([
      fetchJson("/api/world"),
      ...people.map((key) => fetchJson("/api/chat", { person: key })),
    ]);
    if (mine !== generation) return;
    const before = get().chats;
    const fresh = Object.fromEntries(people.map((key, index) => [key, chats[index]]));
    const held = heldMessage();
    set({ world, worldAt: Date.now(), chats: { ...before, ...fresh }, problem: "" });
    mark(before, fresh);
    keepFocus(held);
    if (!get().caseId) followLatest();
    await refreshCase();
  } catch (failure) {
    if (mine === generation) failed(failure);
  } finally {
    if (mine === generation) {
      fetching = false;
      if (again) refreshSoon();
    }
  }
}

/** Fetches the case that is open; a person who may not see it is told so. */
export async function refreshCase() {
  caseGeneration += 1;
  const asked = { caseId: get().caseId, person: viewer(get()), generation: caseGeneration };
  const same = () => asked.generation === caseGeneration && get().caseId === asked.caseId && viewer(get()) === asked.person;
  if (!asked.caseId) {
    set({ case: null, caseProblem: "" });
    return;
  }
  try {
    const found = await fetchJson(`/api/case/${encodeURIComponent(asked.caseId)}`, { person: asked.person });
    if (same()) set(found.hidden ? { case: null, caseProblem: found.hidden } : { case: found, caseProblem: "" });
  } catch (failure) {
    if (!same()) return;
    if (failure.status === 404) set({ caseId: null, case: null, caseProblem: "" });
    else set({ case: null, caseProblem: failure.message });
  }
}

function followLatest() {
  const chat = get().chats[get().main];
  const latest = chat?.messages.findLast((message) => message.case);
  if (latest) set({ caseId: latest.case });
}

function mark(before, fresh) {
  const changed = [];
  for (const [key, chat] of Object.entries(fresh)) {
    if (!before[key]) continue;
    const known = new Map(before[key].messages.map((message) => [message.id, message]));
    for (const message of chat.messages) {
      const old = known.get(message.id);
      if (!old) {
        changed.push(message.id);
        if (message.author === "bot") announce(t("ui.live.new", { title: message.card?.title || message.text }));
      } else if (JSON.stringify(old.card) !== JSON.stringify(message.card)) {
        changed.push(message.id);
        announce(t("ui.live.changed", { title: message.card?.title || "" }));
      }
    }
  }
  if (!changed.length) return;
  set((state) => ({ changed: new Set([...state.changed, ...changed]) }));
  setTimeout(() => set((state) => ({ changed: new Set([...state.changed].filter((id) => !changed.includes(id))) })), GLOW);
}

const heldMessage = () => document.activeElement?.closest?.("[data-message]")?.id;

function keepFocus(id) {
  requestAnimationFrame(() => {
    if (id && document.activeElement === document.body) document.getElementById(id)?.focus({ preventScroll: true });
  });
}
