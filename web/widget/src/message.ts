/** One message with all that belongs to it. */

import { html, nothing, type TemplateResult } from "lit";
import { sourceOf } from "./card";
import { sound } from "./icons";
import { result, type Cite } from "./result";
import type { Session } from "./session";
import type { Reader } from "./speech";
import type { Citation, Message } from "./types";
import type { Waiting } from "./outbox";

export interface Surroundings {
  session: Session;
  reader: Reader;
  labels: Map<string, string>;
  cite(citation: Citation): void;
}

function citing(open: (citation: Citation) => void): Cite {
  return (citation) => html`<button type="button" class="cite" @click=${() => open(citation)}><span>依据</span>${
    sourceOf(citation)}</button>`;
}

function printAddress({ session }: Surroundings, message: Message, how: string): string {
  return `${session.api.server}/print#c=${session.name}&m=${message.id}&do=${how}`;
}

function card(message: Message, around: Surroundings): TemplateResult {
  return html`<section class="result" aria-label="测算结果">
    <h2>测算结果<span class="small">按${message.card!.as_of}算</span></h2>
    ${result(message.card!, around.labels, citing(around.cite), true)}
    <p class="choices">${[["print", "打印"], ["picture", "存成图片"]].map(([how, words]) => html`<a class="choice" target="_blank"
      rel="noopener noreferrer" href=${printAddress(around, message, how)}>${words}</a>`)}</p></section>`;
}

/** A question of ours and what leads up to it are not to be judged, an answer is. */
function judged({ id, author, buttons, citations, card: drawn }: Message, next?: Message): boolean {
  return author === "bot" && id % 1 === 0
    && (citations.length > 0 || !!drawn || !buttons.length && next?.author !== "bot");
}

function tools(message: Message, { reader, session }: Surroundings, next?: Message): TemplateResult | typeof nothing {
  const rated = judged(message, next);
  if (!rated && !reader.able) return nothing;
  return html`<div class="tools">
    ${reader.able ? html`<button type="button" class="tool" title="听" aria-pressed=${reader.now === message.id}
      @click=${() => reader.toggle(message.id, message.text)}>${sound}</button>` : nothing}
    ${rated ? html`<wenbu-feedback .message=${message} .session=${session}></wenbu-feedback>` : nothing}</div>`;
}

/**
 * @param newest whether nothing was said after it: older choices would answer a question that is no longer open
 * @param next what was said after it, if anything was
 */
export function message(one: Message, around: Surroundings, newest: boolean, next?: Message): TemplateResult {
  const { author, text, citations, buttons } = one;
  if (author === "person") {
    return html`<div class="turn mine"><div class="bubble"><span class="hidden">您：</span>${text}</div></div>`;
  }
  if (author === "system") return html`<p class="turn note">${text}</p>`;
  const drawn = one.card && Array.isArray(one.card.results);
  return html`<div class="turn ${author}">
    ${author === "staff" ? html`<span class="who">工作人员：</span>` : html`<span class="hidden">问补：</span>`}
    ${drawn ? card(one, around) : html`<div class="bubble">${text}</div>`}
    ${citations.length && !drawn
      ? html`<ul class="cites" aria-label="政策依据">${citations.map((c) => html`<li>${citing(around.cite)(c)}</li>`)}</ul>`
      : nothing}
    ${tools(one, around, next)}
    ${buttons.length && newest
      ? html`<wenbu-choices .choices=${buttons} ?multiple=${one.multiple}></wenbu-choices>` : nothing}</div>`;
}

/** A message that the gateway does not have yet. */
export function waiting(one: Waiting, { session }: Surroundings): TemplateResult {
  const how = one.refused
    ? html`<p class="state" role="alert">${one.refused}
        <button type="button" class="choice" @click=${() => session.sendAgain(one)}>重发</button>
        <button type="button" class="choice" @click=${() => session.drop(one)}>不发了</button></p>`
    : session.reach === "cut" ? html`<p class="state">还没发出去，网络通了自动发</p>` : nothing;
  return html`<div class="turn mine waiting"><div class="bubble"><span class="hidden">您：</span>${one.shown}</div>${how}</div>`;
}
