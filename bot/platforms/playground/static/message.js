/* One message: who said it, when, and what; a card, words, files. */

import { html } from "./vendor/htm-preact.js";
import { openPreview } from "./acting.js";
import { CardView } from "./card.js";
import { Files } from "./files.js";
import { Avatar, Icon, Mark, Typed } from "./markup.js";
import { openTalk, personOf } from "./looking.js";
import { hour, t } from "./texts.js";

function Author({ message, person, state }) {
  if (message.author === "bot") return html`<${Mark} /><strong class="author">closeloop</strong>`;
  const who = personOf(state, message.author) || { initials: "?", hue: 0 };
  return html`<${Avatar} person=${who} small /><strong class="author" dir="auto">${message.author_name}</strong>
    ${message.author === person.key && html`<span class="fine">${t("ui.chat.you")}</span>`}`;
}

/** `alone` when the message before is somebody else's or older. */
export function Message({ message, person, alone, talk, state }) {
  const changed = state.changed.has(message.id);
  const names = ["message", message.author === "bot" ? "from-bot" : "from-person", alone ? "" : "joined", changed ? "changed" : "", message.unread ? "unread" : ""];
  const previews = message.card && state.world.previews?.length > 0;
  const label = t("ui.chat.message", { author: message.author === "bot" ? "closeloop" : message.author_name, time: message.at_text });
  return html`<article id=${message.id} data-message class=${names.filter(Boolean).join(" ")} tabindex="-1" aria-label=${label}>
    ${alone && html`<header class="message-head"><${Author} message=${message} person=${person} state=${state} />
      <time datetime=${message.at} title=${message.at_text}>${hour(new Date(message.at))}</time>
      ${!talk && message.case && !message.card && html`<button type="button" class="number link" onClick=${() => openTalk(person.key, message.case)}>${message.case}</button>`}</header>`}
    ${message.unread && html`<span class="new-mark">${t("ui.chat.new")}</span>`}
    <div class="message-body">
      ${message.text && html`<${Typed} text=${message.text} />`}
      ${message.card && html`<${CardView} card=${message.card} person=${person.key} place=${message.id} state=${state} />`}
      <${Files} files=${message.files} person=${person.key} />
      ${(message.edited || previews) && html`<p class="under fine">${message.edited && html`<span>${message.edited_text}</span>`}
        ${previews && html`<button type="button" class="elsewhere" onClick=${() => openPreview(person.key, message.id)}><${Icon} name="eye" />${t("ui.preview.open")}</button>`}</p>`}
    </div>
  </article>`;
}
