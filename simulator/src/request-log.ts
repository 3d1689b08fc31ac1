/** What was asked: records without headers and bodies, and totals. */
import type { Counters, RequestRecord } from "./types.js";

export class RequestLog {
  #records: RequestRecord[] = [];
  #total = 0;
  readonly #byOperation = new Map<string, number>();
  readonly #byStatus = new Map<string, number>();
  readonly #violations: string[] = [];

  add(record: RequestRecord): void {
    this.#records.push(record);
    this.#total += 1;
    count(this.#byOperation, record.operation);
    count(this.#byStatus, String(record.status));
  }

  addViolation(why: string): void {
    this.#violations.push(why);
  }

  records(): RequestRecord[] {
    return [...this.#records];
  }

  reset(): void {
    this.#records = [];
  }

  counters(): Counters {
    return {
      requests: this.#total,
      byOperation: Object.fromEntries(this.#byOperation),
      byStatus: Object.fromEntries(this.#byStatus),
      contractViolations: [...this.#violations],
    };
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
