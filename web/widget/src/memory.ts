/** What the browser keeps between visits. Where it keeps nothing (private windows, blocked storage) this page still does. */

export class Memory {
  private readonly here = new Map<string, string>();

  /** @param prefix keeps the names apart from the page's own, and one site's conversations from another's */
  constructor(private readonly prefix: string) {}

  read(name: string): string | null {
    try {
      return localStorage.getItem(this.prefix + name);
    } catch (error) {
      return this.here.get(name) ?? null;
    }
  }

  /** Keep `value`; null forgets it. */
  write(name: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(this.prefix + name);
      else localStorage.setItem(this.prefix + name, value);
    } catch (error) {
      if (value === null) this.here.delete(name);
      else this.here.set(name, value);
    }
  }
}

/** 32 random characters. randomUUID is missing in old web views and outside of https. */
export function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
}
