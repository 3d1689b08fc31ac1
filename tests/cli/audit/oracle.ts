/**
 * A second classifier, written from the table in cli/README.md and from the rules of the reference: it shares no code
 * with the first one or with the provider's verdicts. Everything is looked up anew in the inventory, as slow as that is.
 */
import type { Inventory, Reading, RecordedResource } from "../../../cli/src/audit/inventory.js";
import type { AuditLimits } from "../../../cli/src/audit/rules/situation.js";

const H = 3_600_000;
const MARGIN = 10 * 60_000;
const NEVER = Number.POSITIVE_INFINITY;

interface OnAtlas {
  readonly id: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly lastUsedAtMs?: number;
}

interface Stated {
  readonly secretId: string;
  readonly createdAtMs?: number;
  readonly expiresAtMs?: number;
  readonly lastUsedAtMs?: number;
  readonly statedRotateAfterMs?: number;
  readonly grantedHours?: number;
  readonly issuedForHours?: number;
}

type Rotating = Extract<Reading, { readonly kind: "rotating" }>;

/** What should be found: `severity code client owner secret`, or `severity code source` of a stack. */
export function expectFindings(inventory: Inventory, now: number, limits: AuditLimits): Set<string> {
  const expected = new Set<string>();
  const clients = new Set([
    ...inventory.resources.map(({ reading }) => reading.account.clientId),
    ...inventory.accounts.map((a) => a.clientId),
  ]);
  for (const client of clients) {
    const account = new OracleAccount(inventory, client, now);
    const add = (severity: string, code: string, id = "", owner = account.owner) =>
      expected.add([severity, code, client, owner, id].join(" "));
    for (const { reading, isPendingDeletion, source } of account.resources) {
      if (isPendingDeletion) continue;
      // What is gone may have gone with the run that made what nobody records.
      const mayBeReplaced = account.laterThan(source).length > 0 && isMissingSome(reading, account);
      judgeReading(reading, mayBeReplaced ? account.unlisted() : account, now, limits, add);
    }
    for (const id of account.holding) judgeHolder(id, account, now, limits, add);
    judgeAccount(account, add);
    const used = inventory.credentials
      .filter(({ clientId }) => clientId === client)
      .flatMap((used) => used.candidateIds);
    const [first] = account.listed
      .filter(({ id }) => used.includes(id))
      .sort((a, b) => a.expiresAtMs - b.expiresAtMs || a.id.localeCompare(b.id));
    if (first && first.expiresAtMs <= now + limits.credentialHours * H) add("error", "credential-near-end", first.id);
  }
  dropLesser(expected);
  for (const { source } of inventory.pendingOperations) expected.add(`warning pending-operations ${source}`);
  return expected;
}

/** One overdue secret is one finding: what is worse takes the place of the rest. */
function dropLesser(expected: Set<string>): void {
  const order = ["error current-expired", "error no-successor", "warning inside-window", "warning run-pending"];
  for (const one of [...expected]) {
    const place = order.findIndex((start) => one.startsWith(`${start} `));
    const rest = one.slice(order[place]?.length);
    if (order.slice(0, Math.max(place, 0)).some((worse) => expected.has(worse + rest))) expected.delete(one);
  }
}

type Add = (severity: string, code: string, id?: string, owner?: string) => void;

class OracleAccount {
  readonly resources: readonly RecordedResource[];
  readonly listed: readonly OnAtlas[];
  readonly isListed: boolean;
  readonly owner: string;
  readonly holding: readonly string[];
  readonly whole: OracleAccount = this;
  constructor(
    readonly inventory: Inventory,
    client: string,
    readonly now: number,
  ) {
    this.resources = inventory.resources.filter(({ reading }) => reading.account.clientId === client);
    const listings = inventory.accounts.filter((a) => a.clientId === client);
    this.isListed = listings.length > 0;
    const seen: Record<string, OnAtlas> = {};
    for (const { secrets } of [...listings].sort((a, b) => (a.ownerId < b.ownerId ? -1 : 1))) {
      for (const secret of secrets) seen[secret.id] = secret;
    }
    this.listed = Object.values(seen);
    const owners = this.resources.map(({ reading }) => reading.account.ownerId);
    this.owner = (owners.length > 0 ? owners : listings.map(({ ownerId }) => ownerId)).sort()[0] ?? "";
    this.holding = this.isListed
      ? Object.keys(seen)
      : [...new Set(this.resources.flatMap(({ reading }) => named(reading).map(({ secretId }) => secretId)))];
  }

  /** The same for one resource, as if nobody had asked Atlas about its secrets. */
  unlisted(): OracleAccount {
    return Object.assign(Object.create(this) as OracleAccount, { isListed: false, listed: [], whole: this });
  }

  isForUnmanaged({ createdAtMs }: OnAtlas): boolean {
    const { sources, hasUnmanaged } = this.inventory;
    const records = sources.filter(({ kind }) => kind !== "atlas");
    const isOld =
      records.every(({ name }) => this.asOf(name) - createdAtMs >= MARGIN) && this.now - createdAtMs >= MARGIN;
    return records.length > 0 && (this.resources.length > 0 || hasUnmanaged) && isOld;
  }

  onAtlas(id: string): OnAtlas | undefined {
    return this.listed.find((secret) => secret.id === id);
  }

  /** As a refresh would record it. */
  refreshed(stated: Stated): Stated {
    const atlas = this.onAtlas(stated.secretId);
    if (!atlas) return stated;
    const { createdAtMs, expiresAtMs, lastUsedAtMs = stated.lastUsedAtMs } = atlas;
    const point = stated.statedRotateAfterMs;
    const moved = point === undefined ? undefined : point + expiresAtMs - (stated.expiresAtMs ?? expiresAtMs);
    return {
      ...stated,
      createdAtMs,
      expiresAtMs,
      ...(lastUsedAtMs !== undefined && { lastUsedAtMs }),
      ...(moved !== undefined && { statedRotateAfterMs: moved }),
    };
  }

  /** Secrets that nobody records and that were made since a source was read, or less than ten minutes before. */
  laterThan(source: string): OnAtlas[] {
    const asOf = this.asOf(source);
    return this.listed.filter(({ id, createdAtMs }) => this.naming(id).length === 0 && asOf - createdAtMs < MARGIN);
  }

  asOf(source: string): number {
    return this.inventory.sources.find(({ name }) => name === source)?.asOfMs ?? this.now;
  }

  /** What was created two minutes ago or less may not be listed yet. */
  lacks({ secretId, createdAtMs }: Stated): boolean {
    const isFresh = createdAtMs !== undefined && Math.abs(this.now - createdAtMs) <= 2 * 60_000;
    return this.isListed && !this.onAtlas(secretId) && !isFresh;
  }

  /** Who names the secret, and as what. */
  naming(id: string): { role: string; secret: Stated }[] {
    return this.resources.flatMap(({ reading, isPendingDeletion }) => {
      const replaced = reading.kind === "plain" ? (reading.record.supersedes ?? []) : [];
      const own = named(reading).filter(({ secretId }) => secretId === id);
      return [
        ...replaced.filter((one) => one === id).map((secretId) => ({ role: "pending-deletion", secret: { secretId } })),
        ...own.map((secret) => ({ role: isPendingDeletion ? "pending-deletion" : roleOf(id, reading), secret })),
      ];
    });
  }

  expiry(id: string): number | undefined {
    const atlas = this.onAtlas(id);
    if (atlas) return atlas.expiresAtMs;
    return this.naming(id)
      .flatMap(({ secret }) => (secret.expiresAtMs === undefined ? [] : [secret.expiresAtMs]))
      .sort((a, b) => a - b)[0];
  }
}

function named(reading: Reading): Stated[] {
  if (reading.kind !== "rotating") return [reading.record];
  const { current, pending, previous } = reading.record;
  return [current, pending, previous].filter((secret) => secret !== undefined);
}

function roleOf(id: string, reading: Reading): string {
  if (reading.kind !== "rotating" || reading.record.current?.secretId === id) return "current";
  return reading.record.pending?.secretId === id ? "pending" : "previous";
}

/** The window in force: scaled to what Atlas granted, whole hours, an hour less than that at most. */
function windowOf({ issuedForHours = 0, grantedHours = issuedForHours }: Stated, hours: number): number {
  if (issuedForHours <= 0 || grantedHours <= 0) return 0;
  return Math.max(0, Math.min(Math.floor((hours * grantedHours) / issuedForHours), grantedHours - 1));
}

/** The rotation point. Nothing is due within the first hour of a secret, nor later than it expires. */
function pointOf(stated: Stated, hours: number): number | undefined {
  if (stated.statedRotateAfterMs !== undefined) return stated.statedRotateAfterMs;
  const { expiresAtMs: end, createdAtMs: start } = stated;
  if (end === undefined) return undefined;
  const begin = end - windowOf(stated, hours) * H;
  if (start === undefined || begin >= start + H) return begin;
  return Math.max(begin, Math.min(start + H, end));
}

/** `expired`, `due` or nothing. */
function causeInTime(stated: Stated, hours: number, now: number): "expired" | "due" | undefined {
  if (stated.expiresAtMs === undefined) return undefined;
  if (stated.expiresAtMs <= now) return "expired";
  const point = pointOf(stated, hours);
  return point !== undefined && point <= now ? "due" : undefined;
}

function judgeReading(reading: Reading, account: OracleAccount, now: number, limits: AuditLimits, add: Add): void {
  judgeOwner(reading, account, add);
  if (reading.kind === "rotating") {
    judgeRotating(reading, account, now, limits, add);
    return;
  }
  const { record } = reading;
  judgeShortened(record, account, add);
  if (account.lacks(record)) {
    add("error", "missing-on-atlas", record.secretId);
    return;
  }
  const current = account.refreshed(record);
  const hours = reading.kind === "plain" ? Number(reading.desired.rotateBeforeExpiryHours) : 0;
  if (reading.kind === "plain") {
    const { status } = reading.record;
    if (status === "rejected") add("error", "rejected", record.secretId);
    else if (status === "pending-verification") add("warning", "pending-verification", record.secretId);
    else if (isChanged(reading, record)) add("warning", "run-pending", record.secretId);
  }
  judgeTime(current, hours, account, now, limits, add);
}

function isMissingSome(reading: Reading, account: OracleAccount): boolean {
  if (reading.kind !== "rotating") return account.lacks(reading.record);
  const { current, pending, previous, isCurrentMissing } = reading.record;
  const isListed = (stated?: Stated) => stated !== undefined && account.onAtlas(stated.secretId) !== undefined;
  const isCrowdedOut = isListed(previous) && isListed(pending);
  const isGone = current !== undefined && !isListed(current) && (account.lacks(current) || isCrowdedOut);
  return isGone || (isCurrentMissing && !isListed(current)) || (pending !== undefined && account.lacks(pending));
}

function isChanged({ desired }: Exclude<Reading, { readonly kind: "manual" }>, { issuedForHours }: Stated): boolean {
  return desired.secretExpiresAfterHours !== issuedForHours || Object.keys(desired.triggers).length > 0;
}

function judgeTime(
  current: Stated,
  hours: number,
  account: OracleAccount,
  now: number,
  limits: AuditLimits,
  add: Add,
): void {
  const cause = causeInTime(current, hours, now);
  if (cause === "expired") add("error", "current-expired", current.secretId);
  if (cause !== "due") return;
  const [point = 0, end = NEVER] = [pointOf(current, hours), current.expiresAtMs];
  const isPast = now - point >= limits.graceHours * H || now - point >= (end - point) / 2;
  const isLonely = isPast && account.holding.length === 1;
  add(isLonely ? "error" : "warning", isLonely ? "no-successor" : "inside-window", current.secretId);
}

function judgeOwner(reading: Reading, { inventory }: OracleAccount, add: Add): void {
  const { level, ownerId, clientId } = reading.account;
  const isOwnerListed = inventory.listedOwners.some((o) => o.level === level && o.ownerId === ownerId);
  const isInList = inventory.accounts.some(
    (a) => a.level === level && a.ownerId === ownerId && a.clientId === clientId,
  );
  const isStated =
    (reading.kind === "plain" && reading.record.status === "account-unassigned") ||
    (reading.kind === "rotating" && reading.record.isUnassigned);
  if (isOwnerListed ? !isInList : isStated) add("error", "account-unassigned", "", ownerId);
}

function judgeShortened({ secretId, expiresAtMs }: Stated, account: OracleAccount, add: Add): void {
  const atlas = account.onAtlas(secretId);
  if (atlas && expiresAtMs !== undefined && atlas.expiresAtMs < expiresAtMs) {
    add("warning", "expiry-shortened", secretId);
  }
}

/** What a run does with a rotating resource, the first that applies: verify, issue, rotate or wait, record the promotion, retire. */
function judgeRotating(
  { record, desired }: Rotating,
  account: OracleAccount,
  now: number,
  limits: AuditLimits,
  add: Add,
): void {
  const current = record.current && account.refreshed(record.current);
  if (record.current) judgeShortened(record.current, account, add);
  const isListed = (stated?: Stated) => stated !== undefined && account.onAtlas(stated.secretId) !== undefined;
  // Made at most two minutes ago; what was there before it can be as new, and is listed no earlier.
  const isUnlisted = (stated?: Stated) => stated !== undefined && !isListed(stated) && !account.lacks(stated);
  const previous =
    record.previous && (!account.isListed || isListed(record.previous) || isUnlisted(record.current))
      ? account.refreshed(record.previous)
      : undefined;
  const pending = record.pending && !account.lacks(record.pending) ? record.pending : undefined;
  if (record.pending && !pending) add("error", "missing-on-atlas", record.pending.secretId);
  // Beside the two others there is no slot for it.
  const isCrowdedOut = account.isListed && isListed(record.previous) && isListed(record.pending);
  const isGone =
    record.current !== undefined &&
    !isListed(record.current) &&
    (account.lacks(record.current) || (isCrowdedOut && account.isListed));
  const isMissing = isGone || (record.isCurrentMissing && !isListed(record.current));
  if (isMissing) add("error", "missing-on-atlas", record.current?.secretId);
  const hours = Number(desired.rotateBeforeExpiryHours);
  const overlapOver = overlapOf(record, current, previous, hours);
  const previousEnd = (previous?.expiresAtMs ?? NEVER) + MARGIN;
  const retireAfter = overlapOver === undefined ? undefined : Math.min(overlapOver, previousEnd);
  let isRetiring = retireAfter !== undefined && retireAfter <= now;
  let isWaiting = false;
  if (pending) add("warning", "pending-verification", pending.secretId);
  else if (!current || isMissing) add("error", "missing-on-atlas", record.current?.secretId);
  else {
    const isOther = isChanged({ kind: "rotating", record, desired, account: account0, problems: [] }, current);
    const hasTriggers = Object.keys(desired.triggers).length > 0;
    const cause = isOther ? "changed" : causeInTime(current, hours, now);
    const quiet = Number(desired.overlapHours) === 0 ? 0 : Number(desired.quietHours);
    const busy = previous?.lastUsedAtMs === undefined ? -NEVER : previous.lastUsedAtMs + quiet * H;
    const holds = overlapOver === undefined ? -NEVER : Math.min(Math.max(overlapOver, busy), previousEnd);
    const latest = (current.expiresAtMs ?? NEVER) - (windowOf(current, hours) * H) / 2;
    isWaiting = cause !== undefined && previous !== undefined && !hasTriggers && now < Math.min(holds, latest);
    const isRotated = cause !== undefined && !isWaiting;
    if (!isRotated && previous && record.promotedAtMs === undefined) {
      add("warning", "run-pending", previous.secretId);
      isWaiting = false;
    } else if (isRotated || !isRetiring) {
      if (cause === "changed" && (!isWaiting || !causeInTime(current, hours, now))) {
        add("warning", "run-pending", current.secretId);
      }
    } else isWaiting = false;
  }
  if (current && !isMissing) {
    const lonely = isWaiting ? { ...limits, graceHours: NEVER } : limits;
    if (isWaiting && causeInTime(current, hours, now) === "due") add("warning", "inside-window", current.secretId);
    else judgeTime(current, hours, account, now, lonely, add);
  }
  if (!current || !previous || !account.holding.includes(current.secretId)) isRetiring = false;
  if (!isRetiring || !previous || now >= previousEnd || overlapOver === undefined || now < overlapOver) return;
  const quiet = Number(desired.overlapHours) === 0 ? 0 : Number(desired.quietHours);
  const { whole } = account;
  const held = whole.onAtlas(previous.secretId);
  if (whole.isListed && (!held || now >= held.expiresAtMs + MARGIN)) return;
  const usedMs = whole.isListed ? held?.lastUsedAtMs : previous.lastUsedAtMs;
  const isUsed = usedMs !== undefined && now < usedMs + quiet * H;
  add("warning", isUsed ? "previous-in-use" : "overlap-over", previous.secretId);
}

const account0 = { level: "project", ownerId: "", clientId: "" } as const;

function overlapOf(
  record: Rotating["record"],
  current: Stated | undefined,
  previous: Stated | undefined,
  hours: number,
): number | undefined {
  if (!current || !previous) return undefined;
  if (record.statedRetireAfterMs !== undefined) return record.statedRetireAfterMs;
  if (record.promotedAtMs === undefined) return undefined;
  const { issuedForHours = 0, grantedHours = issuedForHours } = current;
  const overlap = Math.max(0, Math.min(record.overlapHours, grantedHours - windowOf(current, hours)));
  return record.promotedAtMs + overlap * H;
}

function judgeHolder(id: string, account: OracleAccount, now: number, limits: AuditLimits, add: Add): void {
  const naming = account.naming(id);
  const atlas = account.onAtlas(id);
  const expires = account.expiry(id);
  const isExpired = expires !== undefined && expires + MARGIN <= now;
  if (isExpired && naming.every(({ role }) => role !== "current")) add("warning", "expired-not-deleted", id);
  if (atlas && naming.length === 0 && account.isForUnmanaged(atlas)) add("warning", "unmanaged", id);
  if (atlas && !isExpired && naming.every(({ role }) => role !== "previous")) {
    const isOld = now - atlas.createdAtMs >= limits.unusedAfterHours * H;
    const isUnused = atlas.lastUsedAtMs === undefined || atlas.lastUsedAtMs <= atlas.createdAtMs + 10 * 60_000;
    if (isOld && isUnused) add("info", "never-used", id);
  }
  const isLong = (created: number | undefined, end: number | undefined) =>
    created !== undefined && end !== undefined && end - created > limits.maxLifetimeHours * H + 60_000;
  const states = naming.some(({ secret }) => isLong(secret.createdAtMs, secret.expiresAtMs));
  if (states || isLong(atlas?.createdAtMs, atlas?.expiresAtMs)) add("warning", "lifetime-too-long", id);
}

function judgeAccount(account: OracleAccount, add: Add): void {
  const roles = account.holding.map((id) => account.naming(id).map(({ role }) => role));
  const waits = (all: readonly string[]) => all.length > 0 && all.every((role) => role === "pending-deletion");
  for (const [index, id] of account.holding.entries())
    if (waits(roles[index] ?? [])) add("warning", "pending-deletion", id);
  for (const id of new Set(
    account.resources.flatMap(({ reading }) => named(reading).map(({ secretId }) => secretId)),
  )) {
    const urns = account.resources.filter(
      ({ reading, isPendingDeletion, location }) =>
        location.startsWith("urn:") && !isPendingDeletion && isNamed(id, reading) && roleOf(id, reading) === "current",
    );
    if (new Set(urns.map(({ location }) => location)).size > 1) add("error", "recorded-twice", id);
  }
  if (roles.filter((all) => !waits(all)).length < 2) return;
  const isRotation = account.resources.some(
    ({ reading, isPendingDeletion }) =>
      reading.kind === "rotating" &&
      !isPendingDeletion &&
      account.holding.every((id) => named(reading).some((s) => s.secretId === id)),
  );
  if (!isRotation) add("warning", "both-slots-taken");
}

function isNamed(id: string, reading: Reading): boolean {
  return named(reading).some(({ secretId }) => secretId === id);
}
