/** Messages that the gateway has not confirmed yet, oldest first. Kept by the browser: a reload loses none. */

import { Memory, randomName } from "./memory";

export interface Waiting {
  /** Names the message: the gateway takes it once, however often it is sent. */
  client_id: string;
  text: string;
  /** What the person sees of it: the title of a button. */
  shown: string;
  /** Why the gateway will not have it; such a message holds up no other. */
  refused?: string;
}

const NAME = "outbox";

export class Outbox {
  constructor(private readonly memory: Memory) {}

  // read each time: another tab of the same conversation may have written
  get all(): Waiting[] {
    try {
      return JSON.parse(this.memory.read(NAME) || "[]");
    } catch (error) {
      return [];
    }
  }

  private keep(all: Waiting[]): void {
    this.memory.write(NAME, all.length ? JSON.stringify(all) : null);
  }

  /** Put a message at the end; returns its name. */
  add(text: string, shown: string): string {
    const client_id = randomName();
    this.keep(this.all.concat({ client_id, text, shown }));
    return client_id;
  }

  /** The one to send now. */
  next(): Waiting | undefined {
    return this.all.find((one) => !one.refused);
  }

  remove(id: string): void {
    this.keep(this.all.filter((one) => one.client_id !== id));
  }

  refuse(id: string, words: string): void {
    const all = this.all;
    all.forEach((one) => { if (one.client_id === id) one.refused = words; });
    this.keep(all);
  }

  /** Send a refused one again, after all others. */
  again(id: string): void {
    const { client_id, text, shown } = this.all.find((one) => one.client_id === id)!;
    this.remove(id);
    this.keep(this.all.concat({ client_id, text, shown }));
  }

  clear(): void {
    this.keep([]);
  }
}
