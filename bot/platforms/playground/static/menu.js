/* A button that opens a list of things to do; works by mouse, arrows, letters and Escape. */

import { html, useLayoutEffect, useRef, useState } from "./vendor/htm-preact.js";
import { Icon } from "./markup.js";

const GAP = 4;

function place(list, button) {
  const anchor = button.getBoundingClientRect();
  const below = innerHeight - anchor.bottom - GAP * 2;
  const above = anchor.top - GAP * 2;
  const up = below < Math.min(list.scrollHeight, 240) && above > below;
  list.style.maxHeight = `${Math.max(120, up ? above : below)}px`;
  list.style.minWidth = `${Math.min(anchor.width, 320)}px`;
  const width = list.offsetWidth;
  list.style.left = `${Math.max(GAP, Math.min(anchor.left, innerWidth - width - GAP))}px`;
  list.style.top = up ? `${anchor.top - list.offsetHeight - GAP}px` : `${anchor.bottom + GAP}px`;
}

function move(list, key) {
  const items = [...list.querySelectorAll("[role^=menuitem]")];
  const now = items.indexOf(document.activeElement);
  const last = items.length - 1;
  const to = { ArrowDown: now >= last ? 0 : now + 1, ArrowUp: now <= 0 ? last : now - 1, Home: 0, End: last }[key];
  if (to !== undefined) items[to]?.focus();
  return to !== undefined;
}

/** `items`: [{id, label, verb, danger, current, onSelect, content}]; `children` stand on the button. */
export function Menu({ items, label, children, className = "button quiet", inactive, plain }) {
  const button = useRef(null);
  const list = useRef(null);
  const [open, setOpen] = useState(false);

  useLayoutEffect(() => { // before the next key, which is for the list
    if (!open) return undefined;
    list.current.showPopover();
    place(list.current, button.current);
    (list.current.querySelector("[aria-checked=true]") || list.current.querySelector("[role^=menuitem]"))?.focus();
    const outside = (event) => !list.current?.contains(event.target) && !button.current?.contains(event.target);
    const away = (event) => outside(event) && setOpen(false);
    const shut = () => setOpen(false);
    addEventListener("pointerdown", away, true);
    addEventListener("wheel", away, { capture: true, passive: true });
    addEventListener("resize", shut);
    return () => {
      removeEventListener("pointerdown", away, true);
      removeEventListener("wheel", away, { capture: true });
      removeEventListener("resize", shut);
    };
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKey = (event) => {
    if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      event.stopPropagation();
      close();
    } else if (move(list.current, event.key)) event.preventDefault();
  };
  const choose = (item) => {
    close();
    item.onSelect();
  };
  const radio = items.some((item) => item.current !== undefined);

  return html`<span class="menu-anchor">
    <button type="button" ref=${button} class=${className} aria-haspopup="menu" aria-expanded=${open} aria-label=${label}
      aria-disabled=${inactive ? "true" : null}
      onClick=${() => !inactive && setOpen(!open)}
      onKeyDown=${(event) => event.key === "ArrowDown" && !inactive && (event.preventDefault(), setOpen(true))}>
      ${children}${!plain && html`<${Icon} name="down" />`}
    </button>
    ${open && html`<div ref=${list} class="menu" role="menu" aria-label=${label} popover="manual" onKeyDown=${onKey}>
      ${items.map((item) => html`<button type="button" key=${item.id} role=${radio ? "menuitemradio" : "menuitem"}
        data-verb=${item.verb} aria-checked=${radio ? String(Boolean(item.current)) : null} class=${item.danger ? "danger" : ""} tabindex="-1"
        onClick=${() => choose(item)}>${item.content || item.label}</button>`)}
    </div>`}
  </span>`;
}
