/** From secrets that other tools look after to the resources to import. Plain data in, plain data out. */
import { randomUUID } from "node:crypto";
import {
  type AdoptedMember,
  type AdoptedResource,
  type AdoptionInputs,
  type ExistingSecret,
  toAdoptedResource,
  toAdoptedSet,
} from "pulumi-atlas-secrets/records";
import { isExpired, MAX_LIFETIME_HOURS, MIN_LIFETIME_HOURS, toGrantedHours } from "pulumi-atlas-secrets/rotation";
import { CliFailure } from "../failure.js";
import { toIsoTime } from "../wording.js";
import { type Candidate, type FoundSecret, isLeftOut, type LeftOut } from "./found-secret.js";
import { listTakenOver, toRemarks } from "./remarks.js";
import { toShell } from "./shell.js";

/** What the user asks for. */
export interface AdoptionOptions {
  readonly isRotating: boolean;
  /** The lifetime of later secrets; default what the source tells, or what this one was granted. */
  readonly hours?: number;
  /** The rotation window; default a third of the lifetime. */
  readonly windowHours?: number;
  /** Whether a secret that the next run replaces may be adopted all the same. */
  readonly isDueAllowed: boolean;
  /** The options that name the sources, to be given again. */
  readonly sources: string;
  /** What the only one is to be called; default the name that it has. */
  readonly name?: string;
  /** What the set is to be called that all of them become accounts of; absent when each becomes a resource of its own. */
  readonly set?: string;
}

/** A secret with the resource that it becomes. */
export interface PlannedAdoption {
  readonly found: FoundSecret;
  /** The account's older secret, which the rotating resource takes over as its previous one if it lives. */
  readonly older?: FoundSecret;
  readonly resource: AdoptedResource;
}

/** What is adopted, and what stays as it is. */
export interface AdoptionPlan {
  readonly planned: readonly PlannedAdoption[];
  /** What is imported in their place: the one set that they become accounts of. */
  readonly set?: AdoptedMember;
  readonly leftOut: readonly LeftOut[];
  /** What a person has to know before. */
  readonly remarks: readonly string[];
}

/**
 * Plans the adoption of all whose value is there.
 *
 * @param all everything that the sources hold, chosen or not
 * @throws CliFailure for the first that cannot be adopted so that the next run changes nothing
 */
export function planAdoption(
  candidates: readonly Candidate[],
  all: readonly FoundSecret[],
  options: AdoptionOptions,
  nowMs: number,
): AdoptionPlan {
  const found = candidates.filter((one) => !isLeftOut(one));
  const planned: PlannedAdoption[] = [];
  const leftOut = candidates.filter(isLeftOut);
  for (const [current, older] of toGroups(found, options)) {
    if (current.value) planned.push(toPlanned(current, current.value, older, options, nowMs));
    else leftOut.push(...toValueless(current, older, options));
  }
  const named = withName(planned, options.name);
  assertApart(named);
  const { set } = options;
  return {
    planned: named,
    ...(set !== undefined && named.length > 0 && { set: toSet(set, named) }),
    leftOut,
    remarks: toRemarks(named, all, options, nowMs),
  };
}

/** Whether it has not expired for certain. */
export function isLive({ expiresAtMs }: FoundSecret, nowMs: number): boolean {
  return expiresAtMs === undefined || !isExpired({ expiresAtMs }, nowMs);
}

/** Whether Atlas has to be asked for what the source does not hold. */
export function isIncomplete({ createdAtMs, expiresAtMs }: FoundSecret): boolean {
  return createdAtMs === undefined || expiresAtMs === undefined;
}

/** What becomes one resource: a secret, or for a rotating one the newest of an account and the one before it. */
function toGroups(
  found: readonly FoundSecret[],
  { isRotating }: AdoptionOptions,
): (readonly [FoundSecret, FoundSecret | undefined])[] {
  const groups = new Map<string, FoundSecret[]>();
  for (const secret of found) {
    const { ownerId, clientId, secretId, origin, value } = secret;
    // What an account merely lists is no resource that could be handed on.
    const key = isRotating && (origin.kind !== "listed" || value) ? `${ownerId}/${clientId}` : secretId;
    groups.set(key, [...(groups.get(key) ?? []), secret]);
  }
  return [...groups.values()].map((group) => {
    const [newest, older, ...more] = group.toSorted((a, b) => (b.createdAtMs ?? 0) - (a.createdAtMs ?? 0));
    if (newest && more.length === 0) return [newest, older];
    const names = group.map(({ name }) => name).join(" and ");
    throw new CliFailure(`No account holds all of ${names}: ask Atlas with --live, or name two with --only.`);
  });
}

function toValueless(secret: FoundSecret, older: FoundSecret | undefined, options: AdoptionOptions): LeftOut[] {
  const { name, what, level, ownerId, clientId, secretId, expiresAtMs } = secret;
  const { sources, isRotating } = options;
  const only = [name, ...(older ? [older.name] : [])].map(toShell).join(" ");
  const flags = `${level === "organization" ? `--organization ${ownerId} ` : ""}${isRotating ? "--rotating " : ""}--only ${only}`;
  const piped = `${sources} --piped ${ownerId}/${clientId}/${secretId} --name ${toShell(name)} ${flags}`;
  const until = expiresAtMs === undefined ? "it expires" : toIsoTime(expiresAtMs);
  const why =
    `The value of ${what} is not there, since Atlas tells it at the creation alone. Pipe it from where a consumer has it: ` +
    `'... | atlas-secrets adopt ${piped}'. If nobody has it, leave it as it is: it works until ${until}.`;
  return [{ name, why }, ...(older ? [{ name: older.name, why: `${older.what} waits for ${name}.` }] : [])];
}

function toPlanned(
  found: FoundSecret,
  value: ExistingSecret["value"],
  older: FoundSecret | undefined,
  options: AdoptionOptions,
  nowMs: number,
): PlannedAdoption {
  const { createdAtMs, expiresAtMs, name } = found;
  if (createdAtMs === undefined || expiresAtMs === undefined) {
    throw new CliFailure(`It is not known when the secret of ${name} was created and when it expires: add --live.`);
  }
  const { isRotating, windowHours } = options;
  const inputs: AdoptionInputs = {
    isRotating,
    secretExpiresAfterHours: toHours(found, options, toGrantedHours(createdAtMs, expiresAtMs)),
    ...(windowHours !== undefined && { rotateBeforeExpiryHours: windowHours }),
  };
  // An expired one is of no use to anybody: the first rotation frees its slot.
  const previous = older && isLive(older, nowMs) ? { previous: older } : {};
  const resource = toAdoptedResource({ ...found, value, createdAtMs, expiresAtMs, ...previous }, inputs, nowMs);
  assertKept(resource, found, options);
  return { found, resource, ...(older && { older }) };
}

function toHours(found: FoundSecret, { hours }: AdoptionOptions, grantedHours: number): number {
  return (
    hours ??
    found.secretExpiresAfterHours ??
    Math.min(MAX_LIFETIME_HOURS, Math.max(MIN_LIFETIME_HOURS, Math.round(grantedHours)))
  );
}

function assertKept({ nextUp, className }: AdoptedResource, { name }: FoundSecret, options: AdoptionOptions): void {
  if (nextUp.action === "keep" || options.isDueAllowed) return;
  throw new CliFailure(
    `The first 'pulumi up' would not leave ${name} alone as a ${className}: ${nextUp.message} Give a smaller window (--window HOURS), or ` +
      "--due if that may happen.",
  );
}

function toSet(name: string, planned: readonly PlannedAdoption[]): AdoptedMember {
  const members = planned.map(({ found, resource }) => ({ name: found.name, resource }));
  return { name, resource: toAdoptedSet(members, randomUUID()) };
}

/** The only one gets the name that was asked for. */
function withName(planned: readonly PlannedAdoption[], name: string | undefined): readonly PlannedAdoption[] {
  if (name === undefined) return planned;
  if (planned.length > 1) {
    throw new CliFailure(`--name names one resource, and ${planned.length} are to be adopted: pick one with --only.`);
  }
  return planned.map(({ found, ...rest }) => ({ ...rest, found: { ...found, name } }));
}

function assertApart(planned: readonly PlannedAdoption[]): void {
  const taken = new Set<string>();
  for (const one of planned) {
    const { name } = one.found;
    if (taken.has(name)) throw new CliFailure(`Two secrets would become the resource ${name}: adopt them one by one.`);
    taken.add(name);
    for (const { secretId } of listTakenOver(one)) {
      if (taken.has(secretId)) throw new CliFailure(`Secret ${secretId} is found twice: name one source of it.`);
      taken.add(secretId);
    }
  }
}
