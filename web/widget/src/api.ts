/** Speaks with the gateway: headers, time limits, and which failures are worth another try. */

const PATIENCE_MS = 30000;

/** The gateway understood and said no: the same request will fail again. `message` is in its own words. */
export class Refused extends Error {
  constructor(readonly status: number, words: string) {
    super(words);
  }
}

/** Nothing usable came back: no network, a time-out, an overloaded gateway. Try again, at the earliest after `waitMs`. */
export class Unreachable extends Error {
  constructor(readonly waitMs = 0) {
    super();
  }
}

/** `promise`, or Unreachable after `ms`. `giveUp` frees what the promise holds. */
function within<T>(promise: Promise<T>, ms: number, giveUp: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      giveUp();
      reject(new Unreachable());
    }, ms);
    promise.then(resolve, reject).then(() => clearTimeout(timer));
  });
}

/** The words of a refusal: `detail` is a sentence or a list of problems. */
export function wordsOf(body: unknown): string {
  const detail = (body as { detail?: unknown } | null)?.detail;
  if (Array.isArray(detail)) return detail.map((problem) => problem.msg).join("；");
  return typeof detail === "string" ? detail : "没有发出去";
}

/** A signal that can be sent, where the browser knows of it (Chrome 66, Safari 12.1). */
export function stopper(): { signal?: AbortSignal; stop: () => void } {
  if (typeof AbortController === "undefined") return { stop: () => undefined };
  const controller = new AbortController();
  return { signal: controller.signal, stop: () => controller.abort() };
}

export class Api {
  /**
   * @param server origin of the gateway, without a slash at the end
   * @param site key of the page's site; null on the gateway's own pages
   * @param token names the conversation; read anew for each request
   */
  constructor(readonly server: string, private readonly site: string | null, private readonly token: () => string) {}

  headers(): Record<string, string> {
    const headers: Record<string, string> = { "X-Wenbu-Conversation": this.token() };
    if (this.site) headers["X-Wenbu-Site"] = this.site;
    return headers;
  }

  /** An open answer, for reading it piece by piece. Errors: those of fetch. */
  open(path: string, signal?: AbortSignal): Promise<Response> {
    return fetch(this.server + path, { headers: this.headers(), credentials: "omit", cache: "no-store", signal });
  }

  get<T>(path: string): Promise<T> {
    return this.call<T>(path, { headers: this.headers() });
  }

  post<T>(path: string, body: unknown): Promise<T> {
    const headers = this.headers();
    headers["Content-Type"] = "application/json";
    return this.call<T>(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** Errors: Refused, Unreachable. */
  private async call<T>(path: string, init: RequestInit): Promise<T> {
    const { signal, stop } = stopper();
    init.signal = signal;
    init.credentials = "omit";
    return within(this.exchange<T>(path, init), PATIENCE_MS, stop);
  }

  private async exchange<T>(path: string, init: RequestInit): Promise<T> {
    let response: Response;
    let body: unknown = null;
    try {
      response = await fetch(this.server + path, init);
      const text = await response.text();
      if (text) body = JSON.parse(text);
    } catch (error) {
      throw new Unreachable();
    }
    if (response.ok) return body as T;
    if (response.status === 429 || response.status === 408 || response.status >= 500) {
      throw new Unreachable(Number(response.headers.get("Retry-After") || 0) * 1000);
    }
    throw new Refused(response.status, wordsOf(body));
  }

  /**
   * Whether the gateway is there but does not answer this page. A refused site and a cut network look alike to a
   * script; a request whose answer it may not read tells them apart.
   */
  async answersOthers(): Promise<boolean> {
    if (this.server === location.origin) return false;
    try {
      await fetch(`${this.server}/widget.js`, { mode: "no-cors", credentials: "omit", cache: "no-store" });
      return true;
    } catch (error) {
      return false;
    }
  }
}
