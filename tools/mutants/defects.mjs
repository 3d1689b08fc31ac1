/**
 * The seeded defects: each a mistake that a hasty change could make, and that would lose a secret, delete one in use, or show
 * a value; with the test that goes red. `title` is a part of the test's full name.
 *
 * @typedef {object} Defect
 * @property {string} name what the defect does
 * @property {string} [invariant] the one of docs/invariants.md that it breaks
 * @property {readonly { file: string, find: string, replace: string }[]} edits each `find` stands once in its file
 * @property {{ file: string, title: string }} test
 */

import { COMMAND_LINE } from "./command-line.mjs";
import { GUARDS } from "./guards.mjs";
import { LIMITS } from "./limits.mjs";
import { REPAIRED } from "./repaired.mjs";

/** @type {readonly Defect[]} */
const USUAL = [
  {
    name: "deletes the oldest secret when the account is full",
    invariant: "I4",
    edits: [
      {
        file: "provider/src/rotation/removal.ts",
        find: "if (mayRemove.includes(secret.id)) return free(",
        replace: "if (secret.id === view.secrets[0]?.id) return free(",
      },
    ],
    test: {
      file: "tests/provider/rotation/removal-properties.test.ts",
      title: "never takes that of a live untracked secret",
    },
  },
  {
    name: "deletes a secret that the stack records",
    invariant: "I2",
    edits: [
      {
        file: "provider/src/rotation/removal.ts",
        find: 'if (secret.role !== "untracked") return toVerdict("keep", RemovalReason.Recorded, HELD_AS[secret.role]);\n',
        replace: "",
      },
    ],
    test: {
      file: "tests/provider/rotation/removal-properties.test.ts",
      title: "never takes that of a recorded secret",
    },
  },
  {
    name: "takes a secret in use for a leftover of an exclusive account",
    invariant: "I4",
    edits: [
      {
        file: "provider/src/rotation/leftover.ts",
        find: "return isOurs && isUnusedSinceVerification(secret);",
        replace: "return isOurs && isUnusedSinceVerification({ ...secret, createdAtMs: Number.MAX_SAFE_INTEGER });",
      },
    ],
    test: {
      file: "tests/provider/rotation/leftover.test.ts",
      title: "used after that",
    },
  },
  {
    name: "frees a slot of an exclusive account before the record is complete",
    invariant: "I2",
    edits: [
      {
        file: "provider/src/rotation/leftover.ts",
        find: "if (isRecorded(secret) || !view.isRecordComplete) return false;",
        replace: "if (isRecorded(secret)) return false;",
      },
    ],
    test: {
      file: "tests/provider/handlers/project-secret-effects.test.ts",
      title: "frees a slot of an exclusive account only when",
    },
  },
  {
    name: "judges expiry by the machine's clock",
    invariant: "I2",
    edits: [
      {
        file: "provider/src/rotation/removal.ts",
        find: "view.serverAheadMs === undefined ? undefined : nowMs + view.serverAheadMs",
        replace: "view.serverAheadMs === undefined ? undefined : nowMs",
      },
    ],
    test: {
      file: "tests/provider/account/room.test.ts",
      title: "makeRoom",
    },
  },
  {
    name: "repeats the POST like a read",
    invariant: "I3",
    edits: [
      {
        file: "provider/src/atlas/client.ts",
        find: "const created = await this.#send(request, purpose, parseCreatedSecret);",
        replace: "const created = await this.#read(request, purpose, parseCreatedSecret);",
      },
    ],
    test: { file: "tests/provider/client/faults.test.ts", title: "createSecret is sent once if it writes" },
  },
  {
    name: "takes a 5xx answer to a creation for a refusal",
    invariant: "I3",
    edits: [
      {
        file: "provider/src/atlas/failure.ts",
        find: "const isRefusal = outcome.status >= 400 && outcome.status < 500 &&",
        replace: "const isRefusal = outcome.status >= 400 &&",
      },
    ],
    test: { file: "tests/provider/atlas/failure.test.ts", title: "toAtlasError makes status" },
  },
  {
    name: "skips the list after an account's 404",
    invariant: "I7",
    edits: [
      {
        file: "provider/src/account/view.ts",
        find: "if (!listed.some(({ clientId }) => isSameClientId(clientId, account.clientId))) return undefined;",
        replace: "if (listed.length >= 0) return undefined;",
      },
    ],
    test: {
      file: "tests/provider/account/view.test.ts",
      title: "of an account that the project lists",
    },
  },
  {
    name: "trusts the account's 404: the secret is gone",
    invariant: "I7",
    edits: [
      {
        file: "provider/src/account/removal.ts",
        find: "const wait = toDeletionWait(error, failures);",
        replace:
          "if (canMeanMissing(error)) return { verdict: { ...verdict, reason: RemovalReason.NotOnAccount } };\n      const wait = toDeletionWait(error, failures);",
      },
    ],
    test: {
      file: "tests/provider/account/removal.test.ts",
      title: "never takes a 404 for gone",
    },
  },
  {
    name: "reads a 403 as 'the secret is gone'",
    invariant: "I7",
    edits: [
      {
        file: "provider/src/account/view.ts",
        find: "return error.status === 400 ||",
        replace: "return error.status === 403 || error.status === 400 ||",
      },
    ],
    test: {
      file: "tests/provider/account/view.test.ts",
      title: "canMeanMissing",
    },
  },
  {
    name: "logs the error object of the HTTP client",
    invariant: "I6",
    edits: [
      {
        file: "provider/src/atlas/transport.ts",
        find: "cause: isConnectTimedOut ? CONNECT_TIMEOUT : toCause(error as Error & { code?: unknown }),",
        replace: 'cause: isConnectTimedOut ? CONNECT_TIMEOUT : require("node:util").inspect(error, { depth: 8 }),',
      },
    ],
    test: { file: "tests/provider/client/faults.test.ts", title: "getAccount fails without a status after" },
  },
  {
    name: "drops the mark of the secret output",
    invariant: "I6",
    edits: [
      {
        file: "provider/src/records/secret-record.ts",
        find: "secret: value && toSecretOutput(Sensitive.reveal(value)),",
        replace: "secret: value && Sensitive.reveal(value),",
      },
    ],
    test: {
      file: "tests/provider/records/secret-record.test.ts",
      title: "writes the value and the triggers it was issued for as secrets",
    },
  },
  {
    name: "returns undefined in the outputs",
    invariant: "I11",
    edits: [
      {
        file: "provider/src/records/secret-record.ts",
        find: "return JSON.parse(JSON.stringify(outputs)) as Record<string, unknown>;",
        replace: "return outputs;",
      },
    ],
    test: { file: "tests/provider/records/secret-record.test.ts", title: "gives plain JSON without undefined" },
  },
  {
    name: "does not check certificates",
    invariant: "I12",
    edits: [
      {
        file: "provider/src/atlas/transport.ts",
        find: "new https.Agent({ keepAlive: true, rejectUnauthorized: true,",
        replace: "new https.Agent({ keepAlive: true, rejectUnauthorized: false,",
      },
    ],
    test: { file: "tests/provider/client/tls.test.ts", title: "gets no byte of" },
  },
  {
    name: "reads the real clock",
    invariant: "I10",
    edits: [
      {
        file: "provider/src/account/verification.ts",
        find: "atMs: clock.now() };",
        replace: "atMs: Date.now() };",
      },
    ],
    test: {
      file: "tests/provider/account/verification.test.ts",
      title: "with the time of that",
    },
  },
  {
    name: "mints for each request",
    edits: [
      { file: "provider/src/atlas/auth/service-account.ts", find: "pending ??= renew()", replace: "pending = renew()" },
    ],
    test: {
      file: "tests/provider/atlas/auth/service-account.test.ts",
      title: "mints once for requests that come at once",
    },
  },
  {
    name: "deletes the credential that it signs in with",
    invariant: "I8",
    edits: [
      {
        file: "provider/src/rotation/removal.ts",
        find: "if (isCredential ?? secret.mayBeCredential) return",
        replace: "if (isCredential) return",
      },
    ],
    test: {
      file: "tests/provider/rotation/removal-properties.test.ts",
      title: "lets nothing pass that it cannot tell",
    },
  },
  {
    name: "drops the value when the verification fails",
    invariant: "I11",
    edits: [
      {
        file: "provider/src/handlers/plain-secret.ts",
        find: "throw new PartialFailure(toResourceId(record), { ...outs, [PROVIDER_KEY]: properties[PROVIDER_KEY] }, [",
        replace:
          "if (verification.kind) throw verification.error;\n  throw new PartialFailure(toResourceId(record), { ...outs, [PROVIDER_KEY]: properties[PROVIDER_KEY] }, [",
      },
    ],
    test: { file: "tests/provider/handlers/project-secret-effects.test.ts", title: "saves the secret as pending when" },
  },
  {
    name: "lets two operations at once on an account",
    invariant: "I1",
    edits: [
      {
        file: "provider/src/account/locks.ts",
        find: "return lock.runExclusive(work);",
        replace: "return work();",
      },
    ],
    test: { file: "tests/provider/account/locks.test.ts", title: "one at a time" },
  },
  {
    name: "forgets the pause before it takes a lost secret for unused",
    invariant: "I3",
    edits: [
      {
        file: "provider/src/account/lost-response.ts",
        find: "if (!(await this.#operation.time.pause(ms, kind, what)))",
        replace: "if (ms < 0 && !(await this.#operation.time.pause(ms, kind, what)))",
      },
    ],
    test: {
      file: "tests/provider/account/lost-response.test.ts",
      title: "deletes it after the grace pause",
    },
  },
  {
    name: "removes a new secret although it is in use",
    invariant: "I3",
    edits: [
      {
        file: "provider/src/rotation/lost-secret.ts",
        find: 'if (lastUsedAtMs !== undefined) return "it is in use";',
        replace: "",
      },
    ],
    test: { file: "tests/provider/rotation/lost-secret.test.ts", title: "stops when" },
  },
  {
    name: "removes a new secret of another lifetime",
    invariant: "I3",
    edits: [
      {
        file: "provider/src/rotation/lost-secret.ts",
        find: "> SERVER_TIME_MARGIN_MS) {\n    return `its lifetime",
        replace: "> Number.MAX_SAFE_INTEGER) {\n    return `its lifetime",
      },
    ],
    test: { file: "tests/provider/rotation/lost-secret.test.ts", title: "stops when" },
  },
  {
    name: "sends requests after the engine's death",
    invariant: "I5",
    edits: [
      {
        file: "provider/src/account/process.ts",
        find: "isEngineAlive ? guardByEngine(transport, isEngineAlive) : transport",
        replace: "transport",
      },
    ],
    test: {
      file: "tests/provider/account/process.test.ts",
      title: "sends nothing once the engine does not listen any more",
    },
  },
  {
    name: "shows a sensitive value as text",
    invariant: "I6",
    edits: [
      {
        file: "provider/src/sensitive.ts",
        find: "  toString(): string {\n    return SHOWN;",
        replace: "  toString(): string {\n    return this.#value;",
      },
    ],
    test: { file: "tests/provider/sensitive.test.ts", title: "shows as redacted in" },
  },
  {
    name: "does not redact what Atlas repeats",
    invariant: "I6",
    edits: [
      {
        file: "provider/src/redact.ts",
        find: "const forms = known.flatMap(",
        replace: "const forms = known.slice(0, 0).flatMap(",
      },
    ],
    test: { file: "tests/provider/redact.test.ts", title: "leaves no known value of eight characters or more, raw" },
  },
  {
    name: "sends credentials without TLS to any host",
    invariant: "I12",
    edits: [
      {
        file: "provider/src/settings.ts",
        find: '(protocol === "http:" && isLoopback(hostname))',
        replace: 'protocol === "http:"',
      },
    ],
    test: { file: "tests/provider/settings.test.ts", title: "refuses a URL with" },
  },
  {
    name: "replaces a secret that is not proven yet",
    invariant: "I5",
    edits: [
      {
        file: "provider/src/rotation/replacement.ts",
        find: 'if (recorded.status === "pending-verification") {',
        replace: 'if (recorded.status === "pending-verification" && desired.verify === Unknown) {',
      },
    ],
    test: {
      file: "tests/provider/handlers/project-secret.test.ts",
      title: "updates a pending secret and never replaces it",
    },
  },
  {
    name: "names the property of a check failure, of which the engine prints the value",
    invariant: "I6",
    edits: [{ file: "provider/src/handlers/calls.ts", find: 'property: "", reason', replace: "property, reason" }],
    test: {
      file: "tests/provider/handlers/project-secret.test.ts",
      title: "names each problem in its text and not as a property",
    },
  },
  {
    name: "does not say that an untracked secret will hold the slot of the next rotation",
    edits: [
      {
        file: "provider/src/rotation/successor-slot.ts",
        find: "expiresAtMs: toShortenedExpiryMs(secret.expiresAtMs, createdAtMs),",
        replace: "expiresAtMs: createdAtMs,",
      },
    ],
    test: {
      file: "tests/provider/handlers/initial-secret.test.ts",
      title: "says with its first secret, for 48 h",
    },
  },
  {
    name: "takes a page of another server for a wrong credential",
    edits: [
      { file: "provider/src/atlas/failure.ts", find: "if (isRefusal && isForeign(outcome))", replace: "if (false)" },
    ],
    test: { file: "tests/provider/client/base-url.test.ts", title: "with a page, not credential, role or ids" },
  },
  {
    name: "sends a request past a proxy that it cannot use",
    invariant: "I12",
    edits: [
      {
        file: "provider/src/proxy.ts",
        find: 'if (url.protocol !== "http:" && url.protocol !== "https:")',
        replace: "if (false)",
      },
    ],
    test: { file: "tests/provider/client/proxies.test.ts", title: "stops the request: nothing is sent past it" },
  },
  {
    name: "lets NO_PROXY exempt a host that only ends alike",
    edits: [{ file: "provider/src/proxy.ts", find: "host === name ||", replace: "host.endsWith(name) ||" }],
    test: { file: "tests/provider/proxy.test.ts", title: "of Go's own test does not exempt" },
  },
  {
    name: "gives the https agent the whole environment",
    invariant: "I12",
    edits: [
      {
        file: "provider/src/atlas/transport.ts",
        find: "?? createHttpsAgent(proxy)",
        replace: "?? new https.Agent({ keepAlive: true, rejectUnauthorized: true, proxyEnv: { ...env } })",
      },
    ],
    test: {
      file: "tests/provider/client/transport.test.ts",
      title: "takes nothing from the environment but the proxy variables",
    },
  },
  {
    name: "takes a secret for a client id",
    invariant: "I6",
    edits: [
      {
        file: "provider/src/settings.ts",
        find: 'if (SECRET.test(value)) return "is a secret, not a client id: are id and secret swapped?";',
        replace: "if (SECRET.test(value)) return undefined;",
      },
    ],
    test: { file: "tests/provider/settings.test.ts", title: "refuses id and secret swapped, all of it at once" },
  },
  {
    name: "shows as an id whatever stands there",
    invariant: "I6",
    edits: [
      {
        file: "provider/src/ids.ts",
        find: 'CLIENT_ID.test(id) ? id : "[not an id]"',
        replace: "CLIENT_ID.test(id) ? id : id",
      },
    ],
    test: { file: "tests/provider/atlas/account-ref.test.ts", title: "does not show what is not shaped like an id" },
  },
  {
    name: "lets the environment's base URL win over the stack's cloud",
    edits: [
      {
        file: "provider/src/settings.ts",
        find: 'value: flag && (flag === "true" ? GOVERNMENT_BASE_URL : BASE_URL)',
        replace: "value: undefined",
      },
    ],
    test: { file: "tests/provider/settings.test.ts", title: "before the environment's URL" },
  },
  {
    name: "takes the first page of a list for all of it",
    edits: [
      {
        file: "provider/src/atlas/client.ts",
        find: "page.accounts.length === 0 || page.hasNext === false",
        replace: "page.hasNext !== undefined",
      },
    ],
    test: { file: "tests/provider/atlas/client.test.ts", title: "reads 501 accounts on two pages" },
  },
  {
    name: "adds the context of one operation to a failure that others share",
    edits: [
      {
        file: "provider/src/errors.ts",
        find: "return error instanceof AtlasSecretsError ? error.withMore(more) : error;",
        replace: "if (error instanceof Error) error.message += more;\n  return error;",
      },
    ],
    test: { file: "tests/provider/errors.test.ts", title: "gives each of several operations that share a failure" },
  },
  {
    name: "ends a run with the first 401 of a new token",
    edits: [
      {
        file: "provider/src/atlas/auth/service-account.ts",
        find: "if (!held.isProven && isFirst)",
        replace: "if (isFirst && held === undefined)",
      },
    ],
    test: { file: "tests/provider/atlas/session.test.ts", title: "waits once and sends a request again" },
  },
  {
    name: "makes an owner unreadable for one secret that cannot be read",
    edits: [
      {
        file: "provider/src/atlas/wire.ts",
        find: "v.fallback(v.nullish(v.array(heldSecret)), undefined)",
        replace: "v.nullish(v.array(heldSecret))",
      },
    ],
    test: {
      file: "tests/provider/atlas/client.test.ts",
      title: "lists an account with a secret that it cannot read without secrets",
    },
  },
  {
    name: "leaves a rotation that is as frequent as the runs to the next run, which finds the secret expired",
    invariant: "I10",
    edits: [
      {
        file: "provider/src/rotation/due.ts",
        find: "Math.min(window + EARLY_HOURS, granted - 1)",
        replace: "Math.min(window, granted - 1)",
      },
    ],
    test: { file: "tests/model/daily-runs.test.ts", title: "rotate each time, once, and never find it expired" },
  },
  {
    name: "takes a secret that did not pass its verification for current when aliases carry it to the rotating class",
    edits: [
      {
        file: "provider/src/records/rotation-record.ts",
        find: "outputs.generation === undefined && UNVERIFIED.includes(status);",
        replace: "outputs.generation === undefined && UNVERIFIED.includes(undefined);",
      },
    ],
    test: {
      file: "tests/provider/records/rotation-record.test.ts",
      title: "takes the secret of the plain class for pending",
    },
  },
  {
    name: "lets the older secret of an adopted pair go in the first run, as if its overlap had begun long ago",
    edits: [
      {
        file: "provider/src/records/adopted.ts",
        find: "previous ? nowMs : createdAtMs",
        replace: "createdAtMs",
      },
    ],
    test: {
      file: "tests/provider/records/adopted.test.ts",
      title: "is the previous one, with the whole overlap from the adoption on",
    },
  },
  {
    name: "begins a retry that a hook asks for with the outputs from before the first try",
    invariant: "I11",
    edits: [
      {
        file: "provider/src/handlers/retries.ts",
        find: "call(saved ? mapSecretOutputs(saved, (value) => value) : olds)",
        replace: "call(saved && olds.pendingSecretId ? mapSecretOutputs(saved, (value) => value) : olds)",
      },
    ],
    test: {
      file: "tests/provider/handlers/retried-calls.test.ts",
      title: "goes on with the pending secret of the last try, and makes no other",
    },
  },
  {
    name: "forgets what the last try saved when a retry fails for another reason",
    invariant: "I11",
    edits: [
      {
        file: "provider/src/handlers/retries.ts",
        find: "if (!saved || error instanceof PartialFailure) throw error;",
        replace: "if (error !== undefined) throw error;",
      },
    ],
    test: {
      file: "tests/provider/handlers/retried-calls.test.ts",
      title: "saves a plain secret again when it fails for another reason",
    },
  },
];

/** @type {readonly Defect[]} */
export const DEFECTS = [...USUAL, ...LIMITS, ...REPAIRED, ...COMMAND_LINE, ...GUARDS];
