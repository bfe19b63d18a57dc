/** The knowledge base as the gateway publishes it, asked once and kept. */

import type { Api } from "./api";
import type { Clause, PolicyDocument } from "./types";

export class Knowledge {
  private readonly kept = new Map<string, Promise<unknown>>();

  constructor(private readonly api: Api) {}

  private get<T>(path: string): Promise<T> {
    let found = this.kept.get(path) as Promise<T> | undefined;
    if (!found) {
      found = this.api.get<T>(path);
      found.catch(() => this.kept.delete(path));
      this.kept.set(path, found);
    }
    return found;
  }

  /** A clause and the document that it stands in. Errors: Refused, Unreachable; null where there is no such clause. */
  async clause(document: string, clause: string): Promise<{ document: PolicyDocument; clause: Clause } | null> {
    const found = await this.get<PolicyDocument>(`/api/v1/documents/${encodeURIComponent(document)}`);
    const one = found.clauses.find((each) => each.clause === clause);
    return one ? { document: found, clause: one } : null;
  }

  /** How the facts are called: hukou → 户口. */
  async labels(): Promise<Map<string, string>> {
    const { facts } = await this.get<{ facts: { name: string; label: string }[] }>("/api/v1/facts");
    return new Map(facts.map((fact): [string, string] => [fact.name, fact.label]));
  }
}
