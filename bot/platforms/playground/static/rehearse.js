/* Rehearsing a process: beginning, looking on, stopping. The view is in rehearsal.js. */

import { fetchJson, newKey, post } from "./api.js";
import { closeDialog } from "./acting.js";
import { get, set } from "./store.js";
import { announce, failed, notify, once } from "./telling.js";
import { t } from "./texts.js";

let asking = false;
let askAgain = false;

const looking = () => get().dialog?.kind === "rehearsal";

/** What the page knows of the rehearsal is replaced; its end is told. */
function learn(rehearsal) {
  const before = get().rehearsal;
  set({ rehearsal });
  if (!rehearsal || rehearsal.going_on || before?.run !== rehearsal.run || !before.going_on) return;
  const { verdict, name } = rehearsal;
  const text = [t("ui.rehearsal.title", { name }), verdict.text].join(": ");
  announce(text);
  if (!looking()) notify(text, { tone: verdict.tone === "good" ? "good" : "warn" });
}

/** Fetches the rehearsal as it stands; what changes meanwhile is fetched after it. */
export async function lookOn() {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  try {
    do {
      askAgain = false;
      const part = looking() ? get().part : "";
      const { rehearsal } = await fetchJson("/api/rehearsal", part ? { part } : {});
      if (part === (looking() ? get().part : "")) learn(rehearsal);
      else askAgain = true;
    } while (askAgain);
  } catch (failure) {
    if (!failure.lost) failed(failure);
  } finally {
    asking = false;
  }
}

/** Shows the rehearsal that was begun last. */
export function showRehearsal() {
  set({ dialog: { kind: "rehearsal", id: newKey() }, part: "" });
  lookOn();
}

/** Begins to rehearse a process in force, or shows the one that is being rehearsed. */
export const rehearse = (process) => begin({ process });

/** Begins to rehearse a draft: `{draft: its text, file: its name}`; `back` is the dialog to return to. */
export const rehearseDraft = (wish, back) => begin(wish, back);

/** Lets the person choose a file with a draft, and rehearses that. */
export function chooseDraft() {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".toml";
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (file) begin({ draft: await file.text(), file: file.name });
  });
  input.click();
}

const begin = (wish, back = null) =>
  once("rehearse", async () => {
    const { begun, flaws, rehearsal } = await post("/api/rehearsal", wish);
    set({ back });
    if (flaws.length) {
      set({ rehearsal, dialog: { kind: "flaws", id: newKey(), flaws, file: wish.file } });
      return;
    }
    set({ rehearsal, part: "" });
    if (!looking()) showRehearsal();
    if (!begun) notify(t("ui.rehearsal.already"), { tone: "neutral" });
    else announce(t("ui.rehearsal.title", { name: rehearsal.name }));
  });

/** Plays no more of it. */
export async function stopRehearsal() {
  try {
    learn((await post("/api/rehearsal/stop", {})).rehearsal);
  } catch (failure) {
    failed(failure);
  }
}

/** Looks at one step, clock, … in particular; once more: no longer. */
export function lookAt(part) {
  set({ part: get().part === part ? "" : part });
  lookOn();
}

/** Puts the view away; what is being played plays on. The button that opened it may be another now. */
export function hideRehearsal() {
  const { back } = get();
  set({ part: "", back: null });
  if (back) {
    set({ dialog: { ...back, id: newKey() } });
    return;
  }
  closeDialog();
  requestAnimationFrame(() => {
    const held = document.activeElement;
    if (!held || held === document.body) document.querySelector(".top .rehearsing, .top .to-rehearse")?.focus();
  });
}
