/* Acting: saying, pressing, sending forms; moving the time; beginning again. */

import { newKey, post } from "./api.js";
import { openCase, play } from "./looking.js";
import { refresh } from "./refresh.js";
import { get, set } from "./store.js";
import { announce, notify, once } from "./telling.js";
import { t } from "./texts.js";

const REFUSED = new Set(["warn", "danger"]);

/* `shown`: busy until the page shows what came of it, so that an old button is not pressed twice. */
async function intent(key, body, name, shape, { shown = false } = {}) {
  const sent = { person: key, key: newKey(), language: get().language, ...body };
  const acts = () => set({ acted: { person: key, at: Date.now() } });
  const work = async () => {
    acts(); // what came of it may be fetched before the answer is in
    const answer = await post("/api/intents", sent);
    acts();
    const taken = shape(answer);
    if (answer.case_id) openCase(answer.case_id, { stay: true, as: key });
    const refreshed = refresh();
    if (shown) await refreshed;
    return taken;
  };
  const again = () => once(name, work, again);
  return once(name, work, again);
}

function receive(key, answer) {
  if (answer.form) openForm(key, answer);
  if (answer.text) notify(answer.text, { tone: answer.tone, stays: answer.stays || answer.tone === "danger", link: answer.link });
  if (answer.cards?.length) {
    set((state) => {
      const after = state.chats[key]?.messages.at(-1)?.id; // what comes later stands below
      const fresh = answer.cards.map((card) => ({ id: newKey(), card, after }));
      return { asides: { ...state.asides, [key]: [...(state.asides[key] || []), ...fresh] } };
    });
    announce(t("ui.live.new", { title: answer.cards[0].title }));
  }
}

const openForm = (key, { form, problems }) => set({ dialog: { kind: "form", id: newKey(), person: key, form, problems: problems || {} } });

/** Says a command, or words under a case. False when it was refused: then the words are kept. */
export const say = (key, text, caseId, files = []) =>
  intent(key, { type: "said", text, case: caseId ?? null, files }, `say:${key}`, (answer) => {
    receive(key, answer);
    return !REFUSED.has(answer.tone);
  });

/** Presses a button of a card; asks first where the button wants that. */
export function press(key, button, place) {
  const go = () => intent(key, { type: "pressed", token: button.token }, `press:${place}`, (answer) => receive(key, answer), { shown: true });
  if (!button.confirm) return go();
  set({ dialog: { kind: "confirm", id: newKey(), text: button.confirm, yes: button.label, danger: button.style === "danger", go } });
  return null;
}

/** Sends a form. It stays open with its values when there is something to change. */
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

/** A field was answered anew: what was wrong with it is said no more. */
export function answered(dialog, question) {
  if (get().dialog?.id !== dialog.id || !get().dialog.problems[question]) return;
  const { [question]: _, ...problems } = get().dialog.problems;
  set({ dialog: { ...get().dialog, problems } });
}

let asking = 0;

/** Asks which questions follow from the answers: after a moment, as people type. `values` tells the answers then. */
export function askAnew(dialog, values) {
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const mine = asking;
    try {
      const { form } = await post("/api/form", { person: dialog.person, token: dialog.form.token, values: values() });
      const open = get().dialog;
      if (form && mine === asking && open?.id === dialog.id) set({ dialog: { ...open, form } });
    } catch (failure) {
      if (!failure.lost) throw failure; // without a connection the form is checked when it is sent
    }
  }, 250);
}

/** What was typed into forms that were closed unsent, until it is sent or the page is left. */
export const drafts = new Map();
export const draftName = (dialog) => `${dialog.person} ${dialog.form.token}`;

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

/** Fills an empty playground with a year of work, which takes some seconds. */
const loadSample = (sample) =>
  once("sample", async () => {
    notify(t("ui.sample.loading"), { stays: true });
    await post("/api/sample", { sample });
    await refresh();
    notify(get().world.sample, { tone: "good" });
  });

/** Does what one of the offers says; where there is nothing yet, an example is filed first. */
export async function take(offer) {
  if (offer.example) await fileExample(offer.example);
  if (offer.person && offer.person !== get().main) await play(offer.person);
  set({ tab: "chat" });
  if (offer.sample) await loadSample(offer.sample);
  else if (offer.move) await moveClock(offer.move);
  else if (offer.command) await say(offer.person || get().main, offer.command, null);
}

const fileExample = ({ person: filer, token, values }) =>
  intent(filer, { type: "submitted", token, values }, "example", (answer) => receive(filer, answer));

/** Forgets all cases and the clock, after asking once. */
export function reset() {
  const go = () => once("reset", async () => {
    await post("/api/reset", {});
    drafts.clear();
    set({ chats: {}, talks: {}, asides: {}, caseId: null, viewer: null, case: null, caseProblem: "", node: null, happened: null });
    await refresh();
    notify(t("ui.reset.done"), { tone: "good" });
  });
  set({ dialog: { kind: "confirm", id: newKey(), text: t("ui.reset.ask"), detail: t("ui.reset.detail"), yes: t("ui.reset.yes"), danger: true, go } });
}
