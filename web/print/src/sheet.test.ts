import { describe, expect, it } from "vitest";
import { sheetOf, wrap } from "./sheet";
import type { Card } from "../../widget/src/types";

const long = (text: string): number => text.length;

describe("wrap", () => {
  it("loses nothing and keeps to the width", () => {
    const text = "残疾人在曲靖属于就业困难人员，培训期间每人每天60元。";
    const pieces = wrap(text, 10, long);
    expect(pieces.join("")).toBe(text);
    pieces.forEach((piece) => expect(piece.length).toBeLessThanOrEqual(11));
  });

  it("leaves numbers whole and begins no line with a stop", () => {
    expect(wrap("一共2400.00元", 5, long)).toEqual(["一共", "2400.00", "元"]);
    expect(wrap("四个字了。又四个字", 4, long)).toEqual(["四个字了。", "又四个字"]);
  });

  it("takes an empty line", () => {
    expect(wrap("", 5, long)).toEqual([""]);
  });
});

describe("sheetOf", () => {
  const card: Card = {
    region: "qujing", as_of: "2020-06-01", code: "ABCD-EFGH", results: [{
      benefit: "a.b", name: "生活费补贴", status: "eligible", paid_to: "worker", reasons: [{ text: "是残疾人", holds: true }],
      amount: { kind: "exact", value: "2400.00", min: null, max: null, formula: "60元/天 × 40天" }, missing: [], notes: [],
      citations: [{ document: "d", number: "曲政办发〔2019〕112号", clause: "十八", label: "第十八条" }] }] };

  it("tells place, code, sum, reason, source and notice", () => {
    const words = sheetOf(card, "曲靖", new Map(), "仅供参考").map((line) => line.text);
    expect(words).toEqual(["曲靖培训补贴测算结果", "按2020-06-01算", "查询码 ABCD-EFGH", "✓ 可以领（1项）", "生活费补贴", "2,400元",
      "60元/天 × 40天", "发给本人", "是残疾人", "依据 曲政办发〔2019〕112号 · 第十八条", "仅供参考"]);
  });
});
