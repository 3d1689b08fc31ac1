/**
 * What the engine calls for `ProjectServiceAccountSecret`, as short sequences: read the record, let `rotation/` decide, let
 * `issuance/` act, write the record.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/
 */
import { type AccountRef, describeAccount } from "../atlas/account-ref.js";
import { repeat } from "../atlas/retry.js";
import { AtlasSecretsError, PartialFailure } from "../errors.js";
import { assertNotConfigured } from "../issuance/configured-credential.js";
import { canBeUnlisted, fetchSighting, isNotFound, type Sighting } from "../issuance/missing.js";
import { type Issued, obtainSecret } from "../issuance/obtain-secret.js";
import { toDeleteCommand } from "../issuance/strays.js";
import { type Verification, verifySecret } from "../issuance/verification.js";
import { PROVIDER_KEY, type Properties } from "../resources/convention.js";
import { Reason } from "../rotation/reasons.js";
import { decideReplacement } from "../rotation/replacement.js";
import { toGrantedHours } from "../rotation/window.js";
import { fillDefaults, findInputProblems, type SecretInputValues, toDesiredSecret, toInputValues } from "./inputs.js";
import { type SecretRecord, toOutputs, toResourceId, toSecretRecord } from "./record.js";
import { type ConfigureRequest, type HandlerOptions, Session } from "./session.js";

/** The calls of a dynamic provider, with the types that this package gives and takes. */
export interface SecretHandlers {
  configure(request: ConfigureRequest): void;
  check(olds: Properties, news: Properties): { inputs: Properties; failures: CheckFailure[] };
  diff(id: string, olds: Properties, news: Properties): DiffResult;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, outputs: Properties): Promise<{ id?: string; props?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, outputs: Properties): Promise<void>;
}

/** A failure of a check, as the engine takes it. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** What a diff tells the engine. `changes` is always given: without it the engine would compare inputs by itself. */
export interface DiffResult {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}

/** Makes the handlers of one provider process. */
export function createProjectSecretHandlers(options: HandlerOptions = {}): SecretHandlers {
  const session = new Session(options);
  return {
    configure: (request) => session.configure(request),
    check: (olds, news) => check(session, olds, news),
    diff: (_id, olds, news) => diff(session, toRecord(session, olds), news),
    create: (inputs) => withoutStack(() => create(session, inputs)),
    read: (id, outputs) => withoutStack(() => read(session, id, toRecord(session, outputs))),
    update: (_id, olds, news) => withoutStack(() => update(session, toRecord(session, olds), news)),
    delete: (_id, outputs) => withoutStack(() => remove(session, toRecord(session, outputs))),
  };
}

function check({ recorded }: Session, olds: Properties, news: Properties) {
  if (typeof olds.clientId === "string") recorded.noteChecked(olds.clientId);
  const inputs = fillDefaults(news);
  // The engine prints the value of a named property in clear, and it may be a secret in the wrong place: the name goes into
  // the text instead. @see issueCheckFailures in pkg/resource/deploy/step_generator.go of pulumi/pulumi
  const failures = findInputProblems(inputs).map(({ property, reason }) => ({
    property: "",
    reason: `${property} ${reason}`,
  }));
  return { inputs, failures };
}

function diff({ clock, report }: Session, record: SecretRecord, news: Properties): DiffResult {
  const verdict = decideReplacement(record, toDesiredSecret(news), clock.now());
  if (verdict.action === "keep") return { changes: false, replaces: [], deleteBeforeReplace: false };
  // Other reasons show in the plan as a changed input; time does not.
  if (verdict.reason !== Reason.SettingsChanged) report(`${describeAccount(toAccountRef(record))}: ${verdict.message}`);
  if (verdict.action === "update") return { changes: true, replaces: [], deleteBeforeReplace: false };
  return { changes: true, replaces: [...verdict.properties], deleteBeforeReplace: verdict.deleteBeforeReplace };
}

async function create(session: Session, properties: Properties) {
  const inputs = toInputValues(properties);
  const { projectId, clientId, secretExpiresAfterHours, triggers, verify } = inputs;
  const { clock, locks, recorded, report } = session;
  const toCreatedHere = () => recorded.createdOn(clientId);
  const account = toAccountRef(inputs);
  const toPolicy = () => ({
    ...inputs,
    recordedIds: recorded.idsOf(clientId),
    isRecordComplete: recorded.isComplete(clientId),
  });
  const request = { account, hours: secretExpiresAfterHours, toPolicy, toCreatedHere, verify };
  const issued = await obtainSecret(request, {
    ...session.begin(),
    clock,
    locks,
    report,
    onCreated: (secret) => recorded.noteCreated(clientId, secret),
  });
  const { id: secretId, ...times } = issued.secret;
  const record: SecretRecord = {
    ...inputs,
    ...times,
    projectId,
    clientId,
    secretId,
    grantedHours: toGrantedHours(times.createdAtMs, times.expiresAtMs),
    issuedForHours: secretExpiresAfterHours,
    issuedForTriggers: triggers,
    ...toStatus(issued),
  };
  const outs = toOutputs(record);
  const { verification } = issued;
  if (!verification || verification.kind === "verified") return { id: toResourceId(record), outs };
  throw new PartialFailure(toResourceId(record), { ...outs, [PROVIDER_KEY]: properties[PROVIDER_KEY] }, [
    `${describeSecretOf(record)} was created and is saved encrypted, but is not proven to work yet: ${verification.error.message} ` +
      "What it replaces stays in place meanwhile. The next 'pulumi up' tries it again.",
  ]);
}

function toStatus({ verification }: Issued): Pick<SecretRecord, "status" | "verifiedAtMs"> {
  if (!verification) return { status: "active" };
  if (verification.kind === "verified") return { status: "active", verifiedAtMs: verification.atMs };
  // Also when Atlas called it invalid: a value just made may not be known everywhere yet.
  return { status: "pending-verification" };
}

async function read(session: Session, id: string, record: SecretRecord) {
  const account = toAccountRef(record);
  const sighting = await fetchSighting(session.begin().client, account, record.secretId);
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
  const wanted: SecretRecord = { ...record, ...inputs, projectId: record.projectId, clientId: record.clientId };
  if (record.status !== "pending-verification") return { outs: toOutputs(wanted) };
  const verification = await verifyAgain(session, record, inputs);
  if (verification === "not-wanted") return { outs: toOutputs({ ...wanted, status: "active" }) };
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

async function verifyAgain(
  session: Session,
  { clientId, value }: SecretRecord,
  { verify }: SecretInputValues,
): Promise<Verification | "not-wanted"> {
  if (!verify) return "not-wanted";
  if (!value) throw new AtlasSecretsError("state", "the state holds no value to verify");
  const { client, operation } = session.begin();
  const { clock } = session;
  return verifySecret((pair) => client.verify(pair), { clientId, secret: value }, { operation, clock });
}

async function remove(session: Session, record: SecretRecord): Promise<void> {
  const { client, configured, operation } = session.begin();
  const account = toAccountRef(record);
  if (record.value) client.withhold(record.value);
  assertNotConfigured(record, configured);
  await session.locks.runExclusive(record.clientId, async () => {
    try {
      await repeat(() => client.deleteSecret(account, record.secretId), operation);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const sighting = await fetchSighting(client, account, record.secretId);
      if (sighting.kind === "present") throw error;
      if (sighting.kind === "secret-missing" && canBeUnlisted(record.createdAtMs, toNowMs(sighting, session))) {
        session.report(
          `${describeSecretOf(record)} was created a moment ago and is not found, so that it counts as deleted. Should Atlas ` +
            `show it later, delete it: ${toDeleteCommand(account, record.secretId)}`,
        );
      }
      if (sighting.kind === "account-missing") {
        session.report(
          `${describeAccount(account)} is not in its project's list: its secret ${record.secretId} was not deleted and may live ` +
            "on at organisation level.",
        );
      }
    }
    session.recorded.noteDeleted(record.clientId, record.secretId);
  });
}

/** Reads a record and remembers that the stack holds its secret. */
function toRecord({ recorded }: Session, outputs: Properties): SecretRecord {
  const record = toSecretRecord(outputs);
  recorded.noteTold(record.clientId, record.secretId);
  return record;
}

function toAccountRef({ projectId, clientId }: { projectId: string; clientId: string }): AccountRef {
  return { level: "project", ownerId: projectId, clientId };
}

function describeSecretOf(record: SecretRecord): string {
  return `Secret ${record.secretId} of ${describeAccount(toAccountRef(record))}`;
}

/** The host prints the stack of what read and delete throw; for an expected failure that only hides the message. */
async function withoutStack<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AtlasSecretsError) error.stack = "(the message above says what to do)";
    throw error;
  }
}
