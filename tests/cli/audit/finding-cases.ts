/** What each finding is found by: one thing broken, on both sides of its limit. */
import type { Inventory } from "../../../cli/src/audit/inventory.js";
import {
  CLIENT_ID,
  CURRENT,
  CURRENT_ID,
  DAY_MS,
  FOREIGN_ID,
  HOUR_MS,
  LISTED_CURRENT,
  LISTED_PREVIOUS,
  listed,
  NOW_MS,
  OTHER_OWNER_ID,
  OWNER_ID,
  PENDING_ID,
  PREVIOUS_ID,
  plain,
  recorded,
  rotates,
  STATE,
} from "./fixtures.js";

const FOREIGN = { ...LISTED_PREVIOUS, id: FOREIGN_ID };
const REPLACED = plain({ secretId: PREVIOUS_ID }, { isPendingDeletion: true, location: "replaced" });
/** Made by a run since the state was written, or not. */
const LATER = { ...LISTED_CURRENT, id: FOREIGN_ID, createdAtMs: NOW_MS - DAY_MS, lastUsedAtMs: NOW_MS };
/** From ten days before its end on. */
export const DUE_MS = NOW_MS + 10 * DAY_MS;
const END_MS = NOW_MS + 20 * DAY_MS;
const OVER_MS = NOW_MS + DAY_MS / 2;
/** An expiry counts for what is deleted once it is over by ten minutes. */
const MARGIN_MS = 600_000;

/** One inventory, and all that is found in it. */
export interface Case {
  readonly code: string;
  readonly when: string;
  readonly inventory: Inventory;
  readonly nowMs?: number;
  /** Default none. */
  readonly finds?: readonly string[];
}

const due = [`inside-window ${CURRENT_ID}`];
/** The only secret of an account, due for long. */
export const late = [`no-successor ${CURRENT_ID}`];
const expired = [`current-expired ${CURRENT_ID}`];
const shortenedListing = { ...LISTED_CURRENT, expiresAtMs: END_MS - DAY_MS };
const inUse = { ...LISTED_PREVIOUS, lastUsedAtMs: NOW_MS };
const longLived = { ...LISTED_CURRENT, createdAtMs: END_MS - 720 * HOUR_MS };
const PENDING = { ...CURRENT, secretId: PENDING_ID, createdAtMs: NOW_MS - HOUR_MS };
/** Its window begins now, and its previous secret holds the other slot until the overlap is over. */
const waiting = rotates({ rotateBeforeExpiryHours: 480 });

export const CASES: readonly Case[] = [
  {
    code: "current-expired",
    when: "a second before its end",
    inventory: recorded(),
    nowMs: END_MS - 1000,
    finds: late,
  },
  { code: "current-expired", when: "at its end", inventory: recorded(), nowMs: END_MS, finds: expired },
  {
    code: "current-expired",
    when: "at the end that Atlas lists",
    inventory: listed(recorded(), shortenedListing),
    nowMs: END_MS - DAY_MS,
    finds: [...expired, `expiry-shortened ${CURRENT_ID}`],
  },
  {
    code: "current-expired",
    when: "its end is not recorded",
    inventory: recorded(plain({ createdAtMs: undefined, expiresAtMs: undefined })),
    nowMs: DUE_MS - 1,
  },
  { code: "inside-window", when: "a millisecond before", inventory: recorded(), nowMs: DUE_MS - 1 },
  { code: "inside-window", when: "from its beginning on", inventory: recorded(), nowMs: DUE_MS, finds: due },
  {
    code: "inside-window",
    when: "Atlas's earlier end moves it",
    inventory: listed(recorded(), shortenedListing),
    nowMs: DUE_MS - DAY_MS,
    finds: [...due, `expiry-shortened ${CURRENT_ID}`],
  },
  {
    code: "inside-window",
    when: "it is not recorded",
    inventory: recorded(plain({ expiresAtMs: undefined, grantedHours: undefined })),
    nowMs: END_MS - 1,
  },
  {
    code: "no-successor",
    when: "an hour before the grace ends",
    inventory: recorded(),
    nowMs: DUE_MS + 23 * HOUR_MS,
    finds: due,
  },
  { code: "no-successor", when: "after the grace", inventory: recorded(), nowMs: DUE_MS + 24 * HOUR_MS, finds: late },
  {
    code: "no-successor",
    when: "after half of a shorter window",
    inventory: recorded(plain({ rotateBeforeExpiryHours: 10 })),
    nowMs: END_MS - 5 * HOUR_MS,
    finds: late,
  },
  {
    code: "no-successor",
    when: "just before half of a shorter window",
    inventory: recorded(plain({ rotateBeforeExpiryHours: 10 })),
    nowMs: END_MS - 5 * HOUR_MS - 1,
    finds: due,
  },
  {
    code: "no-successor",
    when: "another secret is beside it",
    inventory: recorded(plain(), REPLACED),
    nowMs: DUE_MS + 5 * DAY_MS,
    finds: [...due, `pending-deletion ${PREVIOUS_ID}`],
  },
  {
    code: "both-slots-taken",
    when: "a foreign one beside it",
    inventory: listed(recorded(), LISTED_CURRENT, FOREIGN),
    finds: ["both-slots-taken", `unmanaged ${FOREIGN_ID}`],
  },
  {
    code: "both-slots-taken",
    when: "two plain resources on one account",
    inventory: recorded(plain(), plain({ secretId: FOREIGN_ID }, { location: "other" })),
    finds: ["both-slots-taken"],
  },
  {
    code: "pending-deletion",
    when: "a replaced one, by its state alone",
    inventory: recorded(plain(), REPLACED),
    finds: [`pending-deletion ${PREVIOUS_ID}`],
  },
  {
    code: "pending-deletion",
    when: "a replaced one that Atlas does not hold any more",
    inventory: listed(recorded(plain(), REPLACED), LISTED_CURRENT),
  },
  {
    code: "recorded-twice",
    when: "two stacks have it",
    inventory: recorded(plain(), plain({}, { source: "b.json", location: "urn:pulumi:test::shop::x::backend" })),
    finds: [`recorded-twice ${CURRENT_ID}`],
  },
  {
    code: "recorded-twice",
    when: "a state and the outputs of its stack have it",
    inventory: recorded(plain(), plain({}, { source: "outputs.json", location: "audit" })),
  },
  {
    code: "recorded-twice",
    when: "it is the other one's previous one",
    inventory: recorded(
      plain({ secretId: PREVIOUS_ID }, { location: "urn:pulumi:test::shop::x::backend" }),
      rotates({ overlapHours: 168 }),
    ),
  },
  {
    code: "both-slots-taken",
    when: "all of one rotating resource, which may",
    inventory: recorded(rotates({ pending: PENDING })),
    finds: [`pending-verification ${PENDING_ID}`],
  },
  {
    code: "expired-not-deleted",
    when: "an expired foreign one",
    inventory: listed(recorded(), LISTED_CURRENT, { ...FOREIGN, expiresAtMs: NOW_MS - MARGIN_MS }),
    finds: ["both-slots-taken", `expired-not-deleted ${FOREIGN_ID}`, `unmanaged ${FOREIGN_ID}`],
  },
  {
    code: "expired-not-deleted",
    when: "a foreign one, a millisecond before the margin is over",
    inventory: listed(recorded(), LISTED_CURRENT, { ...FOREIGN, expiresAtMs: NOW_MS - MARGIN_MS + 1 }),
    finds: ["both-slots-taken", `unmanaged ${FOREIGN_ID}`],
  },
  {
    code: "both-slots-taken",
    when: "what a plain resource replaced, which may be deleted long since",
    inventory: recorded(plain({ supersedes: [PREVIOUS_ID] })),
  },
  {
    code: "unmanaged",
    when: "what a plain resource replaced, and Atlas lists",
    inventory: listed(recorded(plain({ supersedes: [PREVIOUS_ID] })), LISTED_CURRENT, LISTED_PREVIOUS),
    finds: [`pending-deletion ${PREVIOUS_ID}`],
  },
  {
    code: "missing-on-atlas",
    when: "created a minute ago, which Atlas may not list yet",
    inventory: listed(recorded(plain({ createdAtMs: NOW_MS - 60_000 }))),
  },
  {
    code: "expired-not-deleted",
    when: "a recorded previous one, a millisecond before",
    inventory: recorded(rotates({ previous: { secretId: PREVIOUS_ID, expiresAtMs: NOW_MS - MARGIN_MS + 1 } })),
  },
  {
    code: "expired-not-deleted",
    when: "a recorded previous one",
    inventory: recorded(rotates({ previous: { secretId: PREVIOUS_ID, expiresAtMs: NOW_MS - MARGIN_MS } })),
    finds: [`expired-not-deleted ${PREVIOUS_ID}`],
  },
  {
    code: "expired-not-deleted",
    when: "Atlas does not hold it any more",
    inventory: listed(
      recorded(rotates({ previous: { secretId: PREVIOUS_ID, expiresAtMs: NOW_MS - MARGIN_MS } })),
      LISTED_CURRENT,
    ),
  },
  {
    code: "missing-on-atlas",
    when: "the current one",
    inventory: listed(recorded()),
    finds: [`missing-on-atlas ${CURRENT_ID}`],
  },
  {
    code: "missing-on-atlas",
    when: "the pending one",
    inventory: listed(recorded(rotates({ pending: PENDING })), LISTED_CURRENT, LISTED_PREVIOUS),
    finds: [`missing-on-atlas ${PENDING_ID}`],
  },
  {
    code: "missing-on-atlas",
    when: "the previous one, which may",
    inventory: listed(recorded(rotates()), LISTED_CURRENT),
  },
  {
    code: "missing-on-atlas",
    when: "one that waits for its deletion, which may",
    inventory: listed(recorded(plain(), REPLACED), LISTED_CURRENT),
  },
  {
    code: "missing-on-atlas",
    when: "a record says so",
    inventory: recorded(rotates({ isCurrentMissing: true })),
    finds: [`missing-on-atlas ${CURRENT_ID}`],
  },
  {
    code: "missing-on-atlas",
    when: "a record says so and has none",
    inventory: recorded(rotates({ current: undefined, previous: undefined, isCurrentMissing: true })),
    finds: ["missing-on-atlas"],
  },
  {
    code: "missing-on-atlas",
    when: "a record says so and Atlas lists it",
    inventory: listed(recorded(rotates({ isCurrentMissing: true })), LISTED_CURRENT, LISTED_PREVIOUS),
  },
  {
    code: "account-unassigned",
    when: "its project's list lacks it",
    inventory: { ...listed(recorded()), accounts: [] },
    finds: ["account-unassigned"],
  },
  {
    code: "account-unassigned",
    when: "it is listed in another project",
    inventory: {
      ...listed(recorded(plain({ projectId: OTHER_OWNER_ID })), LISTED_CURRENT),
      listedOwners: [OWNER_ID, OTHER_OWNER_ID].map((ownerId) => ({ level: "project", ownerId })),
    },
    finds: ["account-unassigned"],
  },
  {
    code: "account-unassigned",
    when: "its project was not listed",
    inventory: { ...listed(recorded()), accounts: [], listedOwners: [] },
  },
  {
    code: "account-unassigned",
    when: "a record says so",
    inventory: recorded(plain({ status: "account-unassigned" })),
    finds: ["account-unassigned"],
  },
  {
    code: "account-unassigned",
    when: "a record says so and Atlas lists it",
    inventory: listed(recorded(plain({ status: "account-unassigned" })), LISTED_CURRENT),
  },
  {
    code: "unmanaged",
    when: "of an account that no source records",
    inventory: listed({ ...recorded(), resources: [] }, LISTED_CURRENT),
  },
  {
    code: "unmanaged",
    when: "of an account that no source records, asked for",
    inventory: listed({ ...recorded(), resources: [], hasUnmanaged: true }, LISTED_CURRENT),
    finds: [`unmanaged ${CURRENT_ID}`],
  },
  {
    code: "unmanaged",
    when: "created less than ten minutes ago",
    inventory: listed(recorded(), LISTED_CURRENT, { ...FOREIGN, createdAtMs: NOW_MS - MARGIN_MS + 1 }),
    finds: ["both-slots-taken"],
  },
  {
    code: "unmanaged",
    when: "created ten minutes ago",
    inventory: listed(recorded(), LISTED_CURRENT, { ...FOREIGN, createdAtMs: NOW_MS - MARGIN_MS }),
    finds: ["both-slots-taken", `unmanaged ${FOREIGN_ID}`],
  },
  {
    code: "unmanaged",
    when: "created later than the state was written",
    inventory: asOf(LATER.createdAtMs + MARGIN_MS - 1, listed(recorded(), LISTED_CURRENT, LATER)),
    finds: ["both-slots-taken"],
  },
  {
    code: "missing-on-atlas",
    when: "a run may have replaced it since the state was written",
    inventory: asOf(LATER.createdAtMs + MARGIN_MS - 1, listed(recorded(), LATER)),
  },
  {
    code: "missing-on-atlas",
    when: "what nobody records is older than the state",
    inventory: asOf(LATER.createdAtMs + MARGIN_MS, listed(recorded(), LATER)),
    finds: [`missing-on-atlas ${CURRENT_ID}`, `unmanaged ${FOREIGN_ID}`],
  },
  {
    code: "unmanaged",
    when: "one that waits for its deletion is recorded",
    inventory: listed(recorded(plain(), REPLACED), LISTED_CURRENT, LISTED_PREVIOUS),
    finds: [`pending-deletion ${PREVIOUS_ID}`],
  },
  {
    code: "previous-in-use",
    when: "used, the overlap not over",
    inventory: listed(recorded(rotates()), LISTED_CURRENT, inUse),
    nowMs: OVER_MS - 1,
  },
  {
    code: "previous-in-use",
    when: "used, the overlap over",
    inventory: listed(recorded(rotates()), LISTED_CURRENT, inUse),
    nowMs: OVER_MS,
    finds: [`previous-in-use ${PREVIOUS_ID}`],
  },
  {
    code: "previous-in-use",
    when: "used, a millisecond before the quiet time ends",
    inventory: listed(recorded(rotates()), LISTED_CURRENT, inUse),
    nowMs: NOW_MS + 24 * HOUR_MS - 1,
    finds: [`previous-in-use ${PREVIOUS_ID}`],
  },
  {
    code: "previous-in-use",
    when: "used, and quiet since",
    inventory: listed(recorded(rotates()), LISTED_CURRENT, inUse),
    nowMs: NOW_MS + 24 * HOUR_MS,
    finds: [`overlap-over ${PREVIOUS_ID}`],
  },
  {
    code: "previous-in-use",
    when: "used, and no quiet time is asked for",
    inventory: listed(recorded(rotates({ quietHours: 0 })), LISTED_CURRENT, inUse),
    nowMs: OVER_MS,
    finds: [`overlap-over ${PREVIOUS_ID}`],
  },
  {
    code: "previous-in-use",
    when: "recorded by the last refresh",
    inventory: recorded(rotates({ previous: { secretId: PREVIOUS_ID, lastUsedAtMs: NOW_MS } })),
    nowMs: OVER_MS,
    finds: [`previous-in-use ${PREVIOUS_ID}`],
  },
  {
    code: "overlap-over",
    when: "used before the promotion only",
    inventory: listed(recorded(rotates()), LISTED_CURRENT, LISTED_PREVIOUS),
    nowMs: OVER_MS,
    finds: [`overlap-over ${PREVIOUS_ID}`],
  },
  { code: "overlap-over", when: "a millisecond before", inventory: recorded(rotates()), nowMs: OVER_MS - 1 },
  {
    code: "overlap-over",
    when: "recorded",
    inventory: recorded(rotates()),
    nowMs: OVER_MS,
    finds: [`overlap-over ${PREVIOUS_ID}`],
  },
  {
    code: "never-used",
    when: "not at all",
    inventory: listed(recorded(), { ...toUnused(LISTED_CURRENT) }),
    finds: [`never-used ${CURRENT_ID}`],
  },
  {
    code: "never-used",
    when: "for its verification only",
    inventory: listed(recorded(), { ...LISTED_CURRENT, lastUsedAtMs: LISTED_CURRENT.createdAtMs + 600_000 }),
    finds: [`never-used ${CURRENT_ID}`],
  },
  {
    code: "never-used",
    when: "a second later",
    inventory: listed(recorded(), { ...LISTED_CURRENT, lastUsedAtMs: LISTED_CURRENT.createdAtMs + 601_000 }),
  },
  {
    code: "never-used",
    when: "it is too young",
    inventory: listed(recorded(), toUnused(LISTED_CURRENT)),
    nowMs: LISTED_CURRENT.createdAtMs + 168 * HOUR_MS - 1,
  },
  { code: "never-used", when: "nobody asked Atlas", inventory: recorded() },
  {
    code: "lifetime-too-long",
    when: "30 days and a minute",
    inventory: listed(recorded(), { ...longLived, createdAtMs: longLived.createdAtMs - 60_000 }),
  },
  {
    code: "lifetime-too-long",
    when: "a millisecond more",
    inventory: listed(recorded(), { ...longLived, createdAtMs: longLived.createdAtMs - 60_001 }),
    finds: [`lifetime-too-long ${CURRENT_ID}`],
  },
  {
    code: "lifetime-too-long",
    when: "recorded before Atlas shortened it",
    inventory: listed(recorded(plain({ createdAtMs: NOW_MS - 11 * DAY_MS })), shortenedListing),
    finds: [`lifetime-too-long ${CURRENT_ID}`, `expiry-shortened ${CURRENT_ID}`],
  },
  {
    code: "expiry-shortened",
    when: "a second earlier",
    inventory: listed(recorded(), { ...LISTED_CURRENT, expiresAtMs: END_MS - 1000 }),
    finds: [`expiry-shortened ${CURRENT_ID}`],
  },
  {
    code: "expiry-shortened",
    when: "later, which is no shortening",
    inventory: listed(recorded(), { ...LISTED_CURRENT, expiresAtMs: END_MS + 1000 }),
  },
  {
    code: "pending-verification",
    when: "a plain resource",
    inventory: recorded(plain({ status: "pending-verification" })),
    finds: [`pending-verification ${CURRENT_ID}`],
  },
  {
    code: "rejected",
    when: "a plain resource",
    inventory: recorded(plain({ status: "rejected" })),
    finds: [`rejected ${CURRENT_ID}`],
  },
  {
    code: "rejected",
    when: "one that waits for its deletion, which may",
    inventory: recorded(plain({ status: "rejected" }, { isPendingDeletion: true })),
    finds: [`pending-deletion ${CURRENT_ID}`],
  },
  {
    code: "run-pending",
    when: "a changed lifetime is not applied",
    inventory: recorded(plain({}, { desired: { secretExpiresAfterHours: 721 } })),
    finds: [`run-pending ${CURRENT_ID}`],
  },
  {
    code: "run-pending",
    when: "the secret is overdue besides, which is the worse of the two",
    inventory: recorded(plain({}, { desired: { secretExpiresAfterHours: 721 } })),
    nowMs: DUE_MS,
    finds: due,
  },
  {
    code: "inside-window",
    when: "another source says that it has expired, which is the worse of the two",
    inventory: recorded(plain({ expiresAtMs: DUE_MS }, { source: "outputs.json", location: "audit" }), plain()),
    nowMs: DUE_MS,
    finds: expired,
  },
  {
    code: "run-pending",
    when: "the promotion is not recorded",
    inventory: recorded(rotates({ promotedAtMs: undefined })),
    finds: [`run-pending ${PREVIOUS_ID}`],
  },
  { code: "run-pending", when: "a rotation waits for its slot", inventory: recorded(waiting), finds: due },
  {
    code: "run-pending",
    when: "only a setting changed, which asks nothing of Atlas",
    inventory: recorded(plain({}, { desired: { exclusive: true } })),
  },
  {
    code: "pending-operations",
    when: "a state says so",
    inventory: { ...recorded(), pendingOperations: [{ source: STATE.name, operations: ["creating urn:x"] }] },
    finds: ["pending-operations"],
  },
  {
    code: "credential-near-end",
    when: "an hour too early",
    inventory: withCredential([CURRENT_ID]),
    nowMs: END_MS - 169 * HOUR_MS,
    finds: late,
  },
  {
    code: "credential-near-end",
    when: "within seven days",
    inventory: withCredential([CURRENT_ID]),
    nowMs: END_MS - 168 * HOUR_MS,
    finds: [...late, `credential-near-end ${CURRENT_ID}`],
  },
  {
    code: "credential-near-end",
    when: "another secret of its account",
    inventory: withCredential([FOREIGN_ID]),
    nowMs: END_MS - 168 * HOUR_MS,
    finds: late,
  },
];

/** The same, with a state that was written at this time. */
function asOf(asOfMs: number, inventory: Inventory): Inventory {
  return { ...inventory, sources: inventory.sources.map((source) => ({ ...source, asOfMs })) };
}

/** A listed secret that was never used. */
export function toUnused({ lastUsedAtMs: _, ...secret }: typeof LISTED_CURRENT) {
  return secret;
}

/** The audit signs in with the account that it lists, which is used. */
export function withCredential(candidateIds: readonly string[]): Inventory {
  return { ...listed(recorded(), LISTED_CURRENT), credentials: [{ clientId: CLIENT_ID, candidateIds }] };
}
