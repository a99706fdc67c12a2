/* Looking around: whose chat, which conversation, which case, which step of it. */

import { post } from "./api.js";
import { refresh, refreshCase, refreshSoon } from "./refresh.js";
import { get, set, writePrefs } from "./store.js";
import { announce, failed } from "./telling.js";
import { t } from "./texts.js";

/** The persona with this key. */
export const personOf = (state, key) => state.world.people.find((one) => one.key === key);

/** Becomes this persona; with `talk`, in that conversation. */
export async function play(key, { talk } = {}) {
  const { main, pinned, talks } = get();
  const patch = { main: key, viewer: null, tab: get().tab === "people" ? "chat" : get().tab, target: null };
  if (key === pinned) patch.pinned = main;
  else patch.chats = Object.fromEntries(Object.entries(get().chats).filter(([other]) => other !== key)); // may be old
  if (talk !== undefined) patch.talks = { ...talks, [key]: talk };
  set(patch);
  writePrefs();
  const persona = personOf(get(), key);
  announce(t("ui.people.now", { name: persona.name }));
  await refresh();
}

/** Shows a second chat beside, or puts it away. */
export function pin(key) {
  set((state) => ({ pinned: state.pinned === key || key === state.main ? null : key, viewer: null }));
  writePrefs();
  refreshSoon();
}

/** Opens a conversation of a persona: a case, or everything (null). */
export function openTalk(key, caseId) {
  set((state) => ({ talks: { ...state.talks, [key]: caseId } }));
  if (caseId) openCase(caseId, { stay: true, as: key });
}

/** Opens a case in the case view, as the person who acts or looks. */
export function openCase(caseId, { stay = false, as = null } = {}) {
  const { caseId: now, viewer, main, node } = get();
  const eyes = as && as !== main ? as : null;
  const same = now === caseId && viewer === eyes;
  set({ caseId, viewer: eyes, node: same ? node : null, ...(same ? {} : { case: null, caseProblem: "" }), ...(stay ? {} : { tab: "case" }) });
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

/** Scrolls to a message in the chat of whoever looks at the case. */
export function goTo(message) {
  const { main, viewer, talks } = get();
  const key = viewer || main;
  const talk = talks[key] ?? null;
  set({
    tab: "chat",
    talks: talk && talk !== message.case ? { ...talks, [key]: null } : talks,
    target: { person: key, message: message.id, at: Date.now() },
  });
}

/** The message about an event of a case in the chat of whoever looks at it, or null. */
export const messageFor = (event, { main, viewer, chats }) => (event.message && chats[viewer || main]?.messages.find((message) => message.id === event.message)) || null;

/** Filters the history by a node, shows it, and the newest message about the node. */
export function showNode(node) {
  const state = get();
  if (state.node === node) {
    set({ node: null });
    return;
  }
  set({ node });
  const about = state.case.history.filter((event) => event.node === node).map((event) => messageFor(event, state)).filter(Boolean);
  if (about.length && innerWidth >= 760) goTo(about.at(-1));
  requestAnimationFrame(() => {
    const history = document.querySelector(".case-body [data-section=history]");
    if (!history) return;
    history.open = true;
    history.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  });
}

/** Shows the first of the cards that only this persona saw and that are new, from its top, where it is longer than the screen. */
export function readFromTop(list, count, before) {
  const fresh = count > before.current ? list.querySelectorAll(".aside-card")[before.current] : null;
  before.current = count;
  if (!fresh || fresh.getBoundingClientRect().top >= list.getBoundingClientRect().top) return false;
  fresh.scrollIntoView({ block: "start" });
  return true;
}
