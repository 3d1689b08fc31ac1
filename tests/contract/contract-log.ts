/** Checks exchanges with a simulator against the official description as they happen, and remembers what was seen. */
import type { Exchange } from "atlas-simulator";
import { findAnswerProblems, findRequestProblems } from "./contract.js";

/** Faults that break an answer on purpose, so that it cannot be as described. */
const BREAKING = new Set<string | undefined>(["malformed", "no-secret", "redirect", "cut-body", "status"]);

export class ContractLog {
  /** What did not agree with the description. */
  readonly problems: string[] = [];
  /** Answers that a fault broke on purpose, by fault. */
  readonly exempt = new Map<string, number>();
  /** Answers that were checked, by method, path pattern and status. */
  readonly seen = new Map<string, number>();

  /** Checks one exchange. The token endpoint is not part of the description. */
  note({ method, target, headers, body, outcome, fault }: Exchange): void {
    if (!target.startsWith("/api/atlas/")) return;
    const sent = { method, target, headers: toTexts(headers), ...(body !== "" && { body }) };
    this.problems.push(...findRequestProblems(sent).map((problem) => `${method} ${target}: ${problem}`));
    if (outcome.kind !== "answer") return;
    const problems = findAnswerProblems(method, target, outcome.status, outcome.body);
    if (problems.length > 0 && fault !== undefined && BREAKING.has(fault)) {
      this.exempt.set(fault, (this.exempt.get(fault) ?? 0) + 1);
      return;
    }
    this.problems.push(...problems.map((problem) => `${method} ${target} ${outcome.status}: ${problem}`));
    const key = `${method} ${toPattern(target)} ${outcome.status}`;
    this.seen.set(key, (this.seen.get(key) ?? 0) + 1);
  }
}

/** The path without its query and ids. */
function toPattern(target: string): string {
  return (target.split("?")[0] ?? "")
    .replace(/\/[a-f0-9]{24}(?=\/|$)/g, "/{id}")
    .replace(/\/mdb_sa_id_[a-fA-F0-9]{24}(?=\/|$)/g, "/{clientId}");
}

function toTexts(headers: Exchange["headers"]): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : value?.join(", ")]),
  );
}
