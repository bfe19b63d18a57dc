/** The shapes of the gateway's widget interface (/api/v1/widget). */

export interface Citation {
  document: string;
  number: string;
  clause: string;
  /** How the clause is called: 第九条. */
  label?: string;
  title?: string | null;
}

/** A quick reply: `title` is shown, `payload` is sent. */
export interface Choice {
  title: string;
  payload: string;
}

export interface Amount {
  kind: "exact" | "at_least" | "at_most" | "range" | "free" | "not_stated" | "pending";
  /** Yuan, as decimal strings with two places. */
  value: string | null;
  min: string | null;
  max: string | null;
  formula: string | null;
  says?: string | null;
}

export type Status = "eligible" | "not_eligible" | "unknown";

/** The verdict on one benefit. */
export interface Result {
  benefit: string;
  name: string;
  status: Status;
  in_force?: boolean;
  paid_to: "worker" | "employer" | "provider" | null;
  amount: Amount | null;
  reasons: { text: string; holds: boolean | null; clause?: string | null }[];
  missing: string[];
  citations: Citation[];
  notes: string[];
}

/** The result of a check, with the code that staff open it by. */
export interface Card {
  region: string;
  as_of: string;
  results: Result[];
  kb_version?: string;
  code?: string | null;
}

export type Author = "person" | "bot" | "staff" | "system";

export interface Message {
  id: number;
  author: Author;
  text: string;
  citations: Citation[];
  buttons: Choice[];
  /** Whether several of the buttons may be chosen. */
  multiple: boolean;
  card: Card | null;
  feedback: "up" | "down" | null;
  created_at: string;
}

/** A person of the staff is asked for. */
export interface Case {
  status: "waiting" | "claimed" | "closed";
  ahead: number;
  text: string;
}

/** What a turn brings: the person's own message as stored, the answers, and the case if one is open. */
export interface Answer {
  person: Message | null;
  messages: Message[];
  case: Case | null;
}

export interface Settings {
  title: string;
  greeting: string;
  examples: string[];
  notice: string;
  /** How the places are usually called. */
  regions: string[];
  feedback_reasons: { value: string; label: string }[];
}

export interface Clause {
  clause: string;
  label: string;
  title: string;
  text: string;
  original?: string | null;
}

export interface PolicyDocument {
  title: string;
  number: string;
  clauses: Clause[];
}
