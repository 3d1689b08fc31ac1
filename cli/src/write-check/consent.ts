/** What a user is told before a secret is created, and whether it may be. */
import { createInterface } from "node:readline/promises";
import { describeSecret, type HeldSecret, SLOTS_PER_ACCOUNT } from "pulumi-atlas-secrets/rotation";
import type { AccountKey } from "../audit/inventory.js";
import type { Environment } from "../environment.js";
import { describeAccount } from "../wording.js";

/** How long Atlas lets the other secrets live once one is created. @see https://www.mongodb.com/docs/atlas/api/service-accounts/rotate-service-account-secrets/ */
const CUT_MS = 7 * 24 * 3_600_000;

/** Whether to go on with the account as it is. */
export type Admission =
  | { readonly action: "ask"; readonly question: string }
  | { readonly action: "refuse"; readonly found: string; readonly advice: string };

/**
 * Decides whether a secret may be created on an account at all: a slot must be free, and no other secret may lose lifetime by
 * it unless that is allowed in so many words.
 */
export function decideAdmission(
  account: AccountKey,
  held: readonly HeldSecret[],
  serverNowMs: number,
  mayShorten: boolean,
): Admission {
  const who = describeAccount(account);
  if (held.length >= SLOTS_PER_ACCOUNT) {
    const found = `${who} has no free slot: ${held.map(describeSecret).join("; ")}.`;
    return { action: "refuse", found, advice: "Name another account; nothing was created or deleted." };
  }
  const cut = held.filter((secret) => isCutAt(secret, serverNowMs));
  if (cut.length > 0 && !mayShorten) {
    const found = `${who} holds ${cut.map(describeSecret).join("; ")}, which Atlas would cut to 7 days.`;
    const advice = "Name an account without another secret, or allow that with --may-shorten; nothing was created.";
    return { action: "refuse", found, advice };
  }
  const losing = cut.length > 0 ? ` Atlas will cut the expiry of ${cut.map(({ id }) => id).join(", ")} to 7 days.` : "";
  const question = `${who}: create one secret for 8 hours, mint tokens with it, and delete it again?${losing}`;
  return { action: "ask", question };
}

/** Whether a creation now takes lifetime from a secret. */
export function isCutAt({ expiresAtMs }: HeldSecret, serverNowMs: number): boolean {
  return expiresAtMs > serverNowMs + CUT_MS;
}

/** Asks on the terminal; nothing but `y` or `yes` is one. */
export async function askConsent(
  question: string,
  { stdin, stderr }: Pick<Environment, "stdin" | "stderr">,
): Promise<boolean> {
  stderr.write(`${question} [y/N] `);
  const lines = createInterface({ input: stdin });
  try {
    for await (const line of lines) return /^\s*y(es)?\s*$/i.test(line);
    return false;
  } finally {
    lines.close();
  }
}
