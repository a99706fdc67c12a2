/* What the page knows: one object, replaced on every change, and who wants to hear of changes. */

const KEY = "closeloop";
const listeners = new Set();

let state = {
  ready: false,
  online: true,
  problem: "",
  language: "zh",
  theme: "auto",
  texts: {},
  world: null,
  worldAt: 0, // when the world was fetched, for the ticking clock
  main: null,
  pinned: null,
  chats: {}, // by person
  talks: {}, // by person: the conversation that is open, null for everything
  asides: {}, // by person: cards that only this persona sees
  caseId: null,
  viewer: null, // through whose eyes the case is looked at, when it is not the main persona
  case: null,
  caseProblem: "",
  node: null, // the node that the history is filtered by
  rehearsal: null, // the one that was begun last
  back: null, // the dialog with the draft that is rehearsed, to return to
  part: "", // the node, clock, … of the rehearsal that is looked at
  tab: "chat",
  dialog: null,
  notice: null,
  acted: null, // {person, at}: whose act was sent or answered last, and when
  happened: null,
  busy: new Set(),
  changed: new Set(), // ids of messages that just changed
  target: null, // {person, message}: scroll there
};

/** The state as it is now. */
export const get = () => state;

/** Replaces parts of the state and tells everybody. */
export function set(patch) {
  state = { ...state, ...(typeof patch === "function" ? patch(state) : patch) };
  for (const listener of listeners) listener();
}

/** Calls the listener after every change; returns how to stop. */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What this browser remembers between visits. */
export function readPrefs() {
  try {
    return JSON.parse(localStorage.getItem(KEY) || "{}");
  } catch {
    return {};
  }
}

/** Remembers the choices of the person in front of the screen. */
export function writePrefs() {
  const { language, theme, main, pinned } = state;
  try {
    localStorage.setItem(KEY, JSON.stringify({ language, theme, main, pinned }));
  } catch {
    /* private windows may refuse storage: then nothing is remembered */
  }
}
