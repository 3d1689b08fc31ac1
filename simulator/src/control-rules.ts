/**
 * What the control interface takes, as a table: every method with its arguments, every switch, every kind of fault. What is
 * not in it is refused, so that a test with a typo fails instead of testing nothing.
 */
import { parseTime } from "./clock.js";
import { anything, be, boolean, either, fields, listOf, number, oneOf, type Rule, text, whole } from "./rules.js";
import type { Control, Fault, Switches } from "./types.js";

const objectId = text("24 digits of a-f and 0-9", /^[a-f0-9]{24}$/);
const clientId = text("mdb_sa_id_ and 24 hexadecimal digits", /^mdb_sa_id_[a-fA-F\d]{24}$/);
const time = be("a time in ISO 8601", (value) => typeof value === "string" && parseTime(value) !== undefined);
const count = whole(0);
const hours = number(0);
const level = oneOf("project", "organization");

/** @see https://www.mongodb.com/docs/atlas/reference/user-roles/ */
const roles = listOf(
  text(
    "a role such as GROUP_OWNER",
    new RegExp(
      "^(GROUP_(OWNER|READ_ONLY|CLUSTER_MANAGER|BACKUP_MANAGER|DATABASE_ACCESS_ADMIN|OBSERVABILITY_VIEWER|SEARCH_INDEX_EDITOR" +
        "|STREAM_PROCESSING_OWNER|DATA_ACCESS_(ADMIN|READ_WRITE|READ_ONLY))" +
        "|ORG_(OWNER|MEMBER|READ_ONLY|GROUP_CREATOR|BILLING_ADMIN|BILLING_READ_ONLY|STREAM_PROCESSING_ADMIN))$",
    ),
  ),
);

const headers = be("an object of texts", (value) =>
  Object.values(value ?? [0]).every((header) => typeof header === "string"),
);

const match = fields(
  {},
  {
    operation: oneOf("createSecret", "deleteSecret", "getAccount", "listAccounts", "mint", "revoke", "unknown"),
    method: oneOf("GET", "POST", "PUT", "PATCH", "DELETE"),
    pathIncludes: text(),
    clientId: text(),
  },
);

const FAULTS: Readonly<
  Record<Fault["kind"], readonly [required: Record<string, Rule>, optional?: Record<string, Rule>]>
> = {
  refuse: [{}],
  "cut-before": [{}],
  "cut-after": [{}],
  "cut-body": [{}],
  malformed: [{}],
  "no-secret": [{}],
  delay: [{ ms: number(0) }],
  hold: [{ stage: oneOf("before", "after") }],
  status: [{ status: whole(200, 599) }, { body: anything, headers, commit: boolean }],
  redirect: [{ location: text() }, { status: whole(300, 399) }],
};

const fault: Rule = (value, name) => {
  const { kind } = (value ?? {}) as { kind?: Fault["kind"] };
  const known = oneOf(...Object.keys(FAULTS))(kind, `${name}.kind`);
  if (known !== undefined || kind === undefined) return known;
  const [required, optional] = FAULTS[kind];
  return fields(
    { kind: anything, ...required },
    { match, skip: count, times: either(oneOf("always"), count), ...optional },
  )(value, name);
};

const refusal = fields({ status: whole(400, 599), errorCode: text() });
const untilSwitchedOff = either(boolean, number(0));

const SWITCHES: Readonly<Record<keyof Switches, Rule>> = {
  lastUsedAfterSeconds: either(oneOf(null), number(0)),
  unusedLastUsedAt: oneOf("null", "absent"),
  thirdSecret: refusal,
  hoursOutOfRange: refusal,
  unknownSecret: refusal,
  unknownAccount: refusal,
  unknownProject: refusal,
  missingRole: oneOf(401, 403),
  sharedAccountNeedsOrgOwner: boolean,
  repeatedDelete: oneOf("not-found", "no-content"),
  valueWorksAfterSeconds: number(0),
  readLagSeconds: number(0),
  listHoldsSecrets: boolean,
  cutShowsAfterSeconds: number(0),
  maskAtCreation: boolean,
  maskShowsEnd: boolean,
  totalCountOffBy: either(oneOf(null), whole()),
  extraFields: boolean,
  accountSuspended: untilSwitchedOff,
  appUpgrade: untilSwitchedOff,
  dateAheadSeconds: number(),
  retryAfter: oneOf("true", "zero", "absent", "alternating"),
  maxHours: hours,
  hoursBeyondMax: oneOf("refused", "shortened"),
  mintLimitPerMinute: either(oneOf(null), count),
  maxLiveTokens: count,
  rateLimits: either(boolean, fields({ capacity: count, refill: count, seconds: number(1) })),
  postDurationMs: number(0),
  digestAlgorithms: listOf(oneOf("MD5", "SHA-256")),
};

const plan = fields({ projects: count, accountsPerProject: count }, { initialSecrets: boolean });
const switches = fields({}, SWITCHES);

/** A seeded account is an address, too. */
const address = fields({ ownerId: objectId, clientId }, { level, orgId: objectId, secret: anything });

/** Arguments of each method; those that may be left out come last. */
const ARGUMENTS: Readonly<
  Record<Exclude<keyof Control, "url">, readonly [required: readonly Rule[], optional?: readonly Rule[]]>
> = {
  now: [[]],
  advance: [[number()]],
  setTime: [[time]],
  addFault: [[fault]],
  clearFaults: [[]],
  held: [[]],
  releaseHeld: [[], [match]],
  setSwitches: [[switches]],
  addAccount: [
    [],
    [
      fields(
        {},
        {
          level,
          ownerId: objectId,
          clientId,
          name: text(),
          roles,
          initialSecret: either(boolean, fields({ hours })),
          isSystemManaged: boolean,
        },
      ),
    ],
  ],
  seed: [[plan]],
  addApiKey: [[], [fields({}, { ownerId: objectId, publicKey: text(), privateKey: text(), roles })]],
  issueAccessToken: [[], [fields({}, { ownerId: objectId, roles, lifetimeSeconds: number(0) })]],
  createForeignSecret: [[address], [fields({}, { hours, lastUsedAt: time, value: text(), id: objectId })]],
  deleteSecret: [[objectId]],
  setExpiry: [[objectId, time]],
  setLastUsed: [[objectId, either(oneOf(null), time)]],
  unassign: [[clientId, objectId]],
  reassign: [[clientId, objectId], [roles]],
  deleteAccount: [[clientId]],
  deleteProject: [[objectId]],
  requests: [[]],
  resetLog: [[]],
  counters: [[]],
  inventory: [[]],
};

/** A method of the control interface. */
export type ControlMethod = keyof typeof ARGUMENTS;

/** Every method of the control interface. */
export const CONTROL_METHODS = Object.keys(ARGUMENTS) as readonly ControlMethod[];

/** @throws Error that says which argument a method does not take, and what it takes */
export function assertArguments(method: ControlMethod, args: readonly unknown[]): void {
  const [required, optional = []] = ARGUMENTS[method];
  const most = required.length + optional.length;
  if (args.length > most) throw new Error(`${method} takes ${most} arguments at most, not ${args.length}`);
  for (const [at, rule] of [...required, ...optional].entries()) {
    if (at >= required.length && args[at] === undefined) continue;
    refuse(rule(args[at], most === 1 ? method : `${method}, argument ${at + 1}`));
  }
}

/** @throws Error that says which option of a start is not known or cannot be used */
export function assertOptions(options: object): void {
  const optional = {
    port: whole(0, 65_535),
    startAt: time,
    switches,
    seed: either(oneOf("demo"), plan),
    observe: anything,
  };
  refuse(fields({}, optional)(options, "options"));
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new Error(problem);
}
