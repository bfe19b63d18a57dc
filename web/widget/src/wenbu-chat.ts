/** `<wenbu-chat>`: the window with the conversation, as a bubble in the corner or over the full page. */

import {
  html, LitElement, nothing, supportsAdoptingStyleSheets, unsafeCSS,
  type PropertyDeclarations, type PropertyValues, type TemplateResult,
} from "lit";
import "./choices";
import "./clause";
import type { Composer } from "./composer";
import "./composer";
import "./feedback";
import { close } from "./icons";
import { Knowledge } from "./knowledge";
import { Memory } from "./memory";
import { message, waiting, type Surroundings } from "./message";
import { followScreen } from "./screen";
import { home } from "./script";
import { Session } from "./session";
import { Reader } from "./speech";
import styles from "./styles.css?inline";
import type { Choice, Citation } from "./types";

const LARGE = "large";
/** Newest message that was on the screen: what came after it is news, also on the next page of the site. */
const SEEN = "seen";
/** Answers of one turn come so close together. */
const ONE_TURN_MS = 1500;

export class WenbuChat extends LitElement {
  // before Chrome 73 and Safari 16.4 the same styles come as a file: a <style> would be refused by a strict page, ours too
  static override styles = supportsAdoptingStyleSheets ? unsafeCSS(styles) : undefined;
  static override properties: PropertyDeclarations = {
    siteKey: { attribute: "site-key" }, server: {}, region: {}, mode: { reflect: true },
    open: { type: Boolean, reflect: true }, large: { type: Boolean, reflect: true },
    sheet: { state: true }, trouble: { state: true },
  };
  /** Key of the site that the page belongs to; not needed on the gateway's own pages. */
  declare siteKey: string | null;
  /** Origin of the gateway; by default the one that the script came from. */
  declare server: string | null;
  /** Usual name of the place that the page is about (曲靖): questions that name none are about it. */
  declare region: string | null;
  /** `page`: over the full page, else a bubble in the corner. */
  declare mode: string | null;
  declare open: boolean;
  declare large: boolean;
  declare private sheet: Citation | null;
  declare private trouble: string;

  private session!: Session;
  private knowledge!: Knowledge;
  private reader!: Reader;
  private memory!: Memory;
  private labels = new Map<string, string>();
  private labelsAsked = false;
  private endFollowing: (() => void) | null = null;
  private opened = false;
  private unread = 0;
  private shown = 0;
  private atEnd = true;
  private answeredAt = 0;
  private cameFrom: HTMLElement | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    const server = (this.server || home).replace(/\/+$/, "");
    const site = server === location.origin ? null : this.siteKey;
    this.memory = new Memory(`wenbu.${site ? `${site}.` : ""}`);
    this.large = this.memory.read(LARGE) === "1";
    this.session = new Session(server, site, this.memory, () => this.requestUpdate());
    this.session.region = this.region;
    this.knowledge = new Knowledge(this.session.api);
    this.reader = new Reader(() => this.requestUpdate());
    this.endFollowing = followScreen(this);
    if (this.mode === "page") this.open = true;
    if (this.session.expectsSomething) this.session.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.end();
    this.reader.stop();
    this.endFollowing?.();
  }

  private find<T extends Element>(selector: string): T {
    return this.renderRoot.querySelector<T>(selector)!;
  }

  // ---- what happens

  private toggle(): void {
    this.open = !this.open;
    if (!this.open) this.reader.stop();
    void this.updateComplete.then(() => {
      if (!this.open) return this.find<HTMLElement>(".launcher").focus();
      // what is not drawn has no place to be scrolled to
      this.showNewest(this.find(".log"));
      this.focusInside();
    });
  }

  /** To the field, but on a phone: there its keyboard would cover what there is to read. */
  private focusInside(): void {
    const touch = window.matchMedia("(pointer: coarse)").matches;
    this.find<HTMLElement>(touch ? ".log" : "#text").focus();
  }

  private say({ payload, title }: Choice): void {
    this.atEnd = true;
    this.session.say(payload, title);
    // the pressed button goes: the focus must not go with it
    if (this.shadowRoot!.activeElement?.tagName !== "TEXTAREA") this.focusInside();
  }

  private keydown(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.mode !== "page" && !event.isComposing) this.toggle();
  }

  private openSheet(what: Citation): void {
    this.cameFrom = this.shadowRoot!.activeElement as HTMLElement | null;
    this.sheet = what;
  }

  private closeSheet(): void {
    this.sheet = null;
    void this.updateComplete.then(() => this.cameFrom?.focus());
  }

  private enlarge(): void {
    this.large = !this.large;
    this.memory.write(LARGE, this.large ? "1" : null);
  }

  private restart(): void {
    const { messages, waiting: unsent } = this.session;
    if (messages.length + unsent.length && !confirm("开始新的对话？现在这段会从这里清掉。")) return;
    this.trouble = "";
    this.shown = 0;
    this.reader.stop();
    this.session.restart();
    this.focusInside();
  }

  private async attempt(what: Promise<void>): Promise<void> {
    this.trouble = "";
    this.atEnd = true;
    try {
      await what;
    } catch (error) {
      this.trouble = "没有接通，请稍后再试，或者打12333。";
    }
  }

  // ---- keeping what is new in sight

  protected override willUpdate(): void {
    if (this.open && !this.opened) {
      this.opened = true;
      this.session.begin();
    }
    const { messages } = this.session;
    if (!this.labelsAsked && messages.some((one) => one.card)) {
      this.labelsAsked = true;
      this.knowledge.labels().then((labels) => {
        this.labels = labels;
        this.requestUpdate();
      }, () => { this.labelsAsked = false; });
    }
    if (this.open) this.memory.write(SEEN, `${this.session.newest}`);
    const seen = Number(this.memory.read(SEEN));
    this.unread = messages.filter((one) => one.id > seen && one.author !== "person").length;
  }

  protected override updated(changed: PropertyValues): void {
    const log = this.renderRoot.querySelector<HTMLElement>(".log");
    if (!log) return;
    if (changed.has("large")) this.find<Composer>("wenbu-composer").fit();
    const { messages, waiting: unsent } = this.session;
    const now = messages.length + unsent.length;
    const isNew = now > this.shown || changed.has("large") || !!this.renderRoot.querySelector(".typing");
    this.shown = messages.length;
    if (!isNew || !this.atEnd || !this.open) return;
    // after the parts have drawn themselves
    requestAnimationFrame(() => this.showNewest(log));
  }

  /** To the end, unless the answer is longer than the window: then its beginning is what is read first. */
  private showNewest(log: HTMLElement): void {
    const turns = Array.from(log.querySelectorAll<HTMLElement>(".turn:not(.typing)"));
    const last = turns.map((turn) => turn.classList.contains("mine")).lastIndexOf(true);
    const answer = turns[last + 1];
    const tooLong = last >= 0 && answer && log.scrollHeight - turns[last].offsetTop > log.clientHeight;
    const recent = Date.now() - this.answeredAt < ONE_TURN_MS;
    if (tooLong && (turns.length === last + 2 || recent)) {
      log.scrollTop = answer.offsetTop - log.offsetTop - 12;
      if (!recent) this.answeredAt = Date.now();
      this.atEnd = true;
    } else {
      log.scrollTop = log.scrollHeight;
    }
  }

  private scrolled(event: Event): void {
    const log = event.target as HTMLElement;
    this.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  }

  // ---- what there is to see

  protected override render(): unknown {
    const page = this.mode === "page";
    return html`${supportsAdoptingStyleSheets ? nothing
      : html`<link rel="stylesheet" href="${this.session.api.server}/widget.css">`}${this.opened ? this.panel(page) : nothing}${page ? nothing : this.launcher()}`;
  }

  private launcher(): TemplateResult {
    return html`<button type="button" class="launcher" ?hidden=${this.open} @click=${this.toggle}>
      <span class="mark" aria-hidden="true">补</span>问补贴${this.unread
        ? html`<span class="badge">${this.unread}<span class="hidden">条新消息</span></span>` : nothing}</button>`;
  }

  private panel(page: boolean): TemplateResult {
    const { sheet, session } = this;
    return html`<section class="panel" ?hidden=${!this.open} role=${page ? nothing : "dialog"} aria-label=${session.settings.title}
      @keydown=${this.keydown} @wenbu-say=${(event: CustomEvent<Choice>) => this.say(event.detail)}
      @wenbu-close=${this.closeSheet}>
      <div class="inside" ?inert=${!!sheet}>
        ${this.head(page)}${this.banner()}${this.log()}
        <div class="bottom"><wenbu-composer notice=${session.settings.notice}></wenbu-composer></div>
      </div>
      ${sheet ? html`<wenbu-clause .citation=${sheet} .knowledge=${this.knowledge}></wenbu-clause>` : nothing}
    </section>`;
  }

  private head(page: boolean): TemplateResult {
    const { session } = this;
    return html`<header class="top"><div class="top-inner">
      <span class="mark" aria-hidden="true">补</span>
      <div class="names"><h1>${session.settings.title}</h1><p>培训补贴问答</p></div>
      <div class="buttons">
        <button type="button" class="quiet large" aria-pressed=${this.large} @click=${this.enlarge}>大字</button>
        ${session.caseOpen ? nothing : html`<button type="button" class="quiet person"
          @click=${() => this.attempt(session.handOff())}>转人工</button>`}
        <button type="button" class="quiet restart" @click=${this.restart}>新对话</button>
      </div>
      ${page ? nothing : html`<button type="button" class="quiet shut" aria-label="收起" @click=${this.toggle}>${close}</button>`}
    </div></header>`;
  }

  private banner(): TemplateResult {
    const { session } = this;
    const open = session.caseOpen ? session.case! : null;
    const ahead = open?.status === "waiting" && open.ahead && !open.text.includes(`${open.ahead}`)
      ? `前面还有${open.ahead}位。` : "";
    const reach = session.reach === "cut" ? "网络不通，正在重新连接…"
      : session.reach === "refused" ? "这个网站还没有登记，用不了问补。请告诉网站的管理员。" : "";
    return html`<div role="status">
      ${open ? html`<div class="banner case"><p>${open.text}${ahead}</p>
        <button type="button" class="choice resume" @click=${() => this.attempt(session.resume())}>接着问问补</button></div>` : nothing}
      ${this.trouble || reach ? html`<div class="banner reach"><p>${this.trouble || reach}</p></div>` : nothing}</div>`;
  }

  private log(): TemplateResult {
    const { session } = this;
    const { messages, waiting: unsent } = session;
    const around: Surroundings = {
      session, reader: this.reader, labels: this.labels, cite: (citation) => this.openSheet(citation),
    };
    const newest = unsent.length ? null : messages[messages.length - 1];
    const writes = session.typing || (session.busy && !session.caseOpen ? "bot" : null);
    // what was said before a reload is not read out again
    return html`<div class="log" role="log" tabindex="0" aria-label="对话" aria-live=${session.loaded ? "polite" : "off"}
      @scroll=${this.scrolled}>
      ${this.greeting(!messages.length && !unsent.length)}
      ${messages.map((one, at) => message(one, around, one === newest, messages[at + 1]))}
      ${unsent.map((one) => waiting(one, around))}
      ${writes ? html`<div class="turn typing"><div class="bubble"><i></i><i></i><i></i><span
        class=${writes === "staff" ? "" : "hidden"}>${writes === "staff" ? "工作人员正在写" : "正在回答"}</span></div></div>` : nothing}
    </div>`;
  }

  private greeting(fresh: boolean): TemplateResult {
    const { greeting, regions, examples } = this.session.settings;
    return html`<div class="turn bot greeting"><div class="bubble">${greeting}</div>
      ${regions.length ? html`<p class="small places">现有这些地方的政策：${regions.join("、")}</p>` : nothing}
      ${fresh ? html`<div class="choices examples" role="group" aria-label="可以这样问">
        ${examples.map((title) => html`<button type="button" class="choice"
          @click=${() => this.say({ title, payload: title })}>${title}</button>`)}</div>` : nothing}</div>`;
  }
}
