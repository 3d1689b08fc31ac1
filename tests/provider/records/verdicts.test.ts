/** What reports say of a state is what the handlers do with it: the same verdict on the record that is read back from outputs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { ProviderProcess } from "../../../provider/src/account/process.js";
import { createSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { createRotatingHandlers } from "../../../provider/src/handlers/rotating-secret.js";
import { mapSecretOutputs, type Properties } from "../../../provider/src/protocol.js";
import { readAuditRecord } from "../../../provider/src/records/audit-record.js";
import { readState, type StateReading } from "../../../provider/src/records/read-state.js";
import { toRotationId, toRotationOutputs } from "../../../provider/src/records/rotation-record.js";
import { PROJECT } from "../../../provider/src/records/scope.js";
import { toOutputs, toResourceId } from "../../../provider/src/records/secret-record.js";
import { assess, decideNextUp, type NextUp } from "../../../provider/src/rotation/assess.js";
import { toRecordedRotateAfterMs } from "../../../provider/src/rotation/due.js";
import { toRetireAfterMs } from "../../../provider/src/rotation/overlap.js";
import { Reason } from "../../../provider/src/rotation/reasons.js";
import { decideReplacement } from "../../../provider/src/rotation/replacement.js";
import { decideRotation } from "../../../provider/src/rotation/rotating.js";
import type { DesiredSecret, EchoedInputs, RecordedIssue } from "../../../provider/src/rotation/secret.js";
import { arbitraryPlain, arbitraryRotating } from "../fixtures/records.js";
import { DESIRED } from "../fixtures/values.js";

const SCHEMA = join(__dirname, "../../../provider/schema/audit-record.schema.json");
const { properties: auditFields } = JSON.parse(readFileSync(SCHEMA, "utf8")) as { properties: object };

const runs = { numRuns: 1_000 };
const PLAIN_TYPE = "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret";
const ROTATING_TYPE = "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret";

type Known = Exclude<StateReading, { readonly kind: "damaged" }>;

/** Outputs as the engine passes them to a handler, and as a decrypted state holds them. */
function toClear(outputs: Properties): Properties {
  return mapSecretOutputs(outputs, (value) => value);
}

function assertKnown(reading: StateReading | undefined): Known {
  if (!reading || reading.kind === "damaged") throw new Error("it cannot be read");
  expect(reading.problems).toEqual([]);
  return reading;
}

/** Inputs that a record was issued for. */
function toUnchanged<R extends EchoedInputs>(record: R, issue: RecordedIssue | undefined) {
  const { issuedForTriggers: triggers = {} } = issue ?? {};
  return { ...DESIRED, ...record, triggers };
}

/** A clock that stands still. */
function at(nowMs: number) {
  return { clock: { now: () => nowMs, sleep: async () => undefined }, env: {}, report: () => undefined };
}

/** What the engine is told of a verdict. */
function toDiff(verdict: NextUp) {
  return {
    changes: verdict.action !== "keep",
    replaces: verdict.action === "replace" ? [...verdict.properties] : [],
    deleteBeforeReplace:
      verdict.action === "replace" && "deleteBeforeReplace" in verdict && verdict.deleteBeforeReplace,
  };
}

/** Nobody can say that triggers changed where the state lacks all that is confidential, and what a secret was issued for with it. */
function toReadable<T extends DesiredSecret>(desired: T, { secret, issuedForTriggers }: Properties): T {
  return secret === undefined && issuedForTriggers === undefined ? { ...desired, triggers: {} } : desired;
}

/** A report names what the next run does, if that is due, first, and nothing when nothing is. */
function expectFindings(reading: Known, verdict: NextUp, nowMs: number) {
  const findings = assess(reading, nowMs);
  const isNothing = verdict.reason === Reason.UpToDate || verdict.reason === Reason.SettingsChanged;
  if (isNothing) expect(findings).toEqual([]);
  else expect(findings[0]).toMatchObject({ reason: verdict.reason, message: verdict.message });
}

describe("a state of a resource with one secret", () => {
  it("is read back as its record, and reports and diff say of it what decideReplacement decides", () => {
    fc.assert(
      fc.property(arbitraryPlain, ({ record, desired, nowMs }) => {
        const { overlapHours: _o, quietHours: _q, ...inputs } = desired;
        const outputs = toClear(toOutputs(record));
        const id = toResourceId(record);
        const reading = assertKnown(readState({ type: PLAIN_TYPE, id, inputs, outputs })[0]);
        expect(isDeepStrictEqual(reading.record, record)).toBe(true);
        const verdict = decideReplacement(record, inputs, nowMs);
        const read = decideReplacement(record, toReadable(inputs, outputs), nowMs);
        expect(decideNextUp(reading, nowMs)).toEqual(read);
        expect(createSecretHandlers(PROJECT, new ProviderProcess(at(nowMs))).diff(id, outputs, inputs)).toEqual(
          toDiff(verdict),
        );
        expectFindings(reading, read, nowMs);
      }),
      runs,
    );
  });
});

describe("a state of a rotating resource", () => {
  it("is read back as its record, and reports and diff say of it what decideRotation decides", () => {
    fc.assert(
      fc.property(arbitraryRotating, ({ record, desired, nowMs }) => {
        const outputs = toClear(toRotationOutputs(record));
        const id = toRotationId(record);
        const reading = assertKnown(readState({ type: ROTATING_TYPE, id, inputs: { ...desired }, outputs })[0]);
        expect(reading.record).toEqual(record);
        const verdict = decideRotation(record, desired, nowMs);
        const read = decideRotation(record, toReadable(desired, outputs), nowMs);
        expect(decideNextUp(reading, nowMs)).toEqual(read);
        expect(
          createRotatingHandlers(PROJECT, new ProviderProcess(at(nowMs))).diff(id, outputs, { ...desired }),
        ).toEqual(toDiff(verdict));
        expectFindings(reading, read, nowMs);
      }),
      runs,
    );
  });
});

/** What the program exports as the audit record of a resource. */
function toAuditRecord(outputs: Properties): Properties {
  const fields = Object.keys(auditFields).filter((field) => outputs[field] !== undefined);
  return Object.fromEntries(fields.map((field) => [field, outputs[field]]));
}

/** Outputs hold whole seconds. */
function toSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.floor(ms / 1_000);
}

/** The same time but for the part of a second that outputs do not hold: what is decided within it may differ. */
function isNear(nowMs: number, ...timesMs: (number | undefined)[]): boolean {
  return timesMs.some((ms) => ms !== undefined && Math.abs(nowMs - ms) < 2_000);
}

/** Whether a rotation that is due still waits for the slot depends on uses and inputs, which no audit record holds. */
function toDue({ action, reason }: NextUp): string {
  const isDue =
    reason === Reason.PreviousHoldsSlot || reason === Reason.InsideRotationWindow || reason === Reason.OverlapOver;
  return isDue ? "due" : `${action} ${reason}`;
}

describe("an audit record", () => {
  it("of a resource with one secret tells the same times, and the same action by time", () => {
    fc.assert(
      fc.property(arbitraryPlain, ({ record, nowMs }) => {
        const reading = assertKnown(readAuditRecord(toAuditRecord(toClear(toOutputs(record)))));
        if (reading.kind !== "plain") throw new Error(`it is read as ${reading.kind}`);
        const dueMs = toRecordedRotateAfterMs(record);
        expect(toSeconds(toRecordedRotateAfterMs(reading.record))).toBe(toSeconds(dueMs));
        expect(reading.record.expiresAtMs).toBe(record.expiresAtMs);
        fc.pre(!isNear(nowMs, dueMs));
        const { action, reason } = decideReplacement(record, toUnchanged(record, record), nowMs);
        expect(decideNextUp(reading, nowMs)).toMatchObject({ action, reason });
      }),
      runs,
    );
  });

  it("of a rotating resource tells the same times, and the same action by time", () => {
    fc.assert(
      fc.property(arbitraryRotating, ({ record, nowMs }) => {
        const reading = assertKnown(readAuditRecord(toAuditRecord(toClear(toRotationOutputs(record)))));
        if (reading.kind !== "rotating") throw new Error(`it is read as ${reading.kind}`);
        const { current } = record;
        const { current: toldCurrent } = reading.record;
        const window = (of: { rotateBeforeExpiryHours: number }) => of.rotateBeforeExpiryHours;
        const dueMs = current && toRecordedRotateAfterMs({ ...current, rotateBeforeExpiryHours: window(record) });
        const toldDueMs =
          toldCurrent && toRecordedRotateAfterMs({ ...toldCurrent, rotateBeforeExpiryHours: window(reading.record) });
        expect(toSeconds(toldDueMs)).toBe(toSeconds(dueMs));
        const retireMs = toRetireAfterMs(record, record);
        expect(toSeconds(toRetireAfterMs(reading.record, reading.record))).toBe(toSeconds(retireMs));
        fc.pre(!isNear(nowMs, dueMs, retireMs));
        const [verdict, told] = [
          decideRotation(record, toUnchanged(record, current), nowMs),
          decideNextUp(reading, nowMs),
        ];
        expect(told && toDue(told)).toEqual(toDue(verdict));
      }),
      runs,
    );
  });
});
