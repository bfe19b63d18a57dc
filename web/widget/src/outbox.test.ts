import { beforeEach, describe, expect, it } from "vitest";
import { Memory } from "./memory";
import { Outbox } from "./outbox";

describe("Outbox", () => {
  let outbox: Outbox;
  // no localStorage here: Memory does without
  beforeEach(() => { outbox = new Outbox(new Memory("test.")); });

  it("gives the oldest first until it is removed, each with a name of its own", () => {
    outbox.add("一", "一");
    outbox.add("/two", "二");
    expect(outbox.next()).toMatchObject({ text: "一" });
    const [first, second] = outbox.all;
    expect(first.client_id).toMatch(/^[0-9a-f]{32}$/);
    expect(first.client_id).not.toBe(second.client_id);
    outbox.remove(first.client_id);
    expect(outbox.next()).toMatchObject({ text: "/two", shown: "二" });
  });

  it("lets a refused one hold up nobody, and sends it again at the end", () => {
    outbox.add("一", "一");
    outbox.add("二", "二");
    const name = outbox.next()!.client_id;
    outbox.refuse(name, "太长");
    expect(outbox.next()).toMatchObject({ text: "二" });
    expect(outbox.all[0].refused).toBe("太长");
    outbox.again(name);
    expect(outbox.all.map((one) => [one.text, one.refused])).toEqual([["二", undefined], ["一", undefined]]);
  });
});
