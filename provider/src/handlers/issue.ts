/** Issues one secret for the inputs of a resource, and remembers it as recorded from the moment it exists. */

import { obtainSecret } from "../account/creation.js";
import type { Session, Work } from "../account/process.js";
import { type Verification, verifySecret } from "../account/verification.js";
import { describeAccount } from "../atlas/account-ref.js";
import { toSafeReport } from "../atlas/report.js";
import { AtlasSecretsError } from "../errors.js";
import type { SecretInputValues } from "../records/inputs.js";
import { toAccountRef } from "../records/scope.js";
import type { IssueRecord } from "../records/secret-record.js";
import { toRecordedRotateAfterMs } from "../rotation/due.js";
import type { HeldSecret, SlotPolicy } from "../rotation/slot.js";
import { describeBlockedSuccessor } from "../rotation/successor-slot.js";
import { toGrantedHours } from "../rotation/window.js";

/** A secret that was issued, and what became known of its account on the way. */
export interface IssueOutcome {
  readonly issue: IssueRecord;
  /** Absent when none was asked for. */
  readonly verification?: Verification;
  /** What the account held besides, by the look before the creation. */
  readonly others: readonly HeldSecret[];
  readonly createdAtMs: number;
  /** Atlas's time less ours, in milliseconds. */
  readonly serverAheadMs: number;
}

/**
 * Obtains a secret as the inputs ask.
 *
 * @param retirable the resource's own previous secret when it may make room
 * @throws AtlasSecretsError as `obtainSecret` does; once the secret exists this does not throw
 */
export async function issueSecret(
  session: Session,
  work: Work,
  inputs: SecretInputValues,
  retirable?: SlotPolicy["retirable"],
): Promise<IssueOutcome> {
  const { clock, locks, recorded, report } = session;
  const { clientId, secretExpiresAfterHours: hours, triggers, verify } = inputs;
  let serverAheadMs = 0;
  const toPolicy = () => ({
    ...inputs,
    recordedIds: recorded.idsOf(clientId),
    isRecordComplete: recorded.isComplete(clientId),
    ...(retirable && { retirable }),
  });
  const toCreatedHere = () => recorded.createdOn(clientId);
  const toDeletedHere = () => recorded.deletedOn(clientId);
  const onCreated = (secret: HeldSecret) => {
    serverAheadMs = secret.createdAtMs - clock.now();
    recorded.noteCreated(clientId, secret);
  };
  const request = { account: toAccountRef(inputs), hours, toPolicy, toCreatedHere, toDeletedHere, verify };
  const { secret, others, verification } = await obtainSecret(request, { ...work, clock, locks, report, onCreated });
  const { id: secretId, ...times } = secret;
  const issue: IssueRecord = {
    ...times,
    secretId,
    grantedHours: toGrantedHours(times.createdAtMs, times.expiresAtMs),
    issuedForHours: hours,
    issuedForTriggers: triggers,
    ...(verification?.kind === "verified" && { verifiedAtMs: verification.atMs }),
  };
  const rotateAfterMs = toRecordedRotateAfterMs({ ...inputs, ...issue }) ?? secret.expiresAtMs;
  // Now, while there is time: later runs ask Atlas for nothing until the successor is due.
  const line = describeBlockedSuccessor({ created: secret, others, policy: toPolicy(), rotateAfterMs });
  if (line) toSafeReport(report)(`${describeAccount(request.account)}: ${line}`);
  const outcome = { issue, others, createdAtMs: secret.createdAtMs, serverAheadMs };
  return verification ? { ...outcome, verification } : outcome;
}

/**
 * Tries a recorded secret that is not proven yet.
 *
 * @throws AtlasSecretsError when the state holds no value
 */
export async function verifyAgain(
  { clock }: Session,
  { client, operation }: Work,
  clientId: string,
  { value }: IssueRecord,
): Promise<Verification> {
  if (!value) throw new AtlasSecretsError("state", "the state holds no value to verify");
  return verifySecret((pair) => client.verify(pair), { clientId, secret: value }, { operation, clock });
}
