/** The choices of a question: one press sends one; where several may be chosen they are ticked first. */

import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { Part, tell } from "./part";
import type { Choice } from "./types";

/** Of these there is no choosing several: they are sent by themselves. */
const ALONE = /^(\/|(以上)?都不是|都没有|不知道|不清楚)/;

export class Choices extends Part {
  static override properties: PropertyDeclarations = { choices: {}, multiple: { type: Boolean } };
  declare choices: Choice[];
  declare multiple: boolean;
  private chosen = new Set<string>();

  /** Another question in the same place: nothing of the old one is ticked. */
  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("choices")) this.chosen = new Set();
  }

  private choose(choice: Choice): void {
    tell(this, "wenbu-say", choice);
  }

  private tick(title: string, event: Event): void {
    if ((event.target as HTMLInputElement).checked) this.chosen.add(title);
    else this.chosen.delete(title);
    this.requestUpdate();
  }

  private chooseTicked(): void {
    // in the order in which they stand, whatever the order of ticking
    const titles = this.choices.map((one) => one.title).filter((title) => this.chosen.has(title)).join("、");
    this.choose({ title: titles, payload: titles });
  }

  private button(choice: Choice): TemplateResult {
    return html`<button type="button" class="choice" @click=${() => this.choose(choice)}>${choice.title}</button>`;
  }

  protected override render(): TemplateResult {
    if (!this.multiple) {
      return html`<div class="choices" role="group" aria-label="可以直接选">${this.choices.map((one) => this.button(one))}</div>`;
    }
    const alone = this.choices.filter((one) => ALONE.test(one.payload));
    const several = this.choices.filter((one) => !alone.includes(one));
    const count = this.chosen.size;
    return html`<div class="choices" role="group" aria-label="可以选几个">
      ${several.map(({ title }) => html`<label class="choice tick">
        <input type="checkbox" @change=${(event: Event) => this.tick(title, event)}>${title}</label>`)}
      <button type="button" class="choice sure" ?disabled=${!count} @click=${this.chooseTicked}>
        选好了${count ? `（${count}个）` : nothing}</button>
      ${alone.map((one) => this.button(one))}
    </div>`;
  }
}
Choices.define("wenbu-choices");
