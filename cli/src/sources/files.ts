/** A file that a user names: what `pulumi stack export` wrote, or what `pulumi stack output --json` wrote. */
import type { UnreadSource, PendingOperations, SecretRecord, Source } from "../audit/inventory.js";
import { CliFailure } from "../failure.js";
import { isObject, parseJson } from "./json.js";
import { toRecords } from "./recorded-secrets.js";
import { dropSecrets } from "./secret-marks.js";
import { isStackExport, type StackExport, toStackExport } from "./stack-export.js";
import { toRecordsOfOutputs } from "./stack-outputs.js";

/** What one source gave. */
export interface Gathered {
  readonly source: Source;
  readonly records: readonly SecretRecord[];
  readonly pendingOperations: readonly PendingOperations[];
  readonly unreadSources: readonly UnreadSource[];
}

/**
 * Takes the text of a file for what it is.
 *
 * @param name what reports and messages call it
 * @throws CliFailure when it is neither
 */
export function parseSource(text: string, name: string): Gathered {
  const json = dropSecrets(parseJson(text, name));
  if (isStackExport(json)) return toGathered(toStackExport(json, name), { name, kind: "stack-export" });
  if (!isObject(json)) throw new CliFailure(`Could not read ${name}: it is neither a stack's export nor its outputs.`);
  return {
    source: { name, kind: "stack-outputs" },
    records: toRecordsOfOutputs(json, name),
    pendingOperations: [],
    unreadSources: [],
  };
}

/** What a stack's state gives. */
export function toGathered(state: StackExport, source: Source): Gathered {
  const operations = state.pendingOperations.map(({ kind, urn }) => `${kind} ${urn}`);
  return {
    source,
    ...toRecords(state, source.name),
    pendingOperations: operations.length > 0 ? [{ source: source.name, operations }] : [],
  };
}
