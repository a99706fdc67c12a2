/* The address of what is on the screen, #/person/case: Back goes back, and a case can be linked to. */

import { personOf } from "./looking.js";
import { refresh } from "./refresh.js";
import { get, set, subscribe } from "./store.js";

let known = ""; // the address that the state was read from or written to
let tab = "";

const here = (state) => {
  const { main, caseId } = state;
  const id = personOf(state, main)?.id || "";
  return `#/${[id, caseId].filter(Boolean).map(encodeURIComponent).join("/")}`;
};

/** Who and which case an address names; what is not known here is left out. */
export function readAddress(people) {
  const [id, caseId] = location.hash.replace(/^#\//, "").split("/").map(decodeURIComponent);
  return { main: people.find((one) => one.id === id)?.key, caseId: caseId || null };
}

function write() {
  const state = get();
  if (!state.ready || !state.world) return;
  const address = here(state);
  if (address === known && state.tab === tab) return;
  const fuller = !known || address.startsWith(`${known}/`); // the same place, now with its case
  known = address;
  tab = state.tab;
  history[fuller ? "replaceState" : "pushState"]({ tab }, "", address);
}

function goBack(event) {
  const asked = readAddress(get().world.people);
  known = location.hash;
  tab = event.state?.tab || "chat";
  set((state) => {
    const main = asked.main || state.main;
    const same = main === state.main && asked.caseId === state.caseId;
    return { main, pinned: state.pinned === main ? null : state.pinned, viewer: null, tab, caseId: asked.caseId, case: same ? state.case : null };
  });
  refresh();
}

/** Keeps the address and the state alike, both ways. */
export function keepAddress() {
  subscribe(write);
  addEventListener("popstate", goBack);
  write();
}
