/** What a person has to know before the steps of an adoption: sentences without any value. */
import { readState } from "pulumi-atlas-secrets/records";
import { toQuietHours, toRetireAfterMs } from "pulumi-atlas-secrets/rotation";
import { describeAccount, toIsoTime } from "../wording.js";
import type { FoundSecret } from "./found-secret.js";
import { isSameAccount } from "./merge.js";
import { type AdoptionOptions, isLive, type PlannedAdoption } from "./plan.js";

/**
 * One entry for each thing.
 *
 * @param all everything that the sources hold, adopted or not
 */
export function toRemarks(
  planned: readonly PlannedAdoption[],
  all: readonly FoundSecret[],
  options: AdoptionOptions,
  nowMs: number,
): string[] {
  const firsts = planned.filter(
    (one, index) => planned.findIndex(({ found }) => isSameAccount(found, one.found)) === index,
  );
  return [
    ...planned.flatMap(listTakenOver).flatMap(({ remarks = [] }) => remarks),
    ...planned.flatMap(describeOlder),
    ...firsts.flatMap((one) => describeSharing(one, all, options, nowMs)),
  ];
}

/** The secrets that a resource takes over. */
export function listTakenOver({ found, older }: PlannedAdoption): readonly FoundSecret[] {
  return older ? [found, older] : [found];
}

function describeOlder({ found, older, resource }: PlannedAdoption): string[] {
  if (!older) return [];
  const what = `${older.name} (secret ${older.secretId})`;
  const [reading] = readState(resource);
  if (reading?.kind !== "rotating" || !reading.record.previous) {
    return [`${what} has expired: ${found.name} frees its slot with the first rotation.`];
  }
  const { record } = reading;
  const fromMs = toRetireAfterMs(record, record);
  const from = fromMs === undefined ? "after the overlap" : `from ${toIsoTime(fromMs)} on`;
  return [
    `${what} becomes the previous secret of ${found.name}: ${from} 'pulumi up' deletes it, once nobody has signed in with it for ` +
      `${toQuietHours(record)} h. Until then its consumers must have the value of ${found.name}; overlapHours gives them longer.`,
  ];
}

function describeSharing(
  { found, older }: PlannedAdoption,
  all: readonly FoundSecret[],
  { isRotating }: AdoptionOptions,
  nowMs: number,
): string[] {
  const named = all.filter((other) => isSameAccount(found, other) && isLive(other, nowMs));
  const others = new Map((found.besides ?? []).map((id) => [id, id]));
  for (const { name, secretId } of named) others.set(secretId, `${name} (${secretId})`);
  for (const { secretId } of older ? [found, older] : [found]) others.delete(secretId);
  if (others.size === 0) return [];
  const remedy = isRotating ? "the first rotation waits for that." : "with --rotating one resource takes both over.";
  return [
    `${describeAccount(found)} also holds ${[...others.values()].join(" and ")} beside ${found.name}. The creation of one leaves the other a ` +
      `week, and while both live there is no slot for a new one: ${remedy}`,
  ];
}
