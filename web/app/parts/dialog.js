// A question that must be answered before anything else: the browser's own modal dialog.

import { html, useEffect, useId, useRef } from "/vendor.js";

/** @param {{title: string, onClose: () => void, children: any, actions: any}} props */
export function Dialog({ title, onClose, children, actions }) {
  const dialog = useRef(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    return () => before.focus();
  }, []);
  const onCancel = (event) => {
    event.preventDefault();
    onClose();
  };
  return html`<dialog class="dialog" ref=${dialog} aria-labelledby=${heading} onCancel=${onCancel}>
    <h2 id=${heading}>${title}</h2>
    ${children}
    <div class="dialog-actions">${actions}</div>
  </dialog>`;
}
