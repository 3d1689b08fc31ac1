/** Tells of live secrets on an account that this run does not record, above all of those that a killed run can have left. */
import { type AccountRef, describeAccount } from "../atlas/account-ref.js";
import type { Clock } from "../clock.js";
import { canBeOrphan } from "../rotation/orphan.js";
import { describeSecret, type HeldSecret } from "../rotation/slot.js";
import type { IssuanceRequest } from "./context.js";
import { type Look, toServerNowMs } from "./look.js";

type StrayRequest = Pick<IssuanceRequest, "account" | "hours" | "toPolicy">;

/** One line for each live secret that is not recorded. */
export function describeStrays(request: StrayRequest, look: Look, clock: Clock): string[] {
  const nowMs = toServerNowMs(look, clock) ?? clock.now();
  const where = describeAccount(request.account);
  return findStrays(request, look, nowMs).map((secret) => {
    const advice = canBeOrphan(secret, request.hours, nowMs) ? ` ${toAdvice(request.account, secret.id)}` : "";
    return `${where} also holds secret ${describeSecret(secret)}, which this run does not record.${advice}`;
  });
}

/** The ways out for those that a killed run can have left; empty when there is none. */
export function findOrphanAdvice(request: StrayRequest, look: Look, nowMs: number): string {
  return findStrays(request, look, nowMs)
    .filter((secret) => canBeOrphan(secret, request.hours, nowMs))
    .map(({ id }) => ` ${id}: ${toAdvice(request.account, id)}`)
    .join("");
}

function findStrays({ toPolicy }: StrayRequest, { held }: Look, nowMs: number): HeldSecret[] {
  const { recordedIds } = toPolicy();
  return held.filter(({ id, expiresAtMs }) => !recordedIds.has(id) && nowMs < expiresAtMs);
}

function toAdvice(account: AccountRef, secretId: string): string {
  return (
    "It can be what a killed run left: nobody knows the value of such a secret. It goes when its slot is needed if mayRemove " +
    `names it (or the account is exclusive), and at once by: ${toDeleteCommand(account, secretId)}`
  );
}

/** The command of the Atlas CLI that deletes a secret. @see https://www.mongodb.com/docs/atlas/cli/current/command/atlas-api-serviceAccounts/ */
export function toDeleteCommand({ level, ownerId, clientId }: AccountRef, secretId: string): string {
  const [command, owner] = level === "project" ? ["deleteGroupSecret", "groupId"] : ["deleteOrgSecret", "orgId"];
  return `atlas api serviceAccounts ${command} --${owner} ${ownerId} --clientId ${clientId} --secretId ${secretId}`;
}
