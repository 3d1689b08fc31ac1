/**
 * A second classifier, written from the table in cli/README.md and from nothing else: it shares no code with the first one or
 * with the provider's verdicts. Everything is looked up anew in the inventory, as slow as that is.
 */
import type { Inventory, SecretRecord, StatedSecret } from "../../../cli/src/audit/inventory.js";
import type { AuditLimits } from "../../../cli/src/audit/rules/situation.js";

const H = 3_600_000;

interface OnAtlas {
  readonly id: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly lastUsedAtMs?: number;
}

/** What should be found: `severity code client owner secret`, or `severity code source` of a stack. */
export function expectFindings(inventory: Inventory, now: number, limits: AuditLimits): Set<string> {
  const expected = new Set<string>();
  const clients = new Set([...inventory.records.map((r) => r.clientId), ...inventory.accounts.map((a) => a.clientId)]);
  for (const client of clients) {
    const account = new OracleAccount(inventory, client);
    const add = (severity: string, code: string, id = "", owner = account.owner) =>
      expected.add([severity, code, client, owner, id].join(" "));
    for (const record of account.records) judgeRecord(record, account, now, limits, add);
    for (const id of account.holding) judgeHolder(id, account, now, limits, add);
    judgeAccount(account, add);
    const used = inventory.credential?.clientId === client ? inventory.credential.candidateIds : [];
    const [first] = account.listed
      .filter(({ id }) => used.includes(id))
      .sort((a, b) => a.expiresAtMs - b.expiresAtMs || a.id.localeCompare(b.id));
    if (first && first.expiresAtMs <= now + limits.credentialHours * H) add("error", "credential-near-end", first.id);
  }
  for (const { source } of inventory.pendingOperations) expected.add(`warning pending-operations ${source}`);
  return expected;
}

type Add = (severity: string, code: string, id?: string, owner?: string) => void;

class OracleAccount {
  readonly records: readonly SecretRecord[];
  readonly listed: readonly OnAtlas[];
  readonly isListed: boolean;
  readonly owner: string;
  readonly holding: readonly string[];
  readonly hasRecordSource: boolean;

  constructor(
    readonly inventory: Inventory,
    client: string,
  ) {
    this.records = inventory.records.filter((r) => r.clientId === client);
    const listings = inventory.accounts.filter((a) => a.clientId === client);
    this.isListed = listings.length > 0;
    const seen: Record<string, OnAtlas> = {};
    for (const { secrets } of [...listings].sort((a, b) => (a.ownerId < b.ownerId ? -1 : 1))) {
      for (const secret of secrets) seen[secret.id] = secret;
    }
    this.listed = Object.values(seen);
    const owners = (this.records.length > 0 ? this.records : listings).map(({ ownerId }) => ownerId);
    this.owner = owners.sort()[0] ?? "";
    this.holding = this.isListed
      ? Object.keys(seen)
      : [...new Set(this.records.flatMap((r) => named(r).map(({ secretId }) => secretId)))];
    this.hasRecordSource = inventory.sources.some(({ kind }) => kind !== "atlas");
  }

  onAtlas(id: string): OnAtlas | undefined {
    return this.listed.find((secret) => secret.id === id);
  }

  /** Who names the secret, and as what. */
  naming(id: string): { role: string; secret: StatedSecret }[] {
    return this.records.flatMap((r) => {
      const as = (role: string, secret: StatedSecret | undefined) =>
        secret?.secretId === id ? [{ role: r.isPendingDeletion ? "pending-deletion" : role, secret }] : [];
      return [...as("current", r.current), ...as("pending", r.pending), ...as("previous", r.previous)];
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

function named({ current, pending, previous }: SecretRecord): StatedSecret[] {
  return [current, pending, previous].filter((secret) => secret !== undefined);
}

function judgeRecord(record: SecretRecord, account: OracleAccount, now: number, limits: AuditLimits, add: Add): void {
  if (record.isPendingDeletion) return;
  const { current, pending, status } = record;
  if (current && account.holding.includes(current.secretId)) judgeCurrent(record, current, account, now, limits, add);
  if (status === "current-missing") {
    const isThere = current !== undefined && account.isListed && account.onAtlas(current.secretId) !== undefined;
    if (!isThere) add("error", "missing-on-atlas", current?.secretId);
  }
  if (account.isListed) {
    for (const secret of [current, pending]) {
      if (secret && !account.onAtlas(secret.secretId)) add("error", "missing-on-atlas", secret.secretId);
    }
  }
  const { inventory } = account;
  const isOwnerListed = inventory.listedOwners.some((o) => o.level === record.level && o.ownerId === record.ownerId);
  const isInList = inventory.accounts.some(
    (a) => a.level === record.level && a.ownerId === record.ownerId && a.clientId === record.clientId,
  );
  if (isOwnerListed ? !isInList : status === "account-unassigned") {
    add("error", "account-unassigned", "", record.ownerId);
  }
  if (status === "rejected") add("error", "rejected", current?.secretId);
  else if (pending) add("warning", "pending-verification", pending.secretId);
  else if (status === "pending-verification") add("warning", "pending-verification", current?.secretId);
  if (record.previous) judgePrevious(record, record.previous, account, now, add);
}

function judgeCurrent(
  record: SecretRecord,
  current: StatedSecret,
  account: OracleAccount,
  now: number,
  limits: AuditLimits,
  add: Add,
): void {
  const atlas = account.onAtlas(current.secretId);
  const expires = atlas ? atlas.expiresAtMs : current.expiresAtMs;
  let point = record.rotateAfterMs;
  if (point !== undefined && atlas && current.expiresAtMs !== undefined) {
    point += atlas.expiresAtMs - current.expiresAtMs;
  }
  if (atlas && current.expiresAtMs !== undefined && atlas.expiresAtMs < current.expiresAtMs) {
    add("warning", "expiry-shortened", current.secretId);
  }
  if (expires !== undefined && expires <= now) {
    add("error", "current-expired", current.secretId);
    return;
  }
  if (point === undefined || point > now) return;
  add("warning", "inside-window", current.secretId);
  const half = expires === undefined ? Number.POSITIVE_INFINITY : (expires - point) / 2;
  const isPast = now - point >= limits.graceHours * H || now - point >= half;
  if (isPast && account.holding.length === 1) add("error", "no-successor", current.secretId);
}

function judgePrevious(
  record: SecretRecord,
  previous: StatedSecret,
  account: OracleAccount,
  now: number,
  add: Add,
): void {
  const id = previous.secretId;
  const expires = account.expiry(id);
  if (!account.holding.includes(id) || (expires !== undefined && expires <= now)) return;
  const used = account.isListed ? account.onAtlas(id)?.lastUsedAtMs : previous.lastUsedAtMs;
  const hasSuccessor = record.current !== undefined && account.holding.includes(record.current.secretId);
  const isOver = record.overlapOverMs !== undefined && record.overlapOverMs <= now;
  const delivered = record.promotedAtMs;
  const isUsed = used !== undefined && delivered !== undefined && used >= delivered - (delivered % 1000);
  if (hasSuccessor && isOver && isUsed) add("warning", "previous-in-use", id);
  else if (record.retireAfterMs !== undefined && record.retireAfterMs <= now) add("warning", "overlap-over", id);
}

function judgeHolder(id: string, account: OracleAccount, now: number, limits: AuditLimits, add: Add): void {
  const naming = account.naming(id);
  const atlas = account.onAtlas(id);
  const expires = account.expiry(id);
  const isExpired = expires !== undefined && expires <= now;
  if (isExpired && naming.every(({ role }) => role !== "current")) add("warning", "expired-not-deleted", id);
  if (atlas && naming.length === 0 && account.hasRecordSource) add("warning", "unmanaged", id);
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
  if (account.holding.length < 2) return;
  const isRotation = account.records.some(
    (r) => r.isRotating && !r.isPendingDeletion && account.holding.every((id) => named(r).some((s) => s.secretId === id)),
  );
  if (!isRotation) add("warning", "both-slots-taken");
}
