/** Server-sent events, read from a fetch: EventSource cannot send the headers that name the conversation. */

export interface ServerEvent {
  name: string;
  data: string;
}

/** Takes the stream in any pieces and gives the events that are complete. */
export class EventParser {
  private rest = "";
  private name = "";
  private data: string[] = [];

  feed(piece: string): ServerEvent[] {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop()!;
    const events: ServerEvent[] = [];
    for (const line of lines) {
      if (!line) {
        if (this.data.length) events.push({ name: this.name || "message", data: this.data.join("\n") });
        this.name = "";
        this.data = [];
      } else if (line[0] !== ":") {
        const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line)!;
        if (field === "event") this.name = value;
        if (field === "data") this.data.push(value);
      }
    }
    return events;
  }
}
