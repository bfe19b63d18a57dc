/** Line drawings; what a button does is said by its label. */

import { html, type TemplateResult } from "lit";

function icon(path: string): TemplateResult {
  return html`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
    stroke-linejoin="round" aria-hidden="true"><path d=${path} /></svg>`;
}

export const send = icon("M3 11.5 20.5 4 14 21l-3-7z");
/** The other thumb is this one upside down (style sheet). */
export const thumb = icon("M7 11v9H4v-9zM7 11l4-8c1.5 0 2.5 1 2.3 2.6L12.7 9H18a2 2 0 0 1 2 2.3l-1.2 7A2 2 0 0 1 16.8 20H7");
export const sound = icon("M4 9v6h4l5 4V5L8 9zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11");
export const microphone = icon("M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3");
export const close = icon("M6 6l12 12M18 6 6 18");
