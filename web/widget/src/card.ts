/** What a result card says, line by line: the same for the window, the printed page and the picture. */

import { sumOf } from "./amounts";
import type { Card, Citation, Result, Status } from "./types";

const PAYEES = { worker: "发给本人", employer: "发给单位", provider: "发给培训机构" };

const OUT_OF_FORCE = "文件这一天不在执行期内";

/** Stands under every result. */
export const NOTICE = "测算仅供参考，现在怎么办理请问当地人社部门（12333）。";

/** Headings carry a sign beside the colour: not everybody sees the colour. */
export const GROUPS: [Status, string][] = [["eligible", "✓ 可以领"], ["unknown", "？ 还差情况"], ["not_eligible", "✕ 不能领"]];

export interface Item {
  name: string;
  sum: string;
  /** How the sum comes about, who gets it, why, and what else to know. */
  lines: string[];
  citations: Citation[];
}

export interface Group {
  status: Status;
  title: string;
  items: Item[];
}

/** 曲政办发〔2019〕112号 · 第十八条 · 培训期间生活费补贴 */
export function sourceOf({ number, label, clause, title }: Citation): string {
  return [number, label || clause, title].filter(Boolean).join(" · ");
}

function itemOf(result: Result, labels: Map<string, string>): Item {
  const { amount, missing, status } = result;
  const lines: string[] = [];
  if (amount?.formula && amount.kind !== "pending") lines.push(amount.formula);
  if (status === "eligible" && result.paid_to && amount?.kind !== "free") lines.push(PAYEES[result.paid_to]);
  if (missing.length) {
    const known = missing.map((name) => labels.get(name)).filter(Boolean);
    lines.push(known.length ? `还要知道：${known.join("、")}` : "还要知道一些情况");
  }
  for (const { text, holds } of result.reasons) {
    if (holds === (status !== "not_eligible")) lines.push(text);
  }
  if (status !== "not_eligible" && result.in_force === false) lines.push(OUT_OF_FORCE);
  return { name: result.name, sum: sumOf(amount), lines: lines.concat(result.notes), citations: result.citations };
}

/** The results in groups, what can be claimed first; a group without results is left out. */
export function groupsOf(card: Card, labels: Map<string, string>): Group[] {
  return GROUPS.map(([status, title]) => {
    const items = card.results.filter((one) => one.status === status).map((one) => itemOf(one, labels));
    return { status, title: `${title}（${items.length}项）`, items };
  }).filter((group) => group.items.length);
}
