/* Everything that can be done, in one place: views call these and draw the state. */

import { Failure, fetchJson, newKey, post } from "./api.js";
import { get, set, writePrefs } from "./store.js";
import { t } from "./texts.js";

const GLOW = 2600; // how long a changed card stays marked
const GATHER = 60; // changes that come together are fetched together

let generation = 0; // answers of older questions are dropped
let timer = 0;
let noticeNumber = 0;

/** The persona with this key. */
export const person = (key) => get().world.people.find((one) => one.key === key);

/** The personas whose chats are on the screen. */
export const shown = () => [...new Set([get().main, get().pinned].filter(Boolean))];

// ------------------------------------------------------------------ telling

/** Shows a short notice, and says it to readers of screens. */
export function notify(text, { tone = "neutral", retry = null } = {}) {
  if (!text) return;
  noticeNumber += 1;
  set({ notice: { id: noticeNumber, text, tone, retry } });
}

export const dismiss = () => set({ notice: null });

/** Says something politely to readers of screens only. */
export function announce(text) {
  const place = document.getElementById("announcer");
  place.textContent = "";
  requestAnimationFrame(() => {
    place.textContent = text;
  });
}

function failed(failure, retry = null) {
  if (!(failure instanceof Failure)) throw failure;
  notify(failure.message, { tone: "danger", retry: failure.lost ? retry : null });
}

// ------------------------------------------------------------------ fetching

/** Fetches what is on the screen, soon and once for many changes. */
export function refreshSoon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, GATHER);
}

/** Fetches the world, the chats on the screen and the case; marks what changed. */
export async function refresh() {
  generation += 1;
  const mine = generation;
  const people = shown();
  const asked = get().caseId;
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
    if (!asked) followLatest();
    await refreshCase();
  } catch (failure) {
    if (mine === generation) failed(failure);
  }
}

async function refreshCase() {
  const { caseId, main } = get();
  if (!caseId) {
    set({ case: null, caseProblem: "" });
    return;
  }
  try {
    const found = await fetchJson(`/api/case/${encodeURIComponent(caseId)}`, { person: main });
    if (get().caseId === caseId && get().main === main) set({ case: found, caseProblem: "" });
  } catch (failure) {
    if (get().caseId !== caseId || get().main !== main) return;
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

// ------------------------------------------------------------------ looking around

/** Becomes this persona; with `talk`, in that conversation. */
export async function play(key, { talk } = {}) {
  const { main, pinned, talks } = get();
  const patch = { main: key, tab: get().tab === "people" ? "chat" : get().tab, target: null };
  if (key === pinned) patch.pinned = main;
  if (talk !== undefined) patch.talks = { ...talks, [key]: talk };
  set(patch);
  writePrefs();
  const persona = person(key);
  announce(t("ui.people.now", { name: persona.name }));
  await refresh();
}

/** Shows a second chat beside, or puts it away. */
export function pin(key) {
  set((state) => ({ pinned: state.pinned === key || key === state.main ? null : key }));
  writePrefs();
  refreshSoon();
}

/** Opens a conversation of a persona: a case, or everything (null). */
export function openTalk(key, caseId) {
  set((state) => ({ talks: { ...state.talks, [key]: caseId } }));
  if (caseId) openCase(caseId, { stay: true });
}

/** Opens a case in the case view. */
export function openCase(caseId, { stay = false } = {}) {
  const same = get().caseId === caseId;
  set({ caseId, node: same ? get().node : null, ...(same ? {} : { case: null, caseProblem: "" }), ...(stay ? {} : { tab: "case" }) });
  refreshCase();
}

/** Says that this persona has seen the conversation. */
export async function markRead(key, caseId) {
  try {
    await post("/api/read", { person: key, case: caseId ?? null });
    refreshSoon();
  } catch (failure) {
    failed(failure);
  }
}

/** Scrolls to a message of the main persona's chat. */
export function goTo(message) {
  const { main, talks } = get();
  const talk = talks[main] ?? null;
  set({
    tab: "chat",
    talks: talk && talk !== message.case ? { ...talks, [main]: null } : talks,
    target: { person: main, message: message.id, at: Date.now() },
  });
}

/** The message of the main persona that an event of a case led to, or null. */
export function messageFor(event) {
  const { main, chats, caseId } = get();
  const mine = (chats[main]?.messages || []).filter((message) => message.case === caseId);
  if (event.message) return mine.find((message) => message.id === event.message) || null;
  const at = Date.parse(event.at);
  return mine.find((message) => Date.parse(message.at) >= at - 1000 && Date.parse(message.at) <= at + 120000) || null;
}

/** Filters the history by a node and shows the newest message about it. */
export function showNode(node) {
  const { node: now, case: open } = get();
  if (now === node) {
    set({ node: null });
    return;
  }
  set({ node });
  const about = open.history.filter((event) => event.node === node).map(messageFor).filter(Boolean);
  if (about.length && innerWidth >= 760) goTo(about.at(-1));
}

// ------------------------------------------------------------------ acting

/** Runs something once: while it runs, `busy` has its name and a second call does nothing. */
async function once(name, work, retry = null) {
  if (get().busy.has(name)) return false;
  set((state) => ({ busy: new Set(state.busy).add(name) }));
  try {
    await work();
    return true;
  } catch (failure) {
    failed(failure, retry);
    return false;
  } finally {
    set((state) => ({ busy: new Set([...state.busy].filter((other) => other !== name)) }));
  }
}

async function intent(key, body, name, shape) {
  const sent = { person: key, key: newKey(), language: get().language, ...body };
  const work = async () => {
    const before = latestCase(key);
    const answer = await post("/api/intents", sent);
    shape(answer);
    await refresh();
    const after = latestCase(key);
    if (after && after !== before) openCase(after, { stay: true });
  };
  const again = () => once(name, work, again);
  return once(name, work, again);
}

const latestCase = (key) => get().chats[key]?.messages.findLast((message) => message.case)?.case;

function receive(key, answer) {
  if (answer.form) set({ dialog: { kind: "form", id: newKey(), person: key, form: answer.form, problems: answer.problems || {} } });
  if (answer.text) notify(answer.text, { tone: answer.tone });
  if (answer.cards?.length) {
    const fresh = answer.cards.map((card) => ({ id: newKey(), card }));
    set((state) => ({ asides: { ...state.asides, [key]: [...(state.asides[key] || []), ...fresh] } }));
    announce(t("ui.live.new", { title: answer.cards[0].title }));
  }
}

/** Says a command, or words under a case. True when it arrived. */
export const say = (key, text, caseId, files = []) =>
  intent(key, { type: "said", text, case: caseId ?? null, files }, `say:${key}`, (answer) => receive(key, answer));

/** Presses a button of a card; asks first where the button wants that. */
export function press(key, button, place) {
  const go = () => intent(key, { type: "pressed", token: button.token }, `press:${place}`, (answer) => receive(key, answer));
  if (!button.confirm) return go();
  set({ dialog: { kind: "confirm", id: newKey(), text: button.confirm, yes: button.label, danger: button.style === "danger", go } });
  return null;
}

/** Sends a form. It stays open with its values when there is something to mend. */
export function submit(dialog, values) {
  return intent(dialog.person, { type: "submitted", token: dialog.form.token, values }, `submit:${dialog.id}`, (answer) => {
    const open = get().dialog?.id === dialog.id;
    const problems = answer.problems || {};
    if (Object.keys(problems).length) {
      const form = answer.form || dialog.form;
      if (open) set({ dialog: { ...dialog, form, problems, tries: (dialog.tries || 0) + 1, text: answer.text } });
      return;
    }
    if (open) set({ dialog: null });
    if (answer.tone !== "danger") drafts.delete(draftName(dialog));
    receive(dialog.person, answer);
  });
}

/** What was typed into forms that were closed unsent, until it is sent or the page is left. */
export const drafts = new Map();
export const draftName = (dialog) => `${dialog.person} ${dialog.form.title} ${dialog.form.questions.map((one) => one.id).join(" ")}`;

export const closeDialog = () => set({ dialog: null });
export const openPreview = (key, message) => set({ dialog: { kind: "preview", id: newKey(), person: key, message } });
export const openDiagram = () => set({ dialog: { kind: "diagram", id: newKey() } });

/** Puts away a card that only this persona saw. */
export const dropAside = (key, id) =>
  set((state) => ({ asides: { ...state.asides, [key]: state.asides[key].filter((one) => one.id !== id) } }));

/** Moves the simulated time and tells what happened meanwhile. */
export const moveClock = (move) =>
  once("clock", async () => {
    const { happened } = await post("/api/clock", { move });
    set({ happened });
    announce(happened.length ? happened.join(" · ") : t("ui.clock.nothing"));
    await refresh();
  });

/** Does what one of the three offers says. */
export async function take(offer) {
  if (offer.person && offer.person !== get().main) await play(offer.person);
  set({ tab: "chat" });
  if (offer.move) await moveClock(offer.move);
  else if (offer.command) await say(offer.person || get().main, offer.command, null);
}

/** Forgets all cases and the clock, after asking once. */
export function reset() {
  const go = () => once("reset", async () => {
    await post("/api/reset", {});
    drafts.clear();
    set({ chats: {}, talks: {}, asides: {}, caseId: null, case: null, caseProblem: "", node: null, happened: null });
    await refresh();
    notify(t("ui.reset.done"), { tone: "good" });
  });
  set({ dialog: { kind: "confirm", id: newKey(), text: t("ui.reset.ask"), detail: t("ui.reset.detail"), yes: t("ui.reset.yes"), danger: true, go } });
}
