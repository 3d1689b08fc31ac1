/** What a user is told before a secret is created, and whether it may be. */
import {
  type AccountView,
  describeSecret,
  type HeldSecret,
  SLOTS_PER_ACCOUNT,
  toShortenedExpiryMs,
} from "pulumi-atlas-secrets/rotation";
import { describeAccount } from "../wording.js";

/** Whether to go on with the account as it is. */
export type Admission =
  | { readonly action: "ask"; readonly question: string }
  | { readonly action: "refuse"; readonly found: string; readonly advice: string };

/**
 * Decides whether a secret may be created on an account at all: a slot must be free, and no other secret may lose lifetime by
 * it unless that is allowed in so many words.
 */
export function decideAdmission(
  { account, secrets }: AccountView,
  serverNowMs: number,
  mayShorten: boolean,
): Admission {
  const who = describeAccount(account);
  if (secrets.length >= SLOTS_PER_ACCOUNT) {
    const found = `${who} has no free slot: ${secrets.map(describeSecret).join("; ")}.`;
    return { action: "refuse", found, advice: "Name another account; nothing was created or deleted." };
  }
  const shortened = secrets.filter((secret) => isShortenedAt(secret, serverNowMs));
  if (shortened.length > 0 && !mayShorten) {
    const found = `${who} holds ${shortened.map(describeSecret).join("; ")}, whose expiry Atlas would shorten to 7 days.`;
    const advice = "Name an account without another secret, or allow that with --may-shorten; nothing was created.";
    return { action: "refuse", found, advice };
  }
  const ids = shortened.map(({ id }) => id).join(", ");
  const losing = ids === "" ? "" : ` Atlas will shorten the expiry of ${ids} to 7 days.`;
  const question = `${who}: create one secret for 8 hours, mint tokens with it, and delete it again?${losing}`;
  return { action: "ask", question };
}

/** Whether a creation now takes lifetime from a secret. */
export function isShortenedAt({ expiresAtMs }: HeldSecret, serverNowMs: number): boolean {
  return toShortenedExpiryMs(expiresAtMs, serverNowMs) < expiresAtMs;
}
