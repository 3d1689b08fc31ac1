/** Asks Atlas about secrets that are to be adopted: GETs, and the mint of a token to verify a value. */

import {
  findAccount,
  mayBeOwnCredential,
  type ProviderProcess,
  verifySecret,
} from "pulumi-atlas-secrets/internal/account";
import { Sensitive } from "pulumi-atlas-secrets/records";
import { findSecret } from "pulumi-atlas-secrets/rotation";
import { CliFailure } from "../failure.js";
import { describeAccount } from "../wording.js";
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
  process: ProviderProcess,
): Promise<FoundSecret[]> {
  return mapInTurns(found, async (secret) => (isAsked(secret) ? fetchOne(secret, process) : secret));
}

async function fetchOne(found: FoundSecret, process: ProviderProcess): Promise<FoundSecret> {
  const { level, ownerId, clientId, secretId } = found;
  const account = { level, ownerId, clientId };
  const view = await findAccount(process, process.begin(), account, `secret ${secretId} exists`);
  if (!view) throw new CliFailure(`${describeAccount(found)} is not in its ${level}'s list.`);
  const seen = findSecret(view, secretId);
  if (!seen) {
    const others = view.secrets.map(({ id }) => id);
    throw new CliFailure(
      `${describeAccount(found)} holds no secret ${secretId}: it holds ${others.join(" and ") || "none"}.`,
    );
  }
  const { id: _, role: _r, mayBeCredential: _c, ...told } = seen;
  assertSameEnd(found, told.maskedSecretValue);
  return { ...found, ...told };
}

/** Atlas shows the last four characters, which tell a value that is another secret's. */
function assertSameEnd(found: FoundSecret, mask: string | undefined): void {
  const { clientId, secretId, value } = found;
  if (!(value instanceof Sensitive)) return;
  if (mayBeOwnCredential({ clientId, maskedSecretValue: mask }, { clientId, secret: value })) return;
  throw new CliFailure(
    `${describeAccount(found)}: the value given for secret ${secretId} is not that secret's: its last four characters differ from what ` +
      "Atlas shows.",
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
 * The secrets with the time of their verification: a token was minted with each.
 *
 * @throws CliFailure for the first that Atlas does not accept, that cannot be tried, or whose value is not known here
 */
export async function fetchVerified(found: readonly FoundSecret[], process: ProviderProcess): Promise<FoundSecret[]> {
  return mapInTurns(found, (secret) => verifyOne(secret, process));
}

async function verifyOne(found: FoundSecret, process: ProviderProcess): Promise<FoundSecret> {
  const { secretId: id, createdAtMs } = found;
  const value = toKnownValue(found);
  const verification = await verifySecret(process, process.begin([value]), found, { id, value, createdAtMs });
  if (verification.kind === "verified") return { ...found, verifiedAtMs: verification.atMs };
  const verdict = verification.kind === "rejected" ? "is not valid with the value given" : "could not be verified";
  throw new CliFailure(`${describeAccount(found)}: secret ${id} ${verdict}: ${verification.error.message}`);
}

function toKnownValue({ name, value }: FoundSecret): Sensitive {
  if (value instanceof Sensitive) return value;
  throw new CliFailure(
    `The value of ${name} is encrypted for its stack, so that it cannot be verified here: pipe 'pulumi stack export --show-secrets' into ` +
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
