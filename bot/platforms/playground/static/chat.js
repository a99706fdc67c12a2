/* One persona's chat: who it is, the conversations, the messages, the composer. */

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/htm-preact.js";
import { dropAside, take } from "./acting.js";
import { CardView } from "./card.js";
import { Skip } from "./clock.js";
import { Composer } from "./composer.js";
import { markRead, openTalk, personOf, pin, play, readFromTop } from "./looking.js";
import { Avatar, Count, Icon } from "./markup.js";
import { Menu } from "./menu.js";
import { Message } from "./message.js";
import { dayName, t } from "./texts.js";

const NEAR = 80; // pixels from the end that still count as "at the end"
const OWN = 4000; // milliseconds in which what comes is the result of the person's own act
const SEEN = 1200; // how long a message must be on the screen to be read

const titleOf = (talk, state) => state.world.cases.find((one) => one.id === talk.case)?.title || "";
const talkTitle = (talk, state) => (talk.case ? `${talk.case} ${titleOf(talk, state)}` : t("ui.chat.everything"));

function TalkLine({ talk, state }) {
  return html`<span class="talk-line">
    <span class="talk-head">${talk.case ? html`<span class="number">${talk.case}</span>` : html`<strong>${t("ui.chat.everything")}</strong>`}
      <span class="when">${talk.at_text}</span></span>
    ${talk.case && html`<strong class="talk-title" dir="auto">${titleOf(talk, state)}</strong>`}
    <span class="preview" dir="auto">${talk.preview}</span>
    <${Count} number=${talk.unread} kind="unread" label=${t("ui.people.unread", { count: talk.unread })} />
  </span>`;
}

function Talks({ chat, talk, choose, state }) {
  return html`<nav class="talks" aria-label=${t("ui.chat.talks")}>
    <ul>${chat.conversations.map((one) => html`<li key=${one.case}>
      <button type="button" aria-current=${one.case === talk ? "true" : null} onClick=${() => choose(one.case)}><${TalkLine} talk=${one} state=${state} /></button>
    </li>`)}</ul>
  </nav>`;
}

function Head({ person, chat, talk, choose, main, state }) {
  const now = chat?.conversations.find((one) => one.case === talk);
  const items = (chat?.conversations || []).map((one) => ({
    id: one.case || "all", current: one.case === talk, content: html`<${TalkLine} talk=${one} state=${state} />`, onSelect: () => choose(one.case) }));
  const unread = (chat?.conversations || []).reduce((sum, one) => sum + (one.case && one.case !== talk ? one.unread : 0), 0);
  return html`<header class="chat-head">
    <${Avatar} person=${person} />
    <div class="chat-who"><h2><span class="hidden">${t("ui.chat.of")} </span><span dir="auto">${person.name}</span></h2>
      <p>${person.title}${person.away && html` · <span class="away"><${Icon} name="away" />${person.away_text}</span>`}</p></div>
    ${items.length > 1 && html`<div class="talk-menu"><${Menu} items=${items} label=${t("ui.chat.talks")} className="button quiet">
      <span class="ellipsis">${now?.case || t("ui.chat.everything")}</span><${Count} number=${unread} kind="unread" label=${t("ui.people.unread", { count: unread })} /><//></div>`}
    ${!main && html`<button type="button" class="button quiet" onClick=${() => play(person.key)}><${Icon} name="play" /><span class="label">${t("ui.people.play")}</span></button>
      <button type="button" class="button quiet square" aria-label=${t("ui.people.unpin", { name: person.name })} title=${t("ui.people.unpin", { name: person.name })}
        onClick=${() => pin(person.key)}><${Icon} name="close" /></button>`}
    ${main && html`<${Skip} state=${state} />`}
  </header>`;
}

/** What to do where there is nothing yet: offers, or who has something to do. */
function Empty({ person, state }) {
  const { offers, people, cases } = state.world;
  const waiting = people.filter((one) => one.key !== person.key && one.tasks > 0);
  if (!cases.length) {
    return html`<div class="empty">
      <h3>${t("ui.empty.title")}</h3><p>${t("ui.empty.lead")}</p>
      <ol class="offers">${offers.map((offer) => html`<li key=${offer.id}>
        <button type="button" class="offer" aria-disabled=${state.busy.has("sample") ? "true" : null} onClick=${() => take(offer)}>
          ${personOf(state, offer.person) ? html`<${Avatar} person=${personOf(state, offer.person)} />` : html`<span class="avatar time"><${Icon} name=${offer.sample ? "chart" : "moon"} /></span>`}
          <span dir="auto">${offer.text}</span><${Icon} name="right" /></button></li>`)}</ol>
      <p class="fine">${t("ui.empty.fine")}</p>
    </div>`;
  }
  return html`<div class="empty">
    <h3>${t("ui.empty.none", { name: person.name })}</h3>
    ${waiting.length > 0 && html`<p>${t("ui.empty.waiting")}</p>
      <ul class="waiting">${waiting.map((one) => html`<li key=${one.key}><button type="button" class="button" onClick=${() => play(one.key)}>
        <${Avatar} person=${one} small /><span dir="auto">${one.name}</span> · ${t("ui.people.tasks", { count: one.tasks })}</button></li>`)}</ul>`}
  </div>`;
}

function useReading(key, talk, unread) {
  useEffect(() => {
    if (!unread) return undefined;
    const timer = setTimeout(() => document.visibilityState === "visible" && markRead(key, talk), SEEN);
    return () => clearTimeout(timer);
  }, [key, talk, unread]);
}

/** Keeps the newest message in view while the reader is at the end or acted, and jumps to a target. */
function useScrolling(list, messages, talk, target, wanted, acted) {
  const [behind, setBehind] = useState(false);
  const atEnd = useRef(true);
  const shown = useRef(0); // the act whose result was brought into view
  const put = useRef(wanted); // how many cards only this persona saw were there before
  const last = messages.at(-1)?.id;
  const toEnd = () => {
    list.current.scrollTop = list.current.scrollHeight;
  };
  useLayoutEffect(() => {
    atEnd.current = true;
    if (list.current) toEnd();
  }, [talk]);
  useLayoutEffect(() => {
    if (!list.current) return;
    if (acted !== shown.current && Date.now() - acted < OWN) {
      shown.current = acted;
      atEnd.current = true;
    }
    if (atEnd.current) toEnd();
    else setBehind(true);
    if (readFromTop(list.current, wanted, put)) atEnd.current = false;
  }, [last, messages.length, wanted]);
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(() => atEnd.current && toEnd());
    watcher.observe(list.current);
    return () => watcher.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (!target || !list.current) return;
    const found = list.current.querySelector(`[id="${CSS.escape(target.message)}"]`);
    if (!found) return;
    atEnd.current = false;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    found.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    found.focus({ preventScroll: true });
    delete found.dataset.sought;
    void found.offsetWidth;
    found.dataset.sought = ""; // no class: those change when the message is drawn anew
  }, [target?.at, talk]);
  const onScroll = () => {
    if (!list.current) return; // the chat went while it still scrolled
    const { scrollHeight, scrollTop, clientHeight } = list.current;
    atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR;
    if (atEnd.current) setBehind(false);
  };
  return { behind, onScroll, toEnd };
}

function Aside({ person, id, card, state }) {
  return html`<article class="aside-card" aria-label=${t("ui.chat.only_you", { name: person.name })}>
    <p class="only-you"><${Icon} name="eye" />${t("ui.chat.only_you", { name: person.name })}
      <button type="button" class="link" onClick=${() => dropAside(person.key, id)}>${t("ui.chat.put_away")}</button></p>
    <${CardView} card=${card} person=${person.key} place=${id} state=${state} />
  </article>`;
}

const sameBreath = (one, other) =>
  one && one.author === other.author && one.at.slice(0, 16) === other.at.slice(0, 16) && one.case === other.case && dayName(new Date(one.at)) === dayName(new Date(other.at));

/** The messages of a conversation, and between them what only this persona saw, where it came. */
function Stream({ person, all, asides, state, talk }) {
  const out = [];
  const waiting = [...asides]; // the oldest first
  let day = "";
  let before = null; // the message that stands right above
  const show = ({ id, card }) => {
    before = null;
    out.push(html`<${Aside} key=${id} person=${person} id=${id} card=${card} state=${state} />`);
  };
  for (const message of all) {
    if (!talk || message.case === talk) {
      const name = dayName(new Date(message.at));
      if (name !== day) out.push(html`<h3 class="day" key=${`day ${name} ${message.id}`}><span>${name}</span></h3>`);
      day = name;
      out.push(html`<${Message} key=${message.id} message=${message} person=${person} alone=${!sameBreath(before, message)}
        talk=${talk} state=${state} />`);
      before = message;
    }
    while (waiting[0]?.after === message.id) show(waiting.shift());
  }
  waiting.forEach(show);
  return out;
}

/** The whole column of one persona. `main` is the one that is played. */
export function Chat({ person: key, state, main }) {
  const person = personOf(state, key);
  const chat = state.chats[key];
  const talk = chat?.conversations.some((one) => one.case === (state.talks[key] ?? null)) ? state.talks[key] ?? null : null;
  const messages = (chat?.messages || []).filter((message) => !talk || message.case === talk);
  const asides = state.asides[key] || [];
  const list = useRef(null);
  const target = state.target?.person === key ? state.target : null;
  const acted = state.acted?.person === key ? state.acted.at : 0;
  const { behind, onScroll, toEnd } = useScrolling(list, messages, talk, target, asides.length, acted);
  useReading(key, talk, messages.filter((message) => message.unread).length);
  const choose = (caseId) => openTalk(key, caseId);
  const now = chat?.conversations.find((one) => one.case === talk);

  return html`<section class=${main ? "chat main" : "chat beside"} aria-label=${t("ui.chat.label", { name: person.name })}>
    <${Head} person=${person} chat=${chat} talk=${talk} choose=${choose} main=${main} state=${state} />
    ${chat && chat.conversations.length > 1 && html`<${Talks} chat=${chat} talk=${talk} choose=${choose} state=${state} />`}
    <div class="stream" ref=${list} onScroll=${onScroll} tabindex="0" role="log" aria-live="off" aria-busy=${chat ? null : "true"} aria-label=${now ? talkTitle(now, state) : t("ui.chat.everything")}>
      <div class="stream-inner">
        ${chat && !messages.length && !asides.length && html`<${Empty} person=${person} state=${state} />`}
        <${Stream} person=${person} all=${chat?.messages || []} asides=${asides} state=${state} talk=${talk} />
      </div>
    </div>
    ${behind && html`<button type="button" class="button newer" onClick=${toEnd}><${Icon} name="down" />${t("ui.chat.newer")}</button>`}
    <${Composer} person=${person} talk=${talk} state=${state} />
  </section>`;
}
