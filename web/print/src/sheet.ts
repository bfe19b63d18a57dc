/** The result as lines of text with their looks: what the picture is drawn from. */

import { groupsOf, sourceOf } from "../../widget/src/card";
import type { Card, Status } from "../../widget/src/types";

export interface Line {
  text: string;
  /** Height of the letters, pixels. */
  size: number;
  colour: string;
  bold?: boolean;
  /** Free space above, pixels. */
  above?: number;
  /** A rule above. */
  ruled?: boolean;
}

const INK = "#1d2b28";
const SOFT = "#52605c";
const BRAND = "#0f5c53";
const COLOURS: Record<Status, string> = { eligible: "#17693a", unknown: "#805300", not_eligible: "#6b3b3b" };

/** All of the result, nothing folded. `region` is how the place is called. */
export function sheetOf(card: Card, region: string, labels: Map<string, string>, notice: string): Line[] {
  const lines: Line[] = [
    { text: `${region}培训补贴测算结果`, size: 40, colour: BRAND, bold: true },
    { text: `按${card.as_of}算`, size: 24, colour: SOFT, above: 4 },
  ];
  if (card.code) lines.push({ text: `查询码 ${card.code}`, size: 32, colour: INK, bold: true, above: 14 });
  for (const { status, title, items } of groupsOf(card, labels)) {
    lines.push({ text: title, size: 32, colour: COLOURS[status], bold: true, above: 30, ruled: true });
    for (const { name, sum, lines: small, citations } of items) {
      lines.push({ text: name, size: 28, colour: INK, bold: true, above: 18 });
      if (sum) lines.push({ text: sum, size: 32, colour: COLOURS[status], bold: true });
      small.forEach((text) => lines.push({ text, size: 24, colour: SOFT }));
      citations.forEach((one) => lines.push({ text: `依据 ${sourceOf(one)}`, size: 22, colour: SOFT }));
    }
  }
  lines.push({ text: notice, size: 22, colour: SOFT, above: 30, ruled: true });
  return lines;
}

/** Cut `text` so that no piece is wider than `width`; `measure` gives the width of a text. Words of Latin letters and numbers stay whole. */
export function wrap(text: string, width: number, measure: (text: string) => number): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const unit of text.match(/[\x21-\x7e]+|[^]/g) || [""]) {
    // a full stop or a closing bracket begins no line
    if (piece && measure(piece + unit) > width && !/^[，。；：！？、）〕】”’]/.test(unit)) {
      pieces.push(piece);
      piece = "";
    }
    piece += unit;
  }
  return [...pieces, piece];
}
