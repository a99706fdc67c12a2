/* What is told to the person in front of the screen: notices, words for readers of screens, work in hand. */

import { Failure } from "./api.js";
import { get, set } from "./store.js";

const PAUSE = 80; // milliseconds in which announcements are gathered: readers of screens say only the last

let noticeNumber = 0;
let waiting = [];

/** Shows a short notice, and says it to readers of screens. With `stays` it waits to be put away; `link` is opened from it. */
export function notify(text, { tone = "neutral", retry = null, stays = tone === "danger", link = "" } = {}) {
  if (!text) return;
  noticeNumber += 1;
  set({ notice: { id: noticeNumber, text, tone, retry, stays, link } });
}

export const dismiss = () => set({ notice: null });

/** Says something politely to readers of screens only; what comes together is said together. */
export function announce(text) {
  waiting.push(text);
  if (waiting.length > 1) return;
  const place = document.getElementById("announcer");
  place.textContent = "";
  setTimeout(() => {
    place.textContent = waiting.join(" · ");
    waiting = [];
  }, PAUSE);
}

/** Tells that a request failed; any other error is a defect and goes on. */
export function failed(failure, retry = null) {
  if (!(failure instanceof Failure)) throw failure;
  notify(failure.message, { tone: "danger", retry: failure.lost ? retry : null });
}

/** Runs something once: while it runs, `busy` has its name and a second call does nothing. */
export async function once(name, work, retry = null) {
  if (get().busy.has(name)) return false;
  set((state) => ({ busy: new Set(state.busy).add(name) }));
  try {
    return (await work()) !== false;
  } catch (failure) {
    failed(failure, retry);
    return false;
  } finally {
    set((state) => ({ busy: new Set([...state.busy].filter((other) => other !== name)) }));
  }
}
