/**
 * What the engine calls for a resource with one secret, as short sequences: read the record, let `rotation/` decide, let
 * `account/` act, write the record.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/
 */
import { deleteRecorded } from "../account/deletion.js";
import { type ProcessOptions, ProviderProcess } from "../account/process.js";
import { verifySecret } from "../account/verification.js";
import { findAccount, findSharedView, toServerNowMs } from "../account/view.js";
import { describeAccount } from "../atlas/account-ref.js";
import { AtlasSecretsError, PartialFailure } from "../errors.js";
import { isSameClientId } from "../ids.js";
import { type DiffResult, PROVIDER_KEY, type Properties, type SecretHandlers } from "../protocol.js";
import { toDesiredSecret, toInputValues } from "../records/inputs.js";
import { listPlain } from "../records/read-state.js";
import { PROJECT, type Scope, toAccountRef, toOwner } from "../records/scope.js";
import { type SecretRecord, toOutputs, toResourceId, toSecretRecord, toText } from "../records/secret-record.js";
import { withTold } from "../records/transitions.js";
import { type AccountView, canBeUnlisted, findSecret } from "../rotation/account-view.js";
import { Reason } from "../rotation/reasons.js";
import { decideReplacement } from "../rotation/replacement.js";
import { NO_CHANGES, toHandlers } from "./calls.js";
import { issueSecret } from "./issue.js";

/** Makes the handlers of `ProjectServiceAccountSecret` for a process of its own. */
export function createProjectSecretHandlers(options: ProcessOptions = {}): SecretHandlers {
  return createSecretHandlers(PROJECT, new ProviderProcess(options));
}

/** Makes the handlers of a resource with one secret. All handlers of a process share it. */
export function createSecretHandlers({ level }: Scope, process: ProviderProcess): SecretHandlers {
  const steps = { toRecord, toOutputs, diff, create, read, update, remove };
  return toHandlers(process, { level, isRotating: false }, steps);
}

function diff(process: ProviderProcess, record: SecretRecord, news: Properties): DiffResult {
  const verdict = decideReplacement(record, toDesiredSecret(news), process.clock.now());
  if (verdict.action === "keep") return NO_CHANGES;
  // Other reasons show in the plan as a changed input; time does not.
  if (verdict.reason !== Reason.SettingsChanged) {
    process.report(`${describeAccount(toAccountRef(record))}: ${verdict.message}`);
  }
  if (verdict.action === "update") return { changes: true, replaces: [], deleteBeforeReplace: false };
  process.known.noteReplaced(record.clientId, record.secretId);
  const successorClientId = toText(news.clientId) ?? record.clientId;
  // What its own account held, the look before the creation tells.
  if (!isSameClientId(successorClientId, record.clientId)) process.known.noteMoved(successorClientId, record.secretId);
  return { changes: true, replaces: [...verdict.properties], deleteBeforeReplace: verdict.deleteBeforeReplace };
}

async function create(process: ProviderProcess, properties: Properties) {
  const inputs = toInputValues(properties);
  const { issue, before, verification } = await issueSecret(process, process.begin(), inputs);
  // Also when Atlas called it invalid: a value just made may not be known everywhere yet.
  const isVerified = !verification || verification.kind === "verified";
  const record: SecretRecord = {
    ...inputs,
    ...issue,
    ...toSuperseded(before, process.known.movedTo(inputs.clientId)),
    status: isVerified ? "active" : "pending-verification",
  };
  process.known.noteVerification(record.clientId, record.secretId, isVerified, record.supersedes);
  const outs = toOutputs(record);
  if (isVerified) return { id: toResourceId(record), outs };
  throw new PartialFailure(toResourceId(record), { ...outs, [PROVIDER_KEY]: properties[PROVIDER_KEY] }, [
    `${describeSecretOf(record)} was created and is saved encrypted, but is not verified yet: ${verification.error.message} ` +
      "What it replaces stays in place meanwhile. The next 'pulumi up' tries it again.",
  ]);
}

/** What the engine said is replaced by a creation, on its account or another one: it can be in use until it is deleted. */
function toSuperseded({ secrets }: AccountView, moved: readonly string[]): Pick<SecretRecord, "supersedes"> {
  const own = secrets.filter(({ role }) => role === "to-be-replaced" || role === "pending-deletion");
  const ids = [...own.map(({ id }) => id), ...moved];
  return ids.length > 0 ? { supersedes: ids } : {};
}

async function read(process: ProviderProcess, id: string, record: SecretRecord) {
  const { clock } = process;
  const account = toAccountRef(record);
  const operation = process.begin([record.value]);
  const view =
    (await findSharedView(process, operation, account, [record.secretId])) ??
    (await findAccount(process, operation, account, `secret ${record.secretId} exists`));
  if (!view) {
    operation.report(
      `${describeAccount(account)} is not in its ${account.level}'s list: unassigned or deleted. The record stays.`,
    );
    const status = record.status === "active" ? "account-unassigned" : record.status;
    return { id, props: toOutputs({ ...record, status }) };
  }
  const secret = findSecret(view, record.secretId);
  if (secret) {
    const status = record.status === "account-unassigned" ? "active" : record.status;
    return { id, props: toOutputs({ ...withTold(withoutGone(record, view), secret), status }) };
  }
  if (!canBeUnlisted(record.createdAtMs, toServerNowMs(view, clock) ?? clock.now())) return {};
  operation.report(
    `${describeSecretOf(record)} was created a moment ago and is not listed: Atlas may not show it yet. The record stays; a refresh in two minutes tells.`,
  );
  return { id, props: toOutputs(record) };
}

/** The record without what it superseded and the account holds no more; until it is verified, what was on another account counts. */
function withoutGone({ supersedes = [], ...record }: SecretRecord, view: AccountView): SecretRecord {
  const left = supersedes.filter((id) => record.status === "pending-verification" || findSecret(view, id));
  return left.length > 0 ? { ...record, supersedes: left } : record;
}

async function update(process: ProviderProcess, record: SecretRecord, news: Properties) {
  const inputs = toInputValues(news);
  // The secret stays that of the recorded account; a changed one is the next diff's matter.
  const wanted: SecretRecord = { ...record, ...inputs, ...toOwner(record) };
  // A rejected one comes here when `hooks.onError` asks for another try.
  if (record.status !== "pending-verification" && record.status !== "rejected") return { outs: toOutputs(wanted) };
  if (!inputs.verify) return { outs: toOutputs({ ...wanted, status: "active" }) };
  const { secretId, value, createdAtMs } = record;
  if (!value) throw new AtlasSecretsError("state", `${describeSecretOf(record)}: the state holds no value to verify.`);
  const operation = process.begin([value]);
  const candidate = { id: secretId, value, createdAtMs };
  const verification = await verifySecret(process, operation, toAccountRef(record), candidate);
  process.known.noteVerification(record.clientId, secretId, verification.kind === "verified", record.supersedes);
  if (verification.kind === "verified") {
    return { outs: toOutputs({ ...wanted, status: "active", verifiedAtMs: verification.atMs }) };
  }
  const isRejected = verification.kind === "rejected";
  const outs = toOutputs({ ...wanted, status: isRejected ? "rejected" : "pending-verification" });
  throw new PartialFailure(toResourceId(record), { ...outs, [PROVIDER_KEY]: news[PROVIDER_KEY] }, [
    `${describeSecretOf(record)} ${isRejected ? "is not valid" : "could not be verified"}: ${verification.error.message} ` +
      (isRejected ? "The next 'pulumi up' deletes it and makes a new one." : "The next 'pulumi up' tries it again."),
  ]);
}

async function remove(process: ProviderProcess, record: SecretRecord): Promise<void> {
  await deleteRecorded(process, process.begin([record.value]), toAccountRef(record), [record]);
}

/** Reads a record and remembers what the stack holds. */
function toRecord({ known }: ProviderProcess, outputs: Properties): SecretRecord {
  const record = toSecretRecord(outputs);
  known.noteRecord(record.clientId, record.secretId, listPlain(record, record));
  return record;
}

function describeSecretOf(record: SecretRecord): string {
  return `Secret ${record.secretId} of ${describeAccount(toAccountRef(record))}`;
}
