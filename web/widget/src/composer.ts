/** Where questions are written or spoken. */

import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { microphone, send } from "./icons";
import { Part, tell } from "./part";
import { Ear } from "./speech";

/** Some browsers end a composition just before they tell of the Enter that ended it. */
const JUST_COMPOSED_MS = 100;

export class Composer extends Part {
  static override properties: PropertyDeclarations = { notice: {} };
  declare notice: string;
  private readonly ear = new Ear(() => this.requestUpdate());
  private composing = false;
  private composedAt = 0;
  private shift = false;
  private words = "";

  private get field(): HTMLTextAreaElement {
    return this.querySelector("textarea")!;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.ear.close();
  }

  private submit(event: Event): void {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text) return;
    this.ear.close();
    this.field.value = "";
    this.fit();
    tell(this, "wenbu-say", { title: text, payload: text });
  }

  /** As high as what is written in it, up to a third of a phone. */
  fit(): void {
    const field = this.querySelector("textarea");
    // the window may enlarge its letters before this part is drawn
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 3}px`;
  }

  private keydown(event: KeyboardEvent): void {
    this.shift = event.shiftKey;
    // Enter while an input method is composing chooses a word; 229 is how older browsers tell it
    if (event.key !== "Enter" || event.shiftKey || this.composing || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (Date.now() - this.composedAt > JUST_COMPOSED_MS) this.submit(event);
  }

  /** Phone keyboards name no key: their Enter is known by the line break that it would make. */
  private beforeInput(event: InputEvent): void {
    const breaks = event.inputType === "insertLineBreak" || event.inputType === "insertParagraph";
    if (breaks && !this.composing && !event.isComposing && !this.shift) this.submit(event);
  }

  private compose(on: boolean): void {
    this.composing = on;
    if (!on) this.composedAt = Date.now();
  }

  private speak(): void {
    this.words = "";
    const before = this.field.value;
    this.ear.toggle((text) => {
      this.field.value = before + text;
      this.fit();
    }, (words) => { this.words = words; });
  }

  protected override render(): TemplateResult {
    const { able, open } = this.ear;
    return html`<form class="composer" @submit=${this.submit}>
        <label for="text" class="hidden">您的问题</label>
        <textarea id="text" rows="1" maxlength="2000" enterkeyhint="send" autocomplete="off"
          placeholder=${open ? "请说…" : "写下问题…"} @input=${this.fit} @keydown=${this.keydown}
          @beforeinput=${this.beforeInput} @compositionstart=${() => this.compose(true)}
          @compositionend=${() => this.compose(false)}></textarea>
        ${able ? html`<button type="button" class="round speak" title="说话输入" aria-pressed=${open}
          @click=${this.speak}>${microphone}</button>` : nothing}
        <button type="submit" class="round send" aria-label="发送">${send}</button>
      </form>
      <p class="notice" role="status">${this.words || this.notice}</p>`;
  }
}
Composer.define("wenbu-composer");
