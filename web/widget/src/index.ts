/** Entry: defines <wenbu-chat>; a script tag with data-site-key alone also puts one into the page. */

import { script } from "./script";
import { WenbuChat } from "./wenbu-chat";

// Lit needs it; Chrome before 69 and Safari before 12 lack it
if (!Element.prototype.toggleAttribute) {
  Element.prototype.toggleAttribute = function (name, on) {
    if (on) this.setAttribute(name, "");
    else this.removeAttribute(name);
    return !!on;
  };
}

if (!customElements.get("wenbu-chat")) customElements.define("wenbu-chat", WenbuChat);

function place(): void {
  const { siteKey, mode, region, server, open } = script!.dataset;
  if (siteKey === undefined || document.querySelector("wenbu-chat")) return;
  const chat = document.createElement("wenbu-chat");
  const attributes = { "site-key": siteKey, mode, region, server, open };
  Object.entries(attributes).forEach(([name, value]) => value !== undefined && chat.setAttribute(name, value));
  document.body.appendChild(chat);
}

if (script) {
  if (document.body && document.readyState !== "loading") place();
  else document.addEventListener("DOMContentLoaded", place);
}
