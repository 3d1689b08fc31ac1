/** What a resource of a state says once Atlas's list is known: as a refresh would record it. Pure. */
import { withSeen, withTold } from "pulumi-atlas-secrets/records";
import { canBeUnlisted, type HeldSecret } from "pulumi-atlas-secrets/rotation";
import type { Reading, RecordedResource } from "./inventory.js";

/** A recorded resource, brought up to date. */
export interface SeenResource extends RecordedResource {
  /** The reading with what Atlas lists; as it is recorded when nobody asked Atlas. */
  readonly seen: Reading;
  /** Ids of its current and pending secret that the account lacks; empty text for a current one without an id. */
  readonly missing: readonly string[];
  /** Secrets that nobody records and a run may have made since its source was read: what it records may be replaced. */
  readonly later: readonly HeldSecret[];
}

/** Brings a resource up to date at `nowMs`; `listed` is absent when nobody asked Atlas about the account. */
export function toSeenResource(
  resource: RecordedResource,
  listed: readonly HeldSecret[] | undefined,
  later: readonly HeldSecret[],
  nowMs: number,
): SeenResource {
  const { reading } = resource;
  const found = toSeen(reading, listed, nowMs);
  // What is gone may have gone with the run that made the other one.
  const isReplaced = found.missing.length > 0 && later.length > 0;
  return { ...resource, ...(isReplaced ? toSeen(reading, undefined, nowMs) : found), later };
}

function toSeen(
  reading: Reading,
  listed: readonly HeldSecret[] | undefined,
  nowMs: number,
): Pick<SeenResource, "seen" | "missing"> {
  if (reading.kind === "rotating") {
    const { current, pending } = reading.record;
    const record = listed ? withSeen(reading.record, listed, nowMs) : reading.record;
    const missing = [
      ...(record.isCurrentMissing ? [current?.secretId ?? ""] : []),
      ...(pending && !record.pending ? [pending.secretId] : []),
    ];
    return { seen: { ...reading, record }, missing };
  }
  const { secretId, createdAtMs } = reading.record;
  const found = listed?.find(({ id }) => id === secretId);
  if (!found) {
    return { seen: reading, missing: listed && !canBeUnlisted(createdAtMs, nowMs) ? [secretId] : [] };
  }
  const seen: Reading =
    reading.kind === "plain"
      ? { ...reading, record: withTold(reading.record, found) }
      : { ...reading, record: withTold(reading.record, found) };
  return { seen, missing: [] };
}
