/** From secrets that other tools look after to the resources to import. Plain data in, plain data out. */

import { describeAccount } from "pulumi-atlas-secrets/internal/atlas";
import { type AdoptedResource, type AdoptionInputs, toAdoptedResource } from "pulumi-atlas-secrets/records";
import { MAX_LIFETIME_HOURS, MIN_LIFETIME_HOURS, toGrantedHours } from "pulumi-atlas-secrets/rotation";
import { CliFailure } from "../failure.js";
import type { FoundSecret } from "./found-secret.js";

/** What the user asks for. */
export interface AdoptionOptions {
  readonly isRotating: boolean;
  /** The lifetime of later secrets, where no source tells; default what is left of the secret's own. */
  readonly hours?: number;
  /** The rotation window; default a third of the lifetime. */
  readonly windowHours?: number;
  /** Whether a secret that the next run replaces may be adopted all the same. */
  readonly isDueAllowed: boolean;
}

/** A secret with the resource that it becomes. */
export interface PlannedAdoption {
  readonly found: FoundSecret;
  readonly resource: AdoptedResource;
}

/**
 * Plans the adoption of all, or of none.
 *
 * @throws CliFailure for the first that cannot be adopted so that the next run changes nothing
 */
export function planAdoption(
  found: readonly FoundSecret[],
  options: AdoptionOptions,
  nowMs: number,
): readonly PlannedAdoption[] {
  assertApart(found, options);
  return found.map((secret) => ({ found: secret, resource: toResource(secret, options, nowMs) }));
}

/** Whether Atlas has to be asked for what the source does not hold. */
export function isIncomplete({ createdAtMs, expiresAtMs }: FoundSecret): boolean {
  return createdAtMs === undefined || expiresAtMs === undefined;
}

function toResource(found: FoundSecret, options: AdoptionOptions, nowMs: number): AdoptedResource {
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
  const resource = toAdoptedResource({ ...found, createdAtMs, expiresAtMs }, inputs, nowMs);
  assertKept(resource, found, options);
  return resource;
}

function toHours(found: FoundSecret, { hours }: AdoptionOptions, grantedHours: number): number {
  return (
    found.secretExpiresAfterHours ??
    hours ??
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

function assertApart(found: readonly FoundSecret[], { isRotating }: AdoptionOptions): void {
  const [names, ids, accounts] = [new Set<string>(), new Set<string>(), new Map<string, FoundSecret>()];
  for (const secret of found) {
    const { name, secretId, clientId } = secret;
    if (names.has(name)) throw new CliFailure(`Two secrets would become the resource ${name}: adopt them one by one.`);
    if (ids.has(secretId)) throw new CliFailure(`Secret ${secretId} is found twice: name one source of it.`);
    const other = accounts.get(clientId);
    if (isRotating && other) {
      throw new CliFailure(
        `${other.name} and ${name} are both secrets of ${describeAccount(secret)}, and a rotating resource needs both slots of it: adopt ` +
          "the newer one (--only) once the other has expired, or the program that made it has deleted it.",
      );
    }
    names.add(name);
    ids.add(secretId);
    accounts.set(clientId, secret);
  }
}
