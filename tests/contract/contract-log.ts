/** Checks exchanges with a simulator against the official description as they happen, and remembers what was seen. */
import type { Exchange } from "pulumi-atlas-secrets-simulator";
import { findAnswerProblems, findRequestProblems } from "./contract.js";

/** Faults that break an answer on purpose, so that it cannot be as described. */
const BREAKING = new Set<string | undefined>(["malformed", "no-secret", "redirect", "status"]);

/** Options of `ContractLog`. */
export interface ContractLogOptions {
  /** Whether requests outside the description are sent on purpose: they must then be refused. Default false. */
  readonly mayAskWrongly?: boolean;
}

export class ContractLog {
  /** What did not agree with the description. */
  readonly problems: string[] = [];
  /** Answers that a fault broke on purpose, by fault. */
  readonly exempt = new Map<string, number>();
  /** Answers that were checked, by method, path pattern and status. */
  readonly seen = new Map<string, number>();
  readonly #mayAskWrongly: boolean;

  constructor({ mayAskWrongly = false }: ContractLogOptions = {}) {
    this.#mayAskWrongly = mayAskWrongly;
  }

  /** @throws Error with what did not agree with the description, if anything did not */
  assertClean(): void {
    const problems = [...new Set(this.problems)];
    if (problems.length > 0) throw new Error(`not as Atlas describes its API: ${problems.join("; ")}`);
  }

  /** Checks one exchange. The token endpoint is not part of the description. */
  note(exchange: Exchange): void {
    const { method, target, outcome, fault } = exchange;
    if (!target.startsWith("/api/atlas/")) return;
    const wrong = findRequestProblems(toSent(exchange));
    const isRefused = outcome.kind === "answer" && outcome.status >= 400;
    // A fault answers before the request is looked at.
    if (!this.#mayAskWrongly || !(isRefused || fault !== undefined)) {
      this.problems.push(...wrong.map((problem) => `${method} ${toPattern(target)}: ${problem}`));
    }
    if (outcome.kind !== "answer") return;
    const problems = findAnswerProblems(method, target, outcome);
    if (problems.length > 0 && fault !== undefined && BREAKING.has(fault)) {
      this.exempt.set(fault, (this.exempt.get(fault) ?? 0) + 1);
      return;
    }
    const key = `${method} ${toPattern(target)} ${outcome.status}`;
    this.problems.push(...problems.map((problem) => `${key}: ${problem}`));
    this.seen.set(key, (this.seen.get(key) ?? 0) + 1);
  }
}

function toSent({ method, target, headers, body }: Exchange) {
  return { method, target, headers: toTexts(headers), ...(body !== "" && { body }) };
}

/** The path without its query and ids, as in the description but for their names. */
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
