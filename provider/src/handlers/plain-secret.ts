/**
 * What the engine calls for a resource with one secret, as short sequences: read the record, let `rotation/` decide, let
 * `issuance/` act, write the record.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/
 */

import { assertNotConfigured } from "../account/configured-credential.js";
import { canBeUnlisted, fetchSighting, type Sighting } from "../account/missing.js";
import { type HandlerOptions, Session } from "../account/process.js";
import { describeAccount } from "../atlas/account-ref.js";
import { PartialFailure } from "../errors.js";
import { type DiffResult, PROVIDER_KEY, type Properties, type SecretHandlers } from "../protocol.js";
import { fillDefaults, toDesiredSecret, toInputNames, toInputValues } from "../records/inputs.js";
import { PROJECT, type Scope, toAccountRef, toOwner } from "../records/scope.js";
import { type SecretRecord, toOutputs, toResourceId, toSecretRecord } from "../records/secret-record.js";
import { Reason } from "../rotation/reasons.js";
import { decideReplacement } from "../rotation/replacement.js";
import { checkInputs, NO_CHANGES, withoutStack } from "./calls.js";
import { deleteSecrets } from "./deletion.js";
import { issueSecret, verifyAgain } from "./issue.js";

/** Makes the handlers of `ProjectServiceAccountSecret` for a process of its own. */
export function createProjectSecretHandlers(options: HandlerOptions = {}): SecretHandlers {
  return createSecretHandlers(PROJECT, new Session(options));
}

/** Makes the handlers of a resource with one secret. All handlers of a process share its session. */
export function createSecretHandlers(scope: Scope, session: Session): SecretHandlers {
  const names = toInputNames(scope, false);
  return {
    configure: (request) => session.configure(request),
    check: (olds, news) => checkInputs(session, olds, fillDefaults(news), names),
    diff: (_id, olds, news) => diff(session, toRecord(session, olds), news),
    create: (inputs) => withoutStack(() => create(session, inputs)),
    read: (id, outputs) => withoutStack(() => read(session, id, toRecord(session, outputs))),
    update: (_id, olds, news) => withoutStack(() => update(session, toRecord(session, olds), news)),
    delete: (_id, outputs) => withoutStack(() => remove(session, toRecord(session, outputs))),
  };
}

function diff({ clock, report }: Session, record: SecretRecord, news: Properties): DiffResult {
  const verdict = decideReplacement(record, toDesiredSecret(news), clock.now());
  if (verdict.action === "keep") return NO_CHANGES;
  // Other reasons show in the plan as a changed input; time does not.
  if (verdict.reason !== Reason.SettingsChanged) report(`${describeAccount(toAccountRef(record))}: ${verdict.message}`);
  if (verdict.action === "update") return { changes: true, replaces: [], deleteBeforeReplace: false };
  return { changes: true, replaces: [...verdict.properties], deleteBeforeReplace: verdict.deleteBeforeReplace };
}

async function create(session: Session, properties: Properties) {
  const inputs = toInputValues(properties);
  const { issue, verification } = await issueSecret(session, session.begin(), inputs);
  // Pending also when Atlas called it invalid: a value just made may not be known everywhere yet.
  const isProven = !verification || verification.kind === "verified";
  const record: SecretRecord = { ...inputs, ...issue, status: isProven ? "active" : "pending-verification" };
  const outs = toOutputs(record);
  if (isProven) return { id: toResourceId(record), outs };
  throw new PartialFailure(toResourceId(record), { ...outs, [PROVIDER_KEY]: properties[PROVIDER_KEY] }, [
    `${describeSecretOf(record)} was created and is saved encrypted, but is not proven to work yet: ${verification.error.message} ` +
      "What it replaces stays in place meanwhile. The next 'pulumi up' tries it again.",
  ]);
}

async function read(session: Session, id: string, record: SecretRecord) {
  const account = toAccountRef(record);
  const sighting = await fetchSighting(session.begin([record.value]).client, account, record.secretId);
  if (sighting.kind !== "secret-missing") {
    return { id, props: toOutputs(toRefreshed(record, sighting, session.report)) };
  }
  if (!canBeUnlisted(record.createdAtMs, toNowMs(sighting, session))) return {};
  session.report(
    `${describeSecretOf(record)} was created a moment ago and is not listed: Atlas may not show it yet. The record stays; a refresh in two minutes tells.`,
  );
  return { id, props: toOutputs(record) };
}

/** The server's time where its answer holds it. */
function toNowMs({ serverTimeMs }: { readonly serverTimeMs?: number }, { clock }: Session): number {
  return serverTimeMs ?? clock.now();
}

function toRefreshed(
  record: SecretRecord,
  sighting: Exclude<Sighting, { kind: "secret-missing" }>,
  report: Session["report"],
): SecretRecord {
  if (sighting.kind === "account-missing") {
    report(
      `${describeAccount(toAccountRef(record))} is not in its project's list: unassigned or deleted. The record stays.`,
    );
    return record.status === "active" ? { ...record, status: "account-unassigned" } : record;
  }
  const { id: _id, ...times } = sighting.secret;
  return { ...record, ...times, status: record.status === "account-unassigned" ? "active" : record.status };
}

async function update(session: Session, record: SecretRecord, news: Properties) {
  const inputs = toInputValues(news);
  // The secret stays that of the recorded account; a changed one is the next diff's matter.
  const wanted: SecretRecord = { ...record, ...inputs, ...toOwner(record) };
  if (record.status !== "pending-verification") return { outs: toOutputs(wanted) };
  if (!inputs.verify) return { outs: toOutputs({ ...wanted, status: "active" }) };
  const verification = await verifyAgain(session, session.begin([record.value]), record.clientId, record);
  if (verification.kind === "verified") {
    return { outs: toOutputs({ ...wanted, status: "active", verifiedAtMs: verification.atMs }) };
  }
  const isInvalid = verification.kind === "invalid";
  const outs = toOutputs({ ...wanted, status: isInvalid ? "rejected" : "pending-verification" });
  throw new PartialFailure(toResourceId(record), { ...outs, [PROVIDER_KEY]: news[PROVIDER_KEY] }, [
    `${describeSecretOf(record)} ${isInvalid ? "is not valid" : "could not be proven to work"}: ${verification.error.message} ` +
      (isInvalid ? "The next 'pulumi up' deletes it and makes a new one." : "The next 'pulumi up' tries it again."),
  ]);
}

async function remove(session: Session, record: SecretRecord): Promise<void> {
  const work = session.begin([record.value]);
  assertNotConfigured(record, work.configured);
  await deleteSecrets(session, work, record, [record]);
}

/** Reads a record and remembers that the stack holds its secret. */
function toRecord({ recorded }: Session, outputs: Properties): SecretRecord {
  const record = toSecretRecord(outputs);
  recorded.noteTold(record.clientId, record.secretId);
  return record;
}

function describeSecretOf(record: SecretRecord): string {
  return `Secret ${record.secretId} of ${describeAccount(toAccountRef(record))}`;
}
