/* The card in hand as Slack and Telegram would show it, from what would really be sent. */

import { html, useEffect, useState } from "./vendor/htm-preact.js";
import { fetchJson } from "./api.js";
import { closeDialog } from "./acting.js";
import { Icon } from "./markup.js";
import { Modal } from "./modal.js";
import { t } from "./texts.js";

const NAMES = { slack: "Slack", telegram: "Telegram" };
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const plain = (text) => text.replace(/&(lt|gt|amp);/g, (entity) => ENTITIES[entity]);

// ------------------------------------------------------------------ Slack: Block Kit

const MARKS = [[/^\*([^*\n]+)\*/, "strong"], [/^_([^_\n]+)_/, "em"], [/^~([^~\n]+)~/, "s"], [/^`([^`\n]+)`/, "code"]];

function mrkdwn(text) {
  const out = [];
  let words = "";
  for (let rest = text; rest;) {
    const link = /^<([^|>]+)(?:\|([^>]*))?>/.exec(rest);
    const found = MARKS.map(([mark, tag]) => ({ tag, match: mark.exec(rest) })).find((one) => one.match);
    const match = link || found?.match;
    if (match) {
      out.push(words);
      words = "";
      out.push(link ? html`<u>${plain(link[2] || link[1])}</u>` : html`<${found.tag}>${plain(match[1])}<//>`);
    } else words += plain(/^&(?:lt|gt|amp);/.exec(rest)?.[0] || rest[0]);
    rest = rest.slice((match || /^&(?:lt|gt|amp);/.exec(rest) || [rest[0]])[0].length);
  }
  return [...out, words];
}

const SlackText = ({ text }) => (!text ? null : text.type === "plain_text" ? html`<span class="as-typed">${text.text}</span>`
  : html`<span class="as-typed">${text.text.split("\n").map((line, index) => html`${index ? "\n" : ""}${/^(&gt;|>) ?/.test(line)
    ? html`<span class="as-quote">${mrkdwn(line.replace(/^(&gt;|>) ?/, ""))}</span>` : mrkdwn(line)}`)}</span>`);

function runs(element) {
  if (element.type === "text") {
    const style = element.style || {};
    const tag = style.bold ? "strong" : style.italic ? "em" : style.code ? "code" : style.strike ? "s" : "span";
    return html`<${tag}>${element.text}<//>`;
  }
  if (!element.elements) return element.text || element.name || "";
  const inside = element.elements.map(runs);
  return html`<div class=${element.type === "rich_text_quote" ? "as-quote as-typed" : "as-typed"}>${inside}</div>`;
}

const SlackButton = ({ element }) => html`<span class=${`as-button ${element.style || ""}`}>${element.text?.text || element.placeholder?.text || "···"}</span>`;

function Block({ block }) {
  switch (block.type) {
    case "header": return html`<p class="as-header">${block.text.text}</p>`;
    case "divider": return html`<hr />`;
    case "context": return html`<p class="fine">${block.elements.map((one) => html`<${SlackText} text=${one} />`)}</p>`;
    case "actions": return html`<div class="as-buttons">${block.elements.map((one, index) => html`<${SlackButton} key=${index} element=${one} />`)}</div>`;
    case "rich_text": return html`<div>${block.elements.map(runs)}</div>`;
    case "section": return html`<div class="as-section"><div><${SlackText} text=${block.text} />
      ${block.fields && html`<div class="as-fields">${block.fields.map((one, index) => html`<${SlackText} key=${index} text=${one} />`)}</div>`}</div>
      ${block.accessory && html`<${SlackButton} element=${block.accessory} />`}</div>`;
    default: return html`<p class="fine">${block.type}</p>`;
  }
}

const Slack = ({ payload }) => html`<div class="as-message slack">${(payload.blocks || []).map((block, index) => html`<${Block} key=${index} block=${block} />`)}</div>`;

// ------------------------------------------------------------------ Telegram: HTML and keyboards

const TAGS = { B: "strong", STRONG: "strong", I: "em", EM: "em", U: "u", INS: "u", S: "s", DEL: "s", CODE: "code", PRE: "pre", A: "u", BLOCKQUOTE: "blockquote", "TG-SPOILER": "span" };

/** Only the tags that Telegram knows become elements; everything else stays words. */
function nodes(parent) {
  return [...parent.childNodes].map((node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent;
    const tag = TAGS[node.nodeName];
    return tag ? html`<${tag}>${nodes(node)}<//>` : node.textContent;
  });
}

function Telegram({ payload }) {
  const body = new DOMParser().parseFromString(payload.text || payload.caption || "", "text/html").body;
  const rows = payload.reply_markup?.inline_keyboard || [];
  return html`<div class="as-message telegram"><div class="as-bubble as-typed">${nodes(body)}</div>
    ${rows.map((row, index) => html`<div class="as-row" key=${index}>${row.map((button, place) => html`<span key=${place} class="as-button">${button.text}</span>`)}</div>`)}</div>`;
}

const VIEWS = { slack: Slack, telegram: Telegram };

/** `dialog`: {person, message}. */
export function PreviewDialog({ dialog, state }) {
  const { previews } = state.world;
  const [platform, setPlatform] = useState(previews[0]);
  const [found, setFound] = useState(null);
  useEffect(() => {
    let mine = true;
    setFound(null);
    fetchJson("/api/preview", { person: dialog.person, message: dialog.message, platform }).then(
      (preview) => mine && setFound(preview),
      (failure) => mine && setFound({ problem: failure.message }),
    );
    return () => { mine = false; };
  }, [platform, state.language]);
  const View = VIEWS[platform];
  return html`<${Modal} label="preview-title" className="showing" notice=${state.notice} onClose=${closeDialog}>
    <header class="dialog-head"><h2 id="preview-title">${t("ui.preview.title")}</h2>
      <div class="as-tabs" role="group" aria-label=${t("ui.preview.platform")}>${previews.map((one, index) => html`<button type="button" key=${one} class="tab" data-first=${index ? null : ""}
        aria-pressed=${String(one === platform)} onClick=${() => setPlatform(one)}>${NAMES[one] || one}</button>`)}</div>
      <button type="button" class="button quiet square" aria-label=${t("ui.close")} onClick=${closeDialog}><${Icon} name="close" /></button></header>
    <div class="dialog-body" tabindex="0" role="region" aria-label=${NAMES[platform]}>
      ${found?.problem && html`<p class="problem" role="alert">${found.problem}</p>`}
      ${found?.payload && html`<${View} payload=${found.payload} />
        ${found.missing?.length ? html`<div class="as-missing"><h3>${t("ui.preview.missing")}</h3><ul>${found.missing.map((text, index) => html`<li key=${index}>${text}</li>`)}</ul></div>`
          : html`<p class="as-complete"><${Icon} name="check" />${t("ui.preview.complete")}</p>`}
        <details><summary>${t("ui.preview.source")}</summary><pre class="as-source" tabindex="0">${JSON.stringify(found.payload, null, 2)}</pre></details>`}
    </div>
  <//>`;
}
