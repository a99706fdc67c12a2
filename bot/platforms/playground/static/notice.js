/* A notice: a short text that goes by itself, or stays until it is put away. */

import { html, useEffect } from "./vendor/htm-preact.js";
import { Icon } from "./markup.js";
import { dismiss } from "./telling.js";
import { t } from "./texts.js";

const ICONS = { danger: "alert", warn: "alert", good: "check" };

/** The bar of notices; stands in the flow of the page or of a dialog, so that it covers nothing. */
export function Notice({ notice }) {
  useEffect(() => {
    if (!notice || notice.stays) return undefined;
    const timer = setTimeout(dismiss, 4000 + notice.text.length * 60);
    return () => clearTimeout(timer);
  }, [notice?.id]);
  return html`<div class="notices" role=${notice?.tone === "danger" ? "alert" : "status"}>
    ${notice && html`<div class="notice ${notice.tone}" key=${notice.id}>
      <${Icon} name=${ICONS[notice.tone] || "info"} />
      <p dir="auto">${notice.text}${notice.link && html` <a href=${notice.link} target="_blank" rel="noopener">${t("ui.link.open")}</a>`}</p>
      ${notice.retry && html`<button type="button" class="button" onClick=${() => { dismiss(); notice.retry(); }}>${t("ui.retry")}</button>`}
      <button type="button" class="button quiet square" aria-label=${t("ui.close")} onClick=${dismiss}><${Icon} name="close" /></button>
    </div>`}
  </div>`;
}
