/** The result of a check as a card; also what the printed page shows. */

import { html, nothing, type TemplateResult } from "lit";
import { groupsOf, NOTICE, sourceOf, type Group, type Item } from "./card";
import type { Card, Citation } from "./types";

export type Cite = (citation: Citation) => unknown;

function item({ name, sum, lines, citations }: Item, cite: Cite): TemplateResult {
  return html`<li class="item"><b>${name}</b>${sum ? html`<span class="sum">${sum}</span>` : nothing}
    ${lines.map((line) => html`<p class="small">${line}</p>`)}
    ${citations.map((one) => html`<p class="small">${cite(one)}</p>`)}</li>`;
}

function group({ status, title, items }: Group, cite: Cite, folds: boolean): TemplateResult {
  const list = html`<ul>${items.map((one) => item(one, cite))}</ul>`;
  // what cannot be claimed is there for who wants to know why, and does not hide the rest
  return folds && status === "not_eligible"
    ? html`<details class="group ${status}"><summary>${title}</summary>${list}</details>`
    : html`<div class="group ${status}"><h3>${title}</h3>${list}</div>`;
}

/** @param cite draws a source · @param folds whether what cannot be claimed is folded away at first */
export function result(card: Card, labels: Map<string, string>, cite: Cite, folds: boolean): TemplateResult {
  return html`${groupsOf(card, labels).map((one) => group(one, cite, folds))}
    ${card.code ? html`<p class="code">查询码 <b>${card.code}</b><span class="small">打热线时念出来，工作人员就能看到这次测算。</span></p>` : nothing}
    <p class="small remark">${NOTICE}</p>`;
}

/** A source as plain words. */
export const plainly: Cite = (citation) => `依据 ${sourceOf(citation)}`;
