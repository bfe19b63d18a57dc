import { describe, expect, it } from "vitest";
import { EventParser } from "./events";

const STREAM = ': hello\n\nid: 7\nevent: message\ndata: {"id":7,"text":"曲靖"}\n\nevent: case\ndata: null\n\n';

describe("EventParser", () => {
  it("gives the same events however the stream is cut", () => {
    for (let size = 1; size <= STREAM.length; size++) {
      const parser = new EventParser();
      const events = [];
      for (let at = 0; at < STREAM.length; at += size) events.push(...parser.feed(STREAM.slice(at, at + size)));
      expect(events).toEqual([{ name: "message", data: '{"id":7,"text":"曲靖"}' }, { name: "case", data: "null" }]);
    }
  });

  it("joins data lines, and takes CRLF even when it is cut in the middle", () => {
    const parser = new EventParser();
    expect(parser.feed("data: a\r")).toEqual([]);
    expect(parser.feed("\ndata:b\r\n\r")).toEqual([]);
    expect(parser.feed("\n")).toEqual([{ name: "message", data: "a\nb" }]);
  });

  it("holds back what is not ended", () => {
    const parser = new EventParser();
    expect(parser.feed("data: half")).toEqual([]);
    expect(parser.feed("\n\n")).toEqual([{ name: "message", data: "half" }]);
  });
});
