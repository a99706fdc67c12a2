/* Small pieces that all views share: icons, avatars, badges, texts that people typed. */

import { html, useState } from "./vendor/htm-preact.js";
import { t } from "./texts.js";

const PATHS = {
  check: "M3.5 8.5l3 3 6-7",
  dot: "M8 5.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5",
  ring: "M8 3.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9",
  clock: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 5v3.2l2 1.3",
  alert: "M8 2.5l6 11H2zM8 6.7v3M8 11.6v.1",
  pause: "M5.8 4v8M10.2 4v8",
  stop: "M4.5 4.5h7v7h-7z",
  play: "M5.5 3.8v8.4l6.5-4.2z",
  rehearse: "M2.5 4v8l5-4zM8.5 4v8l5-4z",
  half: "M8 3.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9",
  next: "M2.5 8h9M8.5 4.5L12 8l-3.5 3.5M14 4v8",
  right: "M3 8h10M9 4l4 4-4 4",
  skip: "M4 4l8 8M12 4l-8 8",
  close: "M4 4l8 8M12 4l-8 8",
  plus: "M8 3v10M3 8h10",
  down: "M4 6l4 4 4-4",
  send: "M2.5 8L13.5 3 10.5 13.5 8 9.5zM8 9.5l5.5-6.5",
  clip: "M12.5 7.3l-5 5a2.8 2.8 0 0 1-4-4l5.3-5.3a1.9 1.9 0 0 1 2.7 2.7l-5.2 5.2a.9.9 0 0 1-1.3-1.3l4.6-4.6",
  file: "M4 2h5l3 3v9H4zM9 2v3h3",
  columns: "M2.5 3h11v10h-11zM8 3v10",
  sun: "M8 5.4a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 1 0 0-5.2M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M3.6 12.4l1-1M11.4 4.6l1-1",
  moon: "M12.8 9.6A5.3 5.3 0 0 1 6.4 3.2a5.3 5.3 0 1 0 6.4 6.4z",
  auto: "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 1 1 0 11",
  reset: "M3.2 8a4.8 4.8 0 1 0 1.5-3.5L3 6.2M3 2.8v3.4h3.4",
  bell: "M4.3 11V7.3a3.7 3.7 0 0 1 7.4 0V11l1 1.2H3.3zM6.8 13.8h2.4",
  up: "M8 13V3.5M4 7.5l4-4 4 4",
  chart: "M2.5 13.5h11M4.5 11V8M8 11V3.5M11.500 11V6",
  flag: "M4 14V2.5h7.5L9.8 5.3l1.7 2.8H4",
  eye: "M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8zM8 6.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4",
  info: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 7.3v3.4M8 5.2v.1",
  chat: "M2.5 3.5h11v7.5H7.5L4.5 13.5V11h-2z",
  people: "M6 3.2a2.2 2.2 0 1 0 0 4.4a2.2 2.2 0 1 0 0-4.4M2 13c0-2.4 1.6-4 4-4s4 1.6 4 4M10.5 3.6a2 2 0 0 1 0 3.8M11.6 9.4c1.5.5 2.4 1.8 2.4 3.6",
  flow: "M2.5 2.5h4.5v4H2.5zM9 9.5h4.5v4H9zM4.8 6.5v5H9",
  language: "M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 1 0 0-11.6M2.4 8h11.2M8 2.2c-4 3.6-4 8 0 11.6M8 2.2c4 3.6 4 8 0 11.6",
  away: "M3 5.5h10v7.5H3zM6 5.5V3.5h4v2",
  expand: "M9.5 2.5h4v4M13.5 2.5l-4.5 4.5M6.5 13.5h-4v-4M2.5 13.5l4.5-4.5",
  undo: "M6 3.5L2.5 7 6 10.5M2.5 7h7a3.5 3.5 0 0 1 0 7H7",
  filter: "M2.5 3.5h11L9.3 8.5v4L6.7 13.5v-5z",
};

const SOLID = new Set(["dot", "play"]);
const FILLED = { half: "M8 3.5a4.5 4.5 0 1 0 0 9z" }; // the part of a drawing that is solid

/** A small drawing; the word beside it says the same, so readers of screens skip it. */
export const Icon = ({ name }) => html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
  <path d=${PATHS[name]} class=${SOLID.has(name) ? "solid" : ""} />${FILLED[name] && html`<path d=${FILLED[name]} class="solid" />`}
</svg>`;

const TONES = { neutral: "", info: "info", warn: "clock", danger: "alert", good: "check" };

/** A word about the state of things: tone by icon and colour, meaning by the word. */
export const Badge = ({ text, tone = "neutral" }) => html`<span class="badge ${tone}">
  ${TONES[tone] && html`<${Icon} name=${TONES[tone]} />`}<span>${text}</span>
</span>`;

/** Initials of a persona in the persona's own colour. */
export const Avatar = ({ person, small }) => html`<span class=${small ? "avatar small" : "avatar"} aria-hidden="true"
  style=${{ "--hue": person.hue }}>${person.initials}</span>`;

/** The bot's own mark. */
export const Mark = () => html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <rect width="32" height="32" rx="8" />
  <path d="M22.5 11.2A8 8 0 1 0 24 16" /><path d="m12.6 16 2.6 2.6 8.6-8.8" />
</svg>`;

const LONG = 260;

/** Words that somebody typed: shown as they are, folded when long. */
export function Typed({ text, quote }) {
  const [open, setOpen] = useState(false);
  const long = text.length > LONG || text.split("\n").length > 6;
  const body = html`<span class=${long && !open ? "typed folded" : "typed"} dir="auto">${text}</span>`;
  const toggle = long && html`<button type="button" class="link" aria-expanded=${open} onClick=${() => setOpen(!open)}>
    ${t(open ? "ui.show_less" : "ui.show_all")}</button>`;
  return quote ? html`<blockquote>${body}${toggle}</blockquote>` : html`<p class="said">${body}${toggle}</p>`;
}

/** A number of things that wait, with its meaning for readers of screens. */
export const Count = ({ number, label, kind }) => (number > 0
  ? html`<span class="count ${kind}"><span aria-hidden="true">${number > 99 ? "99+" : number}</span><span class="hidden">${label}</span></span>`
  : null);
