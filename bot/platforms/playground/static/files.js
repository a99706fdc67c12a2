/* Files that can be opened: pictures as thumbnails. */

import { html } from "./vendor/htm-preact.js";
import { fileAddress } from "./api.js";
import { Icon } from "./markup.js";
import { size } from "./texts.js";

const IMAGES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** Files as thumbnails and links. */
export const Files = ({ files, person }) => (files?.length ? html`<ul class="files">
  ${files.map((file) => html`<li key=${file.id}><a class="file" href=${fileAddress(file, person)} target="_blank" rel="noopener">
    ${IMAGES.has(file.media_type) ? html`<img src=${fileAddress(file, person)} alt="" loading="lazy" />` : html`<${Icon} name="file" />`}
    <span class="file-name"><span class="ellipsis" dir="auto">${file.name}</span>${file.size > 0 && html`<span class="fine">${size(file.size)}</span>`}</span></a></li>`)}
</ul>` : null);
