/**
 * Looks at what a run came to: whether a secret was lost or a value shown, whether each message stands alone, and whether what
 * the state and the consumers hold still works. Findings are what must not be.
 */
import type { Exchange } from "pulumi-atlas-secrets-simulator";
import { AtlasSecretsError } from "../../provider/src/errors.js";
import type { Ledger } from "./ledger.js";
import { CheckError, type ModelStack, type RunResult } from "./model-stack.js";
import type { HeldTruth } from "./somebody.js";

/** More requests than a call for one resource can need: in its hour it asks at most once a minute for long. */
const MAX_REQUESTS = 160;

/** What depends on the secrets could not be updated: no matter of the provider. */
export class DependentFailure extends Error {}

/** The state before a run. */
export interface Before {
  readonly recorded: ReadonlySet<string>;
  readonly startMs: number;
}

export class Watch {
  readonly findings: string[] = [];
  /** Values of secrets, by id, as answers gave them. */
  readonly values = new Map<string, string>();
  /** Secrets that stacks created and no output has named yet. */
  readonly unnamed = new Set<string>();
  readonly #ledger: Ledger;
  /** Every value that no message may hold. */
  readonly #withheld: string[] = [];
  #births = 0;

  constructor(ledger: Ledger, withheld: readonly string[]) {
    this.#ledger = ledger;
    this.#withheld.push(...withheld);
  }

  /** Adds a value that no message may hold. */
  withhold(value: string): void {
    this.#withheld.push(value);
  }

  note({ outcome, target, method }: Exchange): void {
    if (outcome.kind === "closed" || method !== "POST") return;
    const name = target.endsWith("/secrets") ? "secret" : "access_token";
    const value = new RegExp(`"${name}":"([^"]+)"`).exec(outcome.body)?.[1];
    if (value === undefined) return;
    this.withhold(value);
    const id = /"id":"([^"]+)"/.exec(outcome.body)?.[1];
    if (name === "secret" && id !== undefined) this.values.set(id, value);
  }

  /** Judges a run by what it said, what the state holds now and what Atlas holds. */
  judge(stack: ModelStack, before: Before, result: RunResult, truth: readonly HeldTruth[], nowMs: number): void {
    const run = `${stack.name}: ${result.outcome} ${result.steps.join(", ")}`;
    const text = [...result.errors, ...result.lines].join("\n");
    if (result.outcome === "succeeded") this.#ledger.goodRuns.add(this.#lastRunOf(stack));
    this.#judgeWords(result, run);
    this.#noteNamed(text);
    const after = stack.recordedIds();
    const live = new Map(truth.filter(({ expiresAtMs }) => expiresAtMs > nowMs).map((secret) => [secret.id, secret]));
    for (const id of before.recorded) {
      if (!after.has(id) && live.has(id) && !text.includes(id)) this.#find(run, `the record of ${id} is lost`);
    }
    for (const [id, birth] of this.#ledger.births) {
      if (birth.stack !== stack.name || after.has(id) || !live.has(id) || result.outcome === "killed") continue;
      const isOfRun = birth.run === this.#lastRunOf(stack);
      if (isOfRun && !text.includes(id) && !text.includes("may hold a secret for"))
        this.#find(run, `secret ${id} was created, is not recorded and nobody was told`);
    }
    this.#judgeState(stack, run);
    for (const request of stack.lateRequests.splice(0)) this.#find(run, `after its engine was gone: ${request}`);
    const requests = this.#ledger.requests.get(this.#lastRunOf(stack)) ?? 0;
    if (requests > MAX_REQUESTS * Math.max(1, before.recorded.size + Object.keys(stack.declared).length))
      this.#find(run, `${requests} requests`);
  }

  #judgeWords({ thrown, errors, lines }: RunResult, run: string): void {
    for (const [index, error] of thrown.entries()) {
      if (error instanceof DependentFailure) continue;
      const message = errors[index] ?? "";
      if (!(error instanceof AtlasSecretsError || error instanceof CheckError))
        this.#find(run, `fails in an unforeseen way: ${error instanceof Error ? error.stack : String(error)}`);
      const isComplete =
        /service account mdb_sa_id_[a-f0-9]{24} of project [a-f0-9]{24}/.test(message) && ADVICE.test(message);
      if (!isComplete && !(error instanceof CheckError)) this.#find(run, `a message does not stand alone: ${message}`);
      this.#judgeText(`${message}\n${error instanceof Error ? error.stack : ""}`, run);
    }
    for (const line of lines) this.#judgeText(line, run);
  }

  #judgeText(text: string, run: string): void {
    // All values begin so; looking for each one costs more.
    if (!text.includes("mdb_sa_sk_") && !text.includes("FAKE")) return;
    if (this.#withheld.some((value) => text.includes(value))) this.#find(run, `shows a value: ${text}`);
  }

  #noteNamed(text: string): void {
    const { births } = this.#ledger;
    if (births.size > this.#births) {
      for (const id of [...births.keys()].slice(this.#births)) this.unnamed.add(id);
      this.#births = births.size;
    }
    for (const id of this.unnamed) if (text.includes(id)) this.unnamed.delete(id);
  }

  #judgeState(stack: ModelStack, run: string): void {
    for (const { id, outputs } of stack.stored()) {
      const { secretId, secret, pendingSecretId, pendingSecret, status, projectId, clientId, ...others } = outputs;
      const account = `${projectId}/${clientId}`;
      const isRotating = others.quietHours !== undefined;
      // One that was carried over from the other class keeps its id.
      if (isRotating ? !id.startsWith(account) : id !== `${account}/${secretId}`)
        this.#find(run, `resource ${id} records ${secretId}`);
      if (secret !== this.values.get(String(secretId))) this.#find(run, `the value of ${secretId} is lost`);
      if (pendingSecret !== this.values.get(String(pendingSecretId)))
        this.#find(run, `the value of ${pendingSecretId} is lost`);
      if (typeof status !== "string") this.#find(run, `${id} has no status`);
      this.#judgeText(JSON.stringify(others), `${run}: a plain output`);
    }
  }

  #lastRunOf(stack: ModelStack): string {
    return `${stack.name}#${stack.runs}`;
  }

  #find(run: string, what: string): void {
    this.findings.push(`${run}: ${what}`);
  }
}

/** A message says what to do next. */
const ADVICE = /pulumi up|Try again|Check |check baseUrl|Ways out|atlas-secrets (remove|doctor)|Put another secret/;
