/** The script element that this code came by: it says where the gateway is. Only known while the script first runs. */

export const script = document.currentScript as HTMLScriptElement | null;

/** Origin that the script was loaded from; the page's own when that cannot be told. */
export const home = new URL(script?.src || location.href).origin;
