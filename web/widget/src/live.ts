/** Keeps up with the conversation: a stream of events, or asking again and again where streams do not come through. */

import { Api, stopper } from "./api";
import { EventParser, type ServerEvent } from "./events";

/** The gateway says something at least every 15 s: a stream that is silent for so long is dead. */
const SILENCE_MS = 40000;
const POLL_MS = 3000;
/** A page in the background holds no connection: browsers allow a site six of them over all tabs. */
const HIDDEN_POLL_MS = 15000;
const LONGEST_PAUSE_MS = 30000;
/** A stream that brings nothing at first is held back by something on the way: the gateway speaks at once. */
const FIRST_WORD_MS = 20000;

export interface Listener {
  /** Id of the newest message known. */
  after(): number;
  heard(event: ServerEvent): void;
  /** Ask for what is new. Rejects when nobody answers. */
  poll(): Promise<unknown>;
  /** Whether to ask even while nobody looks. */
  matters(): boolean;
}

export class Live {
  private running = false;
  private cancel: (() => void) | null = null;
  private wakeUp: (() => void) | null = null;
  private deaf = false;
  private pause = 0;

  constructor(private readonly api: Api, private readonly listener: Listener) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    document.addEventListener("visibilitychange", this.changed);
    addEventListener("online", this.changed);
    void this.run();
  }

  stop(): void {
    this.running = false;
    document.removeEventListener("visibilitychange", this.changed);
    removeEventListener("online", this.changed);
    this.changed();
  }

  /** Connect anew: network is back, the page is looked at again or no longer. */
  private readonly changed = (): void => {
    this.pause = 0;
    this.deaf = false;
    this.cancel?.();
    this.wakeUp?.();
  };

  private async run(): Promise<void> {
    while (this.running) {
      try {
        if (document.hidden) {
          if (this.listener.matters()) await this.listener.poll();
          await this.sleep(HIDDEN_POLL_MS);
        } else if (this.deaf) {
          await this.listener.poll();
          this.pause = 0;
          await this.sleep(POLL_MS);
        } else {
          await this.listen();
        }
      } catch (error) {
        // told by what is sent meanwhile; here it is enough to come back
        this.pause = Math.min(LONGEST_PAUSE_MS, this.pause * 2 || 1000);
        await this.sleep(this.pause);
      }
    }
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** One stream from its beginning to its end. Throws when it could not be opened or broke. */
  private async listen(): Promise<void> {
    const { signal, stop } = stopper();
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    let cancelled = false;
    let brought = false;
    let timer = 0;
    const cancel = (this.cancel = () => {
      cancelled = true;
      stop();
      reader?.cancel().catch(() => undefined);
    });
    const patience = (ms: number): void => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        this.deaf = !brought;
        cancel();
      }, ms);
    };
    patience(FIRST_WORD_MS);
    try {
      const response = await this.api.open(`/api/v1/widget/events?after=${this.listener.after()}`, signal);
      if (!response.ok) throw new Error(String(response.status));
      reader = response.body?.getReader?.();
      if (!reader) {
        this.deaf = true;
        return;
      }
      const parser = new EventParser();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        brought = true;
        this.pause = 0;
        patience(SILENCE_MS);
        parser.feed(decoder.decode(value, { stream: true })).forEach((event) => this.listener.heard(event));
      }
      if (!brought && !cancelled) throw new Error("nothing came");
    } catch (error) {
      if (!cancelled) throw error;
    } finally {
      clearTimeout(timer);
      this.cancel = null;
    }
  }
}
