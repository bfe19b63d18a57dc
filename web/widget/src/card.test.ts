import { describe, expect, it } from "vitest";
import { sumOf, yuan } from "./amounts";
import { groupsOf } from "./card";
import type { Amount, Card, Result } from "./types";

const amount = (given: Partial<Amount>): Amount =>
  ({ kind: "exact", value: null, min: null, max: null, formula: null, ...given });
const result = (given: Partial<Result>): Result => ({
  benefit: "x.y", name: "补贴", status: "eligible", in_force: true, paid_to: "worker", amount: null, reasons: [],
  missing: [], citations: [], notes: [], ...given });
const card = (...results: Result[]): Card => ({ region: "x", as_of: "2020-06-01", results });

describe("sums", () => {
  it.each([["2400.00", "2,400元"], ["7201.20", "7,201.2元"], ["0.05", "0.05元"], ["1234567.00", "1,234,567元"],
    ["100.00", "100元"], ["99999999999999999999.99", "99,999,999,999,999,999,999.99元"]])("%s is %s", (value, words) => {
    expect(yuan(value)).toBe(words);
  });

  it("says every kind", () => {
    expect(sumOf(amount({ kind: "at_most", max: "800.00" }))).toBe("最多800元");
    expect(sumOf(amount({ kind: "at_least", min: "800.00" }))).toBe("至少800元");
    expect(sumOf(amount({ kind: "range", min: "1.00", max: "2.50" }))).toBe("1元到2.5元");
    expect(sumOf(amount({ kind: "free" }))).toBe("免费");
    expect(sumOf(amount({ kind: "not_stated", says: "按当地标准" }))).toBe("按当地标准");
    expect(sumOf(amount({ kind: "pending" }))).toBe("");
    expect(sumOf(null)).toBe("");
  });
});

describe("groupsOf", () => {
  const labels = new Map([["hukou", "户口"]]);

  it("tells what can be claimed first, and leaves out empty groups", () => {
    const groups = groupsOf(card(result({ status: "not_eligible" }), result({}), result({})), labels);
    expect(groups.map((group) => group.title)).toEqual(["✓ 可以领（2项）", "✕ 不能领（1项）"]);
  });

  it("gives the reasons that carry the verdict, and no others", () => {
    const reasons = [{ text: "是残疾人", holds: true }, { text: "不在本地", holds: false }, { text: "不清楚", holds: null }];
    const why = (status: Result["status"]) => groupsOf(card(result({ status, reasons, paid_to: null })), labels)[0].items[0].lines;
    expect(why("eligible")).toEqual(["是残疾人"]);
    expect(why("not_eligible")).toEqual(["不在本地"]);
  });

  it("names what is missing in the words of the facts, and never by its code", () => {
    const lines = (missing: string[]) => groupsOf(card(result({ status: "unknown", missing })), labels)[0].items[0].lines;
    expect(lines(["hukou", "new_fact"])).toEqual(["还要知道：户口"]);
    expect(lines(["new_fact"])).toEqual(["还要知道一些情况"]);
  });
});
