/** A clause in full, over the window: our words, and the official ones where the text was imported.
 *
 * The dialog is our own: <dialog> is missing in web views of Safari before 15.4.
 */

import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import type { Knowledge } from "./knowledge";
import { Part, tell } from "./part";
import type { Citation, Clause, PolicyDocument } from "./types";

/** Puts the focus inside, keeps it there, and tells `wenbu-close` on Escape, on 关闭 and on a press beside it. */
export class ClauseSheet extends Part {
  static override properties: PropertyDeclarations = { citation: {}, knowledge: {} };
  declare citation: Citation;
  declare knowledge: Knowledge;
  private found: { document: PolicyDocument; clause: Clause } | null = null;
  private words = "正在打开…";

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.found = await this.knowledge.clause(this.citation.document, this.citation.clause);
    } catch (error) {
      // told by the same words as a clause that is not there
    }
    this.words = "这一条没能打开，请稍后再点一次。";
    this.requestUpdate();
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>("h2")!.focus();
  }

  private dismiss(): void {
    tell(this, "wenbu-close");
  }

  private keydown(event: KeyboardEvent): void {
    // the window under it would close as well
    event.stopPropagation();
    if (event.key === "Escape") this.dismiss();
    if (event.key !== "Tab") return;
    event.preventDefault();
    // two places to be: 关闭 and the text, which the arrow keys scroll
    const shut = this.querySelector<HTMLElement>("button")!;
    const text = this.querySelector<HTMLElement>(".sheet-body")!;
    ((this.getRootNode() as ShadowRoot).activeElement === shut ? text : shut).focus();
  }

  protected override render(): TemplateResult {
    const { citation, found } = this;
    return html`<div class="veil" @click=${this.dismiss}></div>
      <div class="sheet" role="dialog" aria-modal="true" aria-labelledby="clause" @keydown=${this.keydown}>
        <div class="sheet-head">
          <h2 id="clause" tabindex="-1">${found ? found.clause.title : citation.title || citation.number}</h2>
          <button type="button" class="quiet" @click=${this.dismiss}>关闭</button>
        </div>
        <div class="sheet-body" tabindex="0">${found ? this.text(found.document, found.clause) : this.words}</div>
      </div>`;
  }

  private text(document: PolicyDocument, { label, text, original }: Clause): TemplateResult {
    return html`<p class="small">${document.title}<br>${document.number} ${label}</p>
      <h3>讲的是什么</h3><p class="text">${text}</p>
      ${original ? html`<h3>文件原文</h3><p class="text original">${original}</p>` : nothing}`;
  }
}
ClauseSheet.define("wenbu-clause");
