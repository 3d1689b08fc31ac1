/** What was asked: records without headers, bodies and values, and totals. */
import { withoutValues } from "./ids.js";
import type { Counters, RequestRecord } from "./types.js";

export class RequestLog {
  #records: RequestRecord[] = [];
  #total = 0;
  readonly #byOperation = new Map<string, number>();
  readonly #byStatus = new Map<string, number>();
  readonly #violations: string[] = [];

  add(record: RequestRecord): void {
    this.#records.push(toSafeRequest(record));
    this.#total += 1;
    count(this.#byOperation, record.operation);
    count(this.#byStatus, String(record.status));
  }

  addViolation(why: string): void {
    this.#violations.push(withoutValues(why));
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

/** The same without a value that a client put into a path or a user name by mistake. */
export function toSafeRequest<T extends Pick<RequestRecord, "path" | "clientId" | "secretId">>(request: T): T {
  const { path, clientId, secretId } = request;
  return {
    ...request,
    path: withoutValues(path),
    ...(clientId !== undefined && { clientId: withoutValues(clientId) }),
    ...(secretId !== undefined && { secretId: withoutValues(secretId) }),
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
