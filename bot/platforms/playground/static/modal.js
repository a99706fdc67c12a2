/* A dialog: the browser's own, so that focus stays inside and Escape closes. */

import { html, useLayoutEffect, useRef } from "./vendor/htm-preact.js";
import { Notice } from "./notice.js";

/** A modal dialog; when it goes, the focus returns to where it was. */
export function Modal({ label, className = "", notice = null, onClose, children }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    const element = box.current;
    element.showModal();
    element.querySelector("[data-first]")?.focus();
    return () => element.close();
  }, []);
  const cancel = (event) => {
    event.preventDefault();
    onClose();
  };
  const closed = () => box.current && onClose(); // by the browser, which need not ask first
  return html`<dialog ref=${box} class=${className} aria-labelledby=${label} onCancel=${cancel} onClose=${closed}>${children}<${Notice} notice=${notice} /></dialog>`;
}
