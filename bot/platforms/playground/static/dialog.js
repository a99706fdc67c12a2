/* The dialogs of the page: a form, a question, the whole flow. */

import { html } from "./vendor/htm-preact.js";
import { closeDialog } from "./acting.js";
import { Diagram } from "./diagram.js";
import { DraftsDialog } from "./drafts.js";
import { FormDialog } from "./form.js";
import { Icon } from "./markup.js";
import { Modal } from "./modal.js";
import { PreviewDialog } from "./preview.js";
import { FlawsDialog, RehearsalDialog } from "./rehearsal.js";
import { t } from "./texts.js";

function Confirm({ dialog, state }) {
  const yes = () => {
    closeDialog();
    dialog.go();
  };
  return html`<${Modal} label="confirm-text" className="confirm" notice=${state.notice} onClose=${closeDialog}>
    <p id="confirm-text" dir="auto">${dialog.text}</p>
    ${dialog.detail && html`<p class="fine">${dialog.detail}</p>`}
    <div class="dialog-buttons">
      <button type="button" class="button" data-first onClick=${closeDialog}>${t("ui.cancel")}</button>
      <button type="button" class=${dialog.danger ? "button danger solid" : "button primary"} onClick=${yes}>${dialog.yes}</button>
    </div>
  <//>`;
}

const Wide = ({ state }) => html`<${Modal} label="diagram-title" className="wide" notice=${state.notice} onClose=${closeDialog}>
  <header class="dialog-head"><h2 id="diagram-title">${state.case.process} · <span class="number">${state.case.id}</span></h2>
    <button type="button" class="button quiet square" data-first aria-label=${t("ui.close")} onClick=${closeDialog}><${Icon} name="close" /></button></header>
  <${Diagram} diagram=${state.case.diagram} node=${state.node} whole />
<//>`;

/** Whatever dialog is open. */
export function Dialogs({ state }) {
  const { dialog } = state;
  if (!dialog) return null;
  if (dialog.kind === "form") return html`<${FormDialog} key=${dialog.id} dialog=${dialog} state=${state} />`;
  if (dialog.kind === "preview") return html`<${PreviewDialog} key=${dialog.id} dialog=${dialog} state=${state} />`;
  if (dialog.kind === "rehearsal") return html`<${RehearsalDialog} key=${dialog.id} state=${state} />`;
  if (dialog.kind === "flaws") return html`<${FlawsDialog} key=${dialog.id} dialog=${dialog} state=${state} />`;
  if (dialog.kind === "drafts") return html`<${DraftsDialog} key=${dialog.id} dialog=${dialog} state=${state} />`;
  if (dialog.kind === "confirm") return html`<${Confirm} key=${dialog.id} dialog=${dialog} state=${state} />`;
  return state.case && html`<${Wide} key=${dialog.id} state=${state} />`;
}
