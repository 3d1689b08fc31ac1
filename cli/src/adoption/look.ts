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
import { type Candidate, type FoundSecret, isLeftOut } from "./found-secret.js";

/** So many accounts are asked about at a time. */
const PARALLEL = 8;

/**
 * The secrets with their times and masks as Atlas tells them now; left out is one that is not there, or whose value is another's.
 *
 * @param isAsked which of them Atlas is asked about; the others stay as they are
 * @throws AtlasError when it does not answer
 */
export async function fetchSeen(
  candidates: readonly Candidate[],
  isAsked: (secret: FoundSecret) => boolean,
  process: ProviderProcess,
): Promise<Candidate[]> {
  return mapInTurns(candidates, async (one) => (isLeftOut(one) || !isAsked(one) ? one : fetchOne(one, process)));
}

async function fetchOne(found: FoundSecret, process: ProviderProcess): Promise<Candidate> {
  const { level, ownerId, clientId, secretId, name } = found;
  const account = { level, ownerId, clientId };
  const view = await findAccount(process, process.begin(), account, `secret ${secretId} exists`);
  if (!view) return { name, why: `${describeAccount(found)} is not in its ${level}'s list.` };
  const seen = findSecret(view, secretId);
  const others = view.secrets.filter(({ id }) => id !== secretId);
  if (!seen) {
    const held = others.map(({ id }) => id).join(" and ") || "none";
    return { name, why: `${describeAccount(found)} holds no secret ${secretId}: it holds ${held}.` };
  }
  const { id: _, role: _r, mayBeCredential: _c, ...told } = seen;
  if (!isSameEnd(found, told.maskedSecretValue)) {
    const differs = "its last four characters differ from what Atlas shows";
    return {
      name,
      why: `${describeAccount(found)}: the value given for secret ${secretId} is not that secret's: ${differs}.`,
    };
  }
  const live = others.filter(({ expiresAtMs }) => expiresAtMs > process.clock.now());
  return { ...found, ...told, besides: live.map(({ id }) => id) };
}

/** Atlas shows the last four characters, which tell a value that is another secret's. */
function isSameEnd({ clientId, value }: FoundSecret, mask: string | undefined): boolean {
  if (!(value instanceof Sensitive)) return true;
  return mayBeOwnCredential({ clientId, maskedSecretValue: mask }, { clientId, secret: value });
}

/**
 * Makes sure that each value that there is is known here.
 *
 * @throws CliFailure for the first that is encrypted
 */
export function assertVerifiable(found: readonly FoundSecret[]): void {
  for (const secret of found) if (secret.value) toKnownValue(secret);
}

/**
 * The secrets with the time of their verification: a token was minted with each.
 *
 * @throws CliFailure for the first that Atlas does not accept, that cannot be tried, or whose value is not known here
 */
export async function fetchVerified(candidates: readonly Candidate[], process: ProviderProcess): Promise<Candidate[]> {
  return mapInTurns(candidates, async (one) => (isLeftOut(one) || !one.value ? one : verifyOne(one, process)));
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
      "'adopt -', or leave --verify out.",
  );
}

async function mapInTurns<T>(items: readonly T[], work: (item: T) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let start = 0; start < items.length; start += PARALLEL) {
    done.push(...(await Promise.all(items.slice(start, start + PARALLEL).map(work))));
  }
  return done;
}
