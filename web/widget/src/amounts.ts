/** Sums in words. Money stays text: it is exact as the gateway sends it. */

import type { Amount } from "./types";

/** "7201.20" → "7,201.2元". */
export function yuan(value: string | null): string {
  if (value === null) return "";
  const [whole, part = ""] = value.split(".");
  const places = part.replace(/0+$/, "");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${places && `.${places}`}元`;
}

/** How much, or nothing while that is open. */
export function sumOf(amount: Amount | null): string {
  switch (amount?.kind) {
    case "exact": return yuan(amount.value);
    case "at_least": return `至少${yuan(amount.min)}`;
    case "at_most": return `最多${yuan(amount.max)}`;
    case "range": return `${yuan(amount.min)}到${yuan(amount.max)}`;
    case "free": return "免费";
    case "not_stated": return amount.says || "文件没有定数额";
    default: return "";
  }
}
