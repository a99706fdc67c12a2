/* Uploads: picked, dropped or pasted; each with its progress, or why it was refused. */

import { html, useRef, useState } from "./vendor/htm-preact.js";
import { upload } from "./api.js";
import { Icon } from "./markup.js";
import { notify } from "./telling.js";
import { inWords, size, t } from "./texts.js";

let number = 0;

/** Browsers know no type for many files, and a wrong one for some: the ending of the name counts too. */
function fits(file, accept, endings) {
  if (!accept?.length) return true;
  return accept.includes(file.type) || endings?.includes(file.name.split(".").at(-1).toLowerCase());
}

function refusal(file, { accept, endings, accepts, limit }, room) {
  if (room <= 0) return t("ui.upload.too_many");
  if (file.size > limit) return t("ui.upload.too_large", { size: size(file.size), limit: size(limit) });
  if (file.size === 0) return t("ui.upload.empty");
  if (!fits(file, accept, endings)) return t("ui.upload.wrong_type", { kinds: accepts });
  return "";
}

/** Says that files with these names were refused and are not sent. */
export function tellRefused(names) {
  const listed = inWords(names.map((name) => t("ui.upload.quoted", { name })));
  const msgid = names.length === 1 ? "ui.upload.refused.one" : "ui.upload.refused.many";
  notify(t(msgid, { names: listed }), { tone: "warn", stays: true });
}

/** The uploads of one place: at most `most` files of `limit` bytes. `first` are there already. */
export function useUploads(person, { accept, endings, accepts, limit, most, first = [] }) {
  const [items, setItems] = useState(first.map((file) => ({ ...file, done: true })));
  const [over, setOver] = useState(false);
  const latest = useRef(items);
  latest.current = items;
  const put = (next) => {
    latest.current = next;
    setItems(next);
  };
  const change = (local, patch) => put(latest.current.map((item) => (item.local === local ? { ...item, ...patch } : item)));

  const start = (file) => {
    number += 1;
    const local = `upload-${number}`;
    const kept = latest.current.filter((item) => !item.problem).length;
    const problem = refusal(file, { accept, endings, accepts, limit }, most - kept);
    const item = { local, name: file.name, size: file.size, media_type: file.type, share: 0, problem };
    put([...latest.current, item]);
    if (problem) return;
    const sending = upload(person, file, (share) => change(local, { share }));
    change(local, { cancel: sending.cancel });
    sending.promise.then(
      (kind) => change(local, { ...kind, done: true, share: 1 }),
      (failure) => change(local, { problem: failure.message || t("ui.upload.stopped") }),
    );
  };
  const add = (files) => [...files].forEach(start);
  const remove = (item) => {
    item.cancel?.();
    put(latest.current.filter((other) => other !== item && (!item.local || other.local !== item.local)));
  };
  return {
    items,
    over,
    accept: [...(accept || []), ...(endings || []).map((ending) => `.${ending}`)],
    add,
    remove,
    pending: items.some((item) => !item.done && !item.problem),
    ids: () => latest.current.filter((item) => item.done && !item.problem).map((item) => item.id),
    kept: () => latest.current.filter((item) => item.done && !item.problem),
    /** Says that what was refused will not be sent; true when there is such a file. */
    warn: () => {
      const refused = latest.current.filter((item) => item.problem);
      if (refused.length) tellRefused(refused.map((item) => item.name));
      return refused.length > 0;
    },
    clear: () => put([]),
    onPaste: (event) => event.clipboardData?.files.length && (event.preventDefault(), add(event.clipboardData.files)),
    drop: {
      onDragOver: (event) => event.dataTransfer?.types.includes("Files") && (event.preventDefault(), setOver(true)),
      onDragLeave: (event) => !event.currentTarget.contains(event.relatedTarget) && setOver(false),
      onDrop: (event) => {
        event.preventDefault();
        setOver(false);
        add(event.dataTransfer.files);
      },
    },
  };
}

/** What was added so far. */
export function FileList({ uploads }) {
  if (!uploads.items.length) return null;
  return html`<ul class="uploads">${uploads.items.map((item) => html`<li key=${item.local || item.id} class=${item.problem ? "refused" : item.done ? "done" : ""}>
    <${Icon} name=${item.problem ? "alert" : item.done ? "check" : "file"} />
    <span class="file-name"><span class="ellipsis" dir="auto">${item.name}</span>
      ${item.problem ? html`<span class="problem" role="alert">${item.problem}</span>`
        : html`<span class="fine">${size(item.size)}${item.done ? "" : ` · ${Math.round(item.share * 100)} %`}</span>`}
      ${!item.done && !item.problem && html`<progress max="1" value=${item.share} aria-label=${t("ui.upload.progress", { name: item.name })}></progress>`}</span>
    <button type="button" class="button quiet square" aria-label=${t("ui.upload.remove", { name: item.name })} onClick=${() => uploads.remove(item)}><${Icon} name="close" /></button>
  </li>`)}</ul>`;
}

/** A button that opens the file chooser. */
export function PickButton({ uploads, label, wide, ...rest }) {
  const input = useRef(null);
  return html`<span class="pick">
    <input ref=${input} type="file" multiple hidden accept=${uploads.accept?.join(",") || null} tabindex="-1"
      onChange=${(event) => { uploads.add(event.target.files); event.target.value = ""; }} />
    <button type="button" class=${wide ? "button" : "button quiet square"} aria-label=${wide ? null : label} title=${wide ? null : label}
      onClick=${() => input.current.click()} ...${rest}><${Icon} name="clip" />${wide && label}</button>
  </span>`;
}
