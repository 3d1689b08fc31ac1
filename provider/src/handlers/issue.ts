/** From a created secret to the record of its issue, and what is told of it. */
import { type Created, type CreationRequest, createSecret } from "../account/creation.js";
import type { Operation } from "../account/operation.js";
import type { ProviderProcess } from "../account/process.js";
import { describeAccount } from "../atlas/account-ref.js";
import type { SecretInputValues } from "../records/inputs.js";
import { toAccountRef } from "../records/scope.js";
import type { IssueRecord } from "../records/secret-record.js";
import { toRecordedRotateAfterMs } from "../rotation/due.js";
import type { SlotPolicy } from "../rotation/removal.js";
import { describeBlockedSuccessor } from "../rotation/successor-slot.js";
import { toGrantedHours } from "../rotation/window.js";

/** A secret that was issued, and what became known of its account on the way. */
export interface Issued extends Created {
  readonly issue: IssueRecord;
}

/**
 * Creates a secret as the inputs ask.
 *
 * @param retirable the resource's own previous secret when it may make room
 * @throws AtlasSecretsError as `createSecret` does; once the secret exists this does not throw
 */
export async function issueSecret(
  process: ProviderProcess,
  operation: Operation,
  inputs: SecretInputValues,
  retirable?: SlotPolicy["retirable"],
): Promise<Issued> {
  const { secretExpiresAfterHours: hours, reclaimExpired, mayRemove, exclusive, verify } = inputs;
  const policy = { reclaimExpired, mayRemove, exclusive, hours, ...(retirable && { retirable }) };
  const request: CreationRequest = { account: toAccountRef(inputs), policy, verify };
  const created = await createSecret(process, operation, request);
  const { id: secretId, ...told } = created.secret;
  const issue: IssueRecord = {
    ...told,
    secretId,
    grantedHours: toGrantedHours(told.createdAtMs, told.expiresAtMs),
    issuedForHours: hours,
    issuedForTriggers: inputs.triggers,
    ...(created.verification?.kind === "verified" && { verifiedAtMs: created.verification.atMs }),
  };
  reportBlockedSuccessor(operation, inputs, policy, created, issue);
  return { ...created, issue };
}

/** Now, while there is time: later runs ask Atlas for nothing until the successor is due. */
function reportBlockedSuccessor(
  operation: Operation,
  inputs: SecretInputValues,
  policy: SlotPolicy,
  { secret, before }: Created,
  issue: IssueRecord,
): void {
  const rotateAfterMs = toRecordedRotateAfterMs({ ...inputs, ...issue }) ?? secret.expiresAtMs;
  const created = { ...secret, role: "created-here", mayBeCredential: false } as const;
  const line = describeBlockedSuccessor({ created, before, policy, rotateAfterMs });
  if (line) operation.report(`${describeAccount(before.account)}: ${line}`);
}
