/**
 * Seeded defects of how the provider keeps to Atlas's limits: those of requests, of tokens, and the times when it takes none.
 *
 * @typedef {import("./defects.mjs").Defect} Defect
 */

const THROTTLE = "provider/src/atlas/throttle.ts";
const SHARED = "tests/provider/atlas/throttle-shared.test.ts";

/** @type {readonly Defect[]} */
export const LIMITS = [
  {
    name: "learns of a rate limit from refusals alone",
    edits: [{ file: THROTTLE, find: "if (remaining === undefined) return;", replace: "return;" }],
    test: { file: "tests/faults/throttled-project.test.ts", title: "by two providers and a command" },
  },
  {
    name: "spends what remains for all processes by itself",
    edits: [{ file: THROTTLE, find: "this.#spare / SHARERS", replace: "this.#spare" }],
    test: { file: SHARED, title: "has no more than" },
  },
  {
    name: "waits for ever where a server always says that nothing remains",
    edits: [
      {
        file: THROTTLE,
        find: "if (this.#emptyRefills <= BELIEVED_REFILLS) this.#close",
        replace: "this.#close",
      },
    ],
    test: { file: SHARED, title: "does not believe a fourth time" },
  },
  {
    name: "begins with as many requests as it likes",
    edits: [{ file: THROTTLE, find: "if (this.#hasHeaders || !this.#isSeen)", replace: "if (this.#hasHeaders)" }],
    test: { file: "tests/provider/atlas/throttle.test.ts", title: "lets one request go alone" },
  },
  {
    name: "takes the minutes of a mint's limit for no time",
    edits: [{ file: "provider/src/atlas/limit.ts", find: "retryAfter: 60 * minutes,", replace: "retryAfter: 0," }],
    test: { file: "tests/provider/atlas/limit.test.ts", title: "reads the count and the minutes" },
  },
  {
    name: "gives an upgrade of Atlas up after four tries",
    edits: [
      {
        file: "provider/src/atlas/retry.ts",
        find: "if (isUpgrade(error))",
        replace: "if (isUpgrade(error) && failures < MAX_TRIES)",
      },
    ],
    test: { file: "tests/provider/account/failed-creations.test.ts", title: "ends within five minutes" },
  },
  {
    name: "waits for whatever is answered 405",
    edits: [
      {
        file: "provider/src/atlas/retry.ts",
        find: 'return findCause(fault) === "upgrade";',
        replace: "return fault.status === 405;",
      },
    ],
    test: { file: "tests/provider/account/failed-creations.test.ts", title: "is not confused with another 405" },
  },
  {
    name: "takes too many live tokens for a secret that is not valid",
    edits: [
      {
        file: "provider/src/atlas/auth/mint.ts",
        find: "(outcome.status === 400 || outcome.status === 401) &&",
        replace: "outcome.status < 404 &&",
      },
      {
        file: "provider/src/atlas/auth/mint.ts",
        find: 'parseErrorBody(outcome.body).oauthError === "invalid_client"',
        replace: "parseErrorBody(outcome.body).oauthError !== undefined",
      },
    ],
    test: { file: "tests/provider/client/token-limit.test.ts", title: "is kept as not verified yet" },
  },
  {
    name: "gives its own token back after a verification",
    edits: [{ file: "provider/src/atlas/client.ts", find: "if (!isOwn) void", replace: "void" }],
    test: { file: "tests/provider/atlas/session.test.ts", title: "does not give its own back" },
  },
  {
    name: "lets a verification wait until its token is given back",
    edits: [{ file: "provider/src/atlas/client.ts", find: "if (!isOwn) void", replace: "if (!isOwn) await" }],
    test: { file: "tests/provider/atlas/session.test.ts", title: "nobody waits for that" },
  },
  {
    name: "ends the process when giving a token back goes wrong",
    edits: [
      {
        file: "provider/src/atlas/auth/mint.ts",
        find: "await transport(request).catch(() => undefined);",
        replace: "await transport(request);",
      },
    ],
    test: { file: "tests/provider/atlas/auth/mint.test.ts", title: "resolves even when the request itself goes wrong" },
  },
  {
    name: "gives no token back at the end of a command",
    edits: [
      { file: "provider/src/atlas/client.ts", find: "await this.#options.authenticator.revoke?.();", replace: "" },
    ],
    test: { file: "tests/provider/client/revocation.test.ts", title: "is given back once, at the end" },
  },
];
