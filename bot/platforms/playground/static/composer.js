/* Where a persona writes: commands complete themselves, words under a case are comments. */

import { html, useEffect, useRef, useState } from "./vendor/htm-preact.js";
import { say } from "./acting.js";
import { Icon } from "./markup.js";
import { FileList, PickButton, useUploads } from "./upload.js";
import { t } from "./texts.js";

const ACCEPT = [];

function matching(text, commands) {
  if (!text.startsWith("/") || text.includes("\n")) return [];
  const [word] = text.split(" ");
  if (text.length > word.length) return [];
  return commands.filter((command) => command.text.startsWith(word.toLowerCase()));
}

const exact = (text, commands) => commands.find((command) => command.text === text.trim().split(" ")[0]);

function Suggestions({ id, items, active, choose, back }) {
  const list = useRef(null);
  useEffect(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [active]);
  return html`<ul class="suggestions" id=${id} ref=${list} role="listbox" tabindex="0" onFocus=${back} aria-label=${t("ui.composer.commands")}>
    ${items.map((item, index) => html`<li key=${item.text} id=${`${id}-${index}`} role="option" aria-selected=${String(index === active)}
      onMouseDown=${(event) => event.preventDefault()} onClick=${() => choose(item)}>
      <span class="command">${item.text}</span><span class="command-label">${item.label}</span><span class="command-hint">${item.hint}</span></li>`)}
  </ul>`;
}

function grow(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 180)}px`;
}

/** The composer of one persona; `talk` is the open case or null. */
export function Composer({ person, talk, state }) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [shut, setShut] = useState(false);
  const box = useRef(null);
  const uploads = useUploads(person.key, { accept: ACCEPT, limit: state.world.file_most, most: 10 });
  const { commands } = state.world;
  const items = shut ? [] : matching(text, commands);
  const ready = exact(text, commands);
  const open = items.length > 0 && !(items.length === 1 && ready);
  const busy = state.busy.has(`say:${person.key}`);
  const id = `suggestions-${person.key.replace(/\W/g, "-")}`;
  const name = talk ? t("ui.composer.comment", { case: talk }) : t("ui.composer.command", { name: person.name });

  useEffect(() => grow(box.current), [text]);

  const type = (value) => {
    setText(value);
    setActive(0);
    setShut(false);
  };
  const choose = (item) => {
    type(`${item.text} `);
    box.current.focus();
  };
  const send = async () => {
    const files = uploads.ids();
    if (busy || uploads.pending || uploads.warn() || (!text.trim() && !files.length)) return;
    if (await say(person.key, text.trim(), talk, files)) {
      setText((now) => (now === text ? "" : now)); // what was typed meanwhile stays
      uploads.clear();
    }
  };
  const onKey = (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (open && step) {
      event.preventDefault();
      setActive((active + step + items.length) % items.length);
    } else if (open && (event.key === "Tab" || (event.key === "Enter" && !ready)) && !event.shiftKey) {
      event.preventDefault();
      choose(items[active]);
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      setShut(true);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  };

  return html`<form class="composer" onSubmit=${(event) => { event.preventDefault(); send(); }} ...${uploads.drop}>
    ${open && html`<${Suggestions} id=${id} items=${items} active=${active} choose=${choose} back=${() => box.current.focus()} />`}
    <${FileList} uploads=${uploads} />
    <div class="composer-row">
      <${PickButton} uploads=${uploads} label=${t("ui.composer.attach")} />
      <textarea ref=${box} rows="1" value=${text} dir="auto" aria-label=${name} placeholder=${talk ? name : t("ui.composer.placeholder")} aria-autocomplete="list"
        aria-controls=${open ? id : null} aria-activedescendant=${open ? `${id}-${active}` : null} autocomplete="off" spellcheck="false"
        onInput=${(event) => type(event.target.value)} onKeyDown=${onKey} onPaste=${uploads.onPaste}></textarea>
      <button type="submit" class="button primary square" aria-label=${t("ui.composer.send")} title=${t("ui.composer.send")}
        aria-disabled=${busy || uploads.pending || (!text.trim() && !uploads.ids().length) ? "true" : null}><${Icon} name="send" /></button>
    </div>
    <p class="composer-hint">${ready ? html`<span class="command">${ready.text}</span> ${ready.hint || ready.label}`
      : talk ? t("ui.composer.comment_hint") : t("ui.composer.hint", { command: commands[0].text })}</p>
  </form>`;
}
