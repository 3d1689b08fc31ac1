/** Tells of live secrets on an account that this run does not record, above all of those that a killed run can have left. */
import { type AccountRef, describeAccount } from "../atlas/account-ref.js";
import type { Clock } from "../clock.js";
import { canBeOrphan } from "../rotation/orphan.js";
import { describeSecret, type HeldSecret } from "../rotation/slot.js";
import type { IssuanceRequest } from "./context.js";
import { type Look, toServerNowMs } from "./look.js";

/** What is known and what is not: the same secret can be another stack's, made for as long in the last day. */
const LOOKS_LEFT = "looks like what a killed run left; if it is, nobody knows its value and it can go";

/** Where to look for them: the account, what the runs of its resource ask for, and what is recorded there. */
export interface StrayRequest extends Pick<IssuanceRequest, "account" | "hours"> {
  toPolicy(): { readonly recordedIds: ReadonlySet<string> };
}

/** One line for each live secret that is not recorded. */
export function describeStrays(request: StrayRequest, look: Look, clock: Clock): string[] {
  const nowMs = toServerNowMs(look, clock) ?? clock.now();
  const { account, hours } = request;
  return findStrays(request, look, nowMs).map((secret) => {
    const line = `${describeAccount(account)} also holds secret ${describeSecret(secret)}, which this run neither records nor touches.`;
    if (!canBeOrphan(secret, hours, nowMs)) return line;
    return (
      `${line} It ${LOOKS_LEFT}: name it in mayRemove, and it goes when its slot is needed; or delete it now: ` +
      `'${toDeleteCommand(account, secret.id)}'.`
    );
  });
}

/** The quickest way out for each that a killed run can have left; empty when there is none. */
export function findOrphanAdvice(request: StrayRequest, look: Look, nowMs: number): string {
  const { account, hours, toPolicy } = request;
  const { recordedIds } = toPolicy();
  // What is not recorded can be told from what is only beside something that is.
  const orExclusive = look.held.some(({ id }) => recordedIds.has(id))
    ? " (or exclusive: true, if nobody else creates secrets on this account)"
    : "";
  return findStrays(request, look, nowMs)
    .filter((secret) => canBeOrphan(secret, hours, nowMs))
    .map(
      ({ id }) =>
        ` Secret ${id} ${LOOKS_LEFT}. The quickest way: put mayRemove: ["${id}"] into the resource${orExclusive} and run ` +
        `'pulumi up'; or run '${toDeleteCommand(account, id)}' and 'pulumi up'.`,
    )
    .join("");
}

function findStrays({ toPolicy }: StrayRequest, { held }: Look, nowMs: number): HeldSecret[] {
  const { recordedIds } = toPolicy();
  return held.filter(({ id, expiresAtMs }) => !recordedIds.has(id) && nowMs < expiresAtMs);
}

/** The command of the Atlas CLI that deletes a secret. @see https://www.mongodb.com/docs/atlas/cli/current/command/atlas-api-serviceAccounts/ */
export function toDeleteCommand({ level, ownerId, clientId }: AccountRef, secretId: string): string {
  const [command, owner] = level === "project" ? ["deleteGroupSecret", "groupId"] : ["deleteOrgSecret", "orgId"];
  return `atlas api serviceAccounts ${command} --${owner} ${ownerId} --clientId ${clientId} --secretId ${secretId}`;
}
