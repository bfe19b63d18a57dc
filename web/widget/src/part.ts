/** A piece of the window with a state of its own. It draws into the window's shadow root: one style sheet serves all. */

import { LitElement } from "lit";

export abstract class Part extends LitElement {
  protected override createRenderRoot(): this {
    return this;
  }

  /** Define the element once: the script may stand in a page twice. */
  static define(name: string): void {
    if (!customElements.get(name)) customElements.define(name, this as unknown as CustomElementConstructor);
  }
}

/** Tell the window: it listens for these on its shadow root. */
export function tell(from: HTMLElement, name: string, detail?: unknown): void {
  from.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}
