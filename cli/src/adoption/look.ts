/** Asks Atlas about secrets that are to be adopted: GETs, and the mint of a token to prove a value. */

import { fetchAccountSighting, mayBeConfigured, verifySecret } from "pulumi-atlas-secrets/internal/account";
import { describeAccount } from "pulumi-atlas-secrets/internal/atlas";
import { Sensitive } from "pulumi-atlas-secrets/records";
import type { AtlasSession } from "../atlas-session.js";
import { CliFailure } from "../failure.js";
import type { FoundSecret } from "./found-secret.js";

/** So many accounts are asked about at a time. */
const PARALLEL = 8;

/**
 * The secrets with their times and masks as Atlas tells them now.
 *
 * @param isAsked which of them Atlas is asked about; the others stay as they are
 * @throws CliFailure when an account does not hold a secret, or shows that the value is that of another one
 */
export async function fetchSeen(
  found: readonly FoundSecret[],
  isAsked: (secret: FoundSecret) => boolean,
  session: AtlasSession,
): Promise<FoundSecret[]> {
  return mapInTurns(found, async (secret) => (isAsked(secret) ? fetchOne(secret, session) : secret));
}

async function fetchOne(found: FoundSecret, session: AtlasSession): Promise<FoundSecret> {
  const { secretId } = found;
  const sighting = await fetchAccountSighting(session.begin().client, found, `secret ${secretId} exists`);
  if (sighting.kind === "account-missing") {
    throw new CliFailure(`${toUpper(describeAccount(found))} is not in its ${found.level}'s list.`);
  }
  const seen = sighting.secrets.find(({ id }) => id === secretId);
  if (!seen) {
    const others = sighting.secrets.map(({ id }) => id);
    throw new CliFailure(
      `${toUpper(describeAccount(found))} holds no secret ${secretId}: it holds ${others.join(" and ") || "none"}.`,
    );
  }
  const { id: _, ...told } = seen;
  assertSameEnd(found, told.maskedSecretValue);
  return { ...found, ...told };
}

/** Atlas shows the last four characters, which tell a value that is another secret's. */
function assertSameEnd(found: FoundSecret, mask: string | undefined): void {
  const { clientId, secretId, value } = found;
  if (!(value instanceof Sensitive)) return;
  if (mayBeConfigured({ clientId, secretId, maskedSecretValue: mask }, { clientId, secret: value })) return;
  throw new CliFailure(
    `The value given for secret ${secretId} of ${describeAccount(found)} is not that secret's: it ends otherwise than Atlas shows.`,
  );
}

/**
 * Makes sure that each value is known here.
 *
 * @throws CliFailure for the first that is encrypted
 */
export function assertVerifiable(found: readonly FoundSecret[]): void {
  for (const secret of found) toKnownValue(secret);
}

/**
 * The secrets with the time of their proof: a token was minted with each.
 *
 * @throws CliFailure for the first that Atlas calls invalid, that cannot be tried, or whose value is not known here
 */
export async function fetchVerified(found: readonly FoundSecret[], session: AtlasSession): Promise<FoundSecret[]> {
  return mapInTurns(found, (secret) => verifyOne(secret, session));
}

async function verifyOne(found: FoundSecret, { begin, clock }: AtlasSession): Promise<FoundSecret> {
  const { client, operation } = begin();
  const pair = { clientId: found.clientId, secret: toKnownValue(found) };
  const verification = await verifySecret((credential) => client.verify(credential), pair, { operation, clock });
  if (verification.kind === "verified") return { ...found, verifiedAtMs: verification.atMs };
  const what = `Secret ${found.secretId} of ${describeAccount(found)}`;
  const verdict = verification.kind === "invalid" ? "is not valid with the value given" : "could not be proven";
  throw new CliFailure(`${what} ${verdict}: ${verification.error.message}`);
}

function toKnownValue({ name, value }: FoundSecret): Sensitive {
  if (value instanceof Sensitive) return value;
  throw new CliFailure(
    `The value of ${name} is encrypted for its stack, so that it cannot be proven here: pipe 'pulumi stack export --show-secrets' into ` +
      "'--stack-export -', or leave --verify out.",
  );
}

async function mapInTurns<T>(items: readonly T[], work: (item: T) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let start = 0; start < items.length; start += PARALLEL) {
    done.push(...(await Promise.all(items.slice(start, start + PARALLEL).map(work))));
  }
  return done;
}

function toUpper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
