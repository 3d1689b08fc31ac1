/** Outputs on their way into a state: what the engine could not store, or would store in clear, fails here. */
import { type Properties, SIGNATURE_KEY } from "../../provider/src/protocol.js";

/** Outputs that must be encrypted. */
const CONFIDENTIAL = [
  "secret",
  "issuedForTriggers",
  "pendingSecret",
  "pendingIssuedForTriggers",
  "secrets",
  "confidential",
] as const;

/** Ids of the secrets that outputs record: the current one, of a rotating resource the previous and the pending one, of a set all. */
export function toRecordedIds(outputs: Properties): string[] {
  const { secretId, previousSecretId, pendingSecretId, records = {}, removedRecords = {} } = outputs;
  const own = [secretId, previousSecretId, pendingSecretId].filter((id) => typeof id === "string");
  const ofSet = [records, removedRecords].flatMap((map) => Object.values(map as Readonly<Record<string, Properties>>));
  return [...own, ...ofSet.flatMap(toRecordedIds)];
}

/** Outputs as the engine hands them to the next call: secrets without their marks. */
export function toClear(outputs: Properties): Properties {
  for (const name of CONFIDENTIAL) {
    if (outputs[name] !== undefined && !isMarked(outputs[name]))
      throw new Error(`the output ${name} is not marked as a secret: it is stored in plaintext`);
  }
  const clear: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(outputs)) {
    if (value === undefined) throw new Error(`output ${key} is undefined: the engine cannot store it`);
    clear[key] = isMarked(value) ? value.value : value;
  }
  return clear;
}

function isMarked(value: unknown): value is { readonly value: unknown } {
  return typeof value === "object" && value !== null && SIGNATURE_KEY in value;
}
