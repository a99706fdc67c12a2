/* Files that can be opened: pictures as thumbnails. */

import { html } from "./vendor/htm-preact.js";
import { fileAddress } from "./api.js";
import { Icon } from "./markup.js";
import { size } from "./texts.js";

const IMAGES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

const isPicture = (file) => IMAGES.has(file.media_type);
const isDrawn = (file) => isPicture(file) && !file.size; // by the product, such as a chart: to be read, not only recognised

/** Files as thumbnails and links; what the product draws is shown whole. */
export const Files = ({ files, person }) => (files?.length ? html`<ul class="files">
  ${files.map((file) => html`<li key=${file.id} class=${isDrawn(file) ? "drawn" : null}><a class="file" href=${fileAddress(file, person)} target="_blank" rel="noopener">
    ${isPicture(file) ? html`<img src=${fileAddress(file, person)} alt="" loading="lazy" />` : html`<${Icon} name="file" />`}
    <span class="file-name"><span class="ellipsis" dir="auto">${file.name}</span>${file.size > 0 && html`<span class="fine">${size(file.size)}</span>`}</span></a></li>`)}
</ul>` : null);
