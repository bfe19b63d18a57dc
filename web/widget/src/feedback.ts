/** 👍 and 👎 of an answer; after 👎: what is wrong with it. */

import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { thumb } from "./icons";
import { Part } from "./part";
import type { Session } from "./session";
import type { Message } from "./types";

export class Feedback extends Part {
  static override properties: PropertyDeclarations = { message: {}, session: {} };
  declare message: Message;
  declare session: Session;
  private asking = false;
  private reason: string | null = null;
  private words = "";

  /** Another answer in the same place: what was said of the old one does not belong to it. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.get("message") && changed.get("message")!.id !== this.message.id) {
      this.asking = false;
      this.words = "";
    }
  }

  private async rate(value: "up" | "down", comment: string | null = null): Promise<void> {
    this.words = "";
    try {
      await this.session.rate(this.message, value, value === "down" ? this.reason : null, comment);
      if (value === "up" || comment !== null) {
        this.asking = false;
        this.words = "收到，谢谢您。";
      }
    } catch (error) {
      this.words = "没有记下来，请稍后再按一次。";
    }
    this.requestUpdate();
  }

  private down(): void {
    this.asking = !this.asking;
    this.reason = null;
    this.requestUpdate();
    // the thumb counts even if nothing more is said
    if (this.asking && this.message.feedback !== "down") void this.rate("down");
  }

  private send(event: Event): void {
    event.preventDefault();
    void this.rate("down", this.querySelector("textarea")!.value.trim());
  }

  private form(): TemplateResult {
    return html`<form class="wrong" @submit=${this.send}>
      <fieldset><legend>哪里不对？</legend>
        ${this.session.settings.feedback_reasons.map(({ value, label }) => html`<label class="choice tick">
          <input type="radio" name="reason" @change=${() => { this.reason = value; }}>${label}</label>`)}
      </fieldset>
      <label class="small" for="c${this.message.id}">想多说一句（可以不写）</label>
      <textarea id="c${this.message.id}" rows="2" maxlength="500"></textarea>
      <button type="submit" class="choice sure">提交</button>
    </form>`;
  }

  protected override render(): TemplateResult {
    const given = this.message.feedback;
    return html`<button type="button" class="tool up" title="有用" aria-pressed=${given === "up"}
        @click=${() => this.rate("up")}>${thumb}</button>
      <button type="button" class="tool down" title="不对，没用" aria-pressed=${given === "down"}
        aria-expanded=${this.asking} @click=${this.down}>${thumb}</button>
      <span class="small" role="status">${this.words}</span>
      ${this.asking ? this.form() : nothing}`;
  }
}
Feedback.define("wenbu-feedback");
