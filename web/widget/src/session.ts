/** One conversation: what was said, what waits to be sent, who is writing, and whether staff are asked for. */

import { Api, Refused, Unreachable } from "./api";
import type { ServerEvent } from "./events";
import { Live } from "./live";
import { Memory, randomName } from "./memory";
import { Outbox, type Waiting } from "./outbox";
import type { Answer, Author, Case, Message, Settings } from "./types";

const TOKEN = "conversation";
const LIVE = "live";
const LONGEST_WAIT_MS = 30000;
/** A typing sign that nobody takes back goes by itself. */
const TYPING_MS = 20000;

/** Until the gateway has told. */
const SETTINGS: Settings = { title: "问补", greeting: "", examples: [], notice: "", regions: [], feedback_reasons: [] };

export type Reach = "fine" | "cut" | "refused";

export class Session {
  messages: Message[] = [];
  case: Case | null = null;
  typing: Author | null = null;
  settings = SETTINGS;
  reach: Reach = "fine";
  /** Whether what was said before is on the screen. */
  loaded = false;
  /** Usual name of the place that the page is about: goes before the first question if that names none. */
  region: string | null = null;

  readonly api: Api;
  private readonly outbox: Outbox;
  private readonly live: Live;
  private token: string;
  private sending: { name: string; after: number } | null = null;
  /** Names of those that wait to be shown here: not another tab's, and not what came back by the stream already. */
  private readonly mine: Set<string>;
  private timer = 0;
  private typingTimer = 0;
  private wait = 0;
  private begun = false;

  /** `changed` is called whenever there is something else to show. */
  constructor(server: string, site: string | null, private readonly memory: Memory, private readonly changed: () => void) {
    this.token = memory.read(TOKEN) || this.newToken();
    this.api = new Api(server, site, () => this.token);
    this.outbox = new Outbox(memory);
    this.mine = new Set(this.outbox.all.map((one) => one.client_id));
    this.live = new Live(this.api, {
      after: () => this.newest,
      heard: (event) => this.heard(event),
      poll: () => this.fetchNew(),
      matters: () => this.caseOpen,
    });
    addEventListener("online", this.backOnline);
  }

  private newToken(): string {
    const token = randomName();
    this.memory.write(TOKEN, token);
    return token;
  }

  /** The secret name of the conversation, for the page that prints a result. */
  get name(): string {
    return this.token;
  }

  get caseOpen(): boolean {
    return !!this.case && this.case.status !== "closed";
  }

  /** Whether an answer is under way. */
  get busy(): boolean {
    return !!this.sending && this.reach === "fine";
  }

  /** What is not stored by the gateway yet, oldest first. */
  get waiting(): Waiting[] {
    return this.outbox.all.filter((one) => this.mine.has(one.client_id));
  }

  /** Id of the newest message that the gateway has told of. */
  get newest(): number {
    const { messages } = this;
    return messages.length ? Math.floor(messages[messages.length - 1].id) : 0;
  }

  /** Whether to be connected before anyone opens the window: staff may write. */
  get expectsSomething(): boolean {
    return !!this.memory.read(LIVE) || this.outbox.all.length > 0;
  }

  /** Bring back what was said, send what waits, and keep up from now on. */
  begin(): void {
    if (this.begun) return;
    this.begun = true;
    void this.load();
  }

  end(): void {
    this.live.stop();
    removeEventListener("online", this.backOnline);
    clearTimeout(this.timer);
  }

  private readonly backOnline = (): void => {
    this.wait = 0;
    void (this.loaded ? this.flush() : this.load());
  };

  private async load(): Promise<void> {
    try {
      await this.fetchSettings();
      await this.fetchNew();
      this.loaded = true;
      this.live.start();
      await this.flush();
    } catch (error) {
      await this.failed(error, () => this.load());
    }
    this.changed();
  }

  private async fetchSettings(): Promise<void> {
    if (this.settings.greeting) return;
    this.settings = await this.api.get<Settings>("/api/v1/widget/settings");
    this.changed();
  }

  private async fetchNew(): Promise<void> {
    const token = this.token;
    const found = await this.api.get<Answer>(`/api/v1/widget/messages?after=${this.newest}`);
    if (token === this.token) this.take(found);
  }

  /** Say `text`; `shown` is what stands in the conversation, the title of a button for instance. */
  say(text: string, shown = text): void {
    const places = this.settings.regions;
    const first = !this.messages.some((one) => one.author === "person") && !this.outbox.all.length;
    const names = text[0] === "/" || places.some((place) => text.includes(place));
    const place = first && !names && this.region && places.includes(this.region) ? `${this.region}，` : "";
    this.mine.add(this.outbox.add(place + text, shown));
    this.wait = 0;
    void this.flush();
  }

  sendAgain(one: Waiting): void {
    this.outbox.again(one.client_id);
    void this.flush();
  }

  drop(one: Waiting): void {
    this.outbox.remove(one.client_id);
    this.changed();
  }

  /** Send what waits, one after the other. */
  private async flush(): Promise<void> {
    this.changed();
    if (this.sending || !this.loaded) return;
    const token = this.token;
    for (let one = this.outbox.next(); one && token === this.token; one = this.outbox.next()) {
      this.sending = { name: one.client_id, after: this.newest };
      this.changed();
      try {
        const { client_id, text, shown } = one;
        const answer = await this.api.post<Answer>(
          "/api/v1/widget/messages", shown === text ? { client_id, text } : { client_id, text, shown });
        if (token !== this.token) return;
        this.outbox.remove(client_id);
        this.take(answer);
        this.wait = 0;
      } catch (error) {
        if (token !== this.token) return;
        if (error instanceof Refused) {
          this.outbox.refuse(one.client_id, error.message);
        } else {
          this.sending = null;
          await this.failed(error, () => this.flush());
          break;
        }
      }
    }
    this.sending = null;
    this.changed();
  }

  /** Nobody answered: say so, and try again later. */
  private async failed(error: unknown, again: () => Promise<void>): Promise<void> {
    this.wait = Math.min(LONGEST_WAIT_MS, this.wait * 2 || 1000);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(again, Math.max(this.wait, error instanceof Unreachable ? error.waitMs : 0));
    const refused = error instanceof Refused || this.reach === "refused"
      || (!this.loaded && await this.api.answersOthers());
    this.reach = refused ? "refused" : "cut";
    this.changed();
  }

  /** Ask for a person of the staff. Errors: Refused, Unreachable. */
  async handOff(): Promise<void> {
    this.take(await this.api.post<Answer>("/api/v1/widget/handoff", {}));
  }

  /** Leave the staff's queue: the bot listens again. Errors: Refused, Unreachable. */
  async resume(): Promise<void> {
    this.take(await this.api.post<Answer>("/api/v1/widget/resume", {}));
  }

  /** Errors: Refused, Unreachable. */
  async rate(message: Message, value: "up" | "down", reason: string | null = null, comment: string | null = null): Promise<void> {
    await this.api.post(`/api/v1/widget/messages/${message.id}/feedback`, { value, reason, comment });
    message.feedback = value;
    this.changed();
  }

  /** Forget this conversation and begin another. */
  restart(): void {
    this.live.stop();
    clearTimeout(this.timer);
    this.outbox.clear();
    this.messages = [];
    this.sending = this.typing = null;
    this.reach = "fine";
    this.token = this.newToken();
    this.setCase(null);
    this.begun = this.loaded = false;
    this.begin();
    this.changed();
  }

  private take(answer: Answer): void {
    this.reach = "fine";
    if (answer.person) this.replace(answer.person);
    (answer.messages || []).forEach((message) => this.replace(message));
    this.setCase(answer.case);
    this.changed();
  }

  private setCase(now: Case | null): void {
    this.case = now;
    this.memory.write(LIVE, this.caseOpen ? "1" : null);
  }

  /** Put a message where it belongs; the same id again replaces the older one. */
  private replace(message: Message): void {
    // what the gateway could not store has no number, and is told once
    if (!message.id) message.id = (this.messages.length ? this.messages[this.messages.length - 1].id : 0) + 0.001;
    const others = this.messages.filter((one) => one.id !== message.id);
    const at = others.filter((one) => one.id < message.id).length;
    others.splice(at, 0, message);
    this.messages = others;
    this.changed();
  }

  private heard(event: ServerEvent): void {
    const data = JSON.parse(event.data);
    if (event.name === "message") {
      this.adopt(data);
      if (data.author !== "person") this.setTyping(null);
      this.replace(data);
    } else if (event.name === "typing") {
      this.setTyping(data.on ? data.who : null);
    } else if (event.name === "case") {
      this.setCase(data);
    }
    this.reach = "fine";
    this.changed();
  }

  /** The message that is being sent may come by the stream first: then it is no longer waiting. */
  private adopt(message: Message): void {
    const known = this.messages.some((one) => one.id === message.id);
    if (message.author !== "person" || known) return;
    const { sending } = this;
    if (sending && message.id > sending.after) this.mine.delete(sending.name);
  }

  private setTyping(who: Author | null): void {
    this.typing = who;
    clearTimeout(this.typingTimer);
    if (who) {
      this.typingTimer = window.setTimeout(() => {
        this.typing = null;
        this.changed();
      }, TYPING_MS);
    }
  }
}
