/**
 * What a state or a file of outputs records: each resource and audit record as `pulumi-atlas-secrets/records` reads it. What that
 * cannot read is named; what is neither counts as read only for those who say that it may be empty.
 */
import { readAuditRecord, readState, type StateReading } from "pulumi-atlas-secrets/records";
import type { PendingOperations, RecordedResource, Source, UnreadSource } from "../audit/inventory.js";
import { CliFailure } from "../failure.js";
import { isObject, type JsonObject, parseJson } from "./json.js";
import { dropSecrets } from "./secret-marks.js";
import { findProviderName, isStackExport, type StackExport, toStackExport } from "./stack-export.js";

/** What one source gave. */
export interface Gathered {
  readonly source: Source;
  readonly resources: readonly RecordedResource[];
  readonly pendingOperations: readonly PendingOperations[];
  readonly unreadSources: readonly UnreadSource[];
}

/** An output deeper than this is not looked into. */
const MAX_DEPTH = 12;

/** What a user says of the files. */
export interface FileOptions {
  /** Whether one may hold neither a state nor an audit record. */
  readonly mayBeEmpty?: boolean;
  /** Whether outputs will not do: they do not tell what waits for its deletion. */
  readonly mustBeState?: boolean;
}

/**
 * Takes the text of a file for what it is: an export, a checkpoint, or outputs with at least one audit record.
 *
 * @param name what reports and messages call it
 * @throws CliFailure when it is none of them
 */
export function parseSource(text: string, name: string, { mayBeEmpty, mustBeState }: FileOptions = {}): Gathered {
  const json = dropSecrets(parseJson(text, name));
  if (isStackExport(json)) return toGathered(toStackExport(json, name), { name, kind: "stack-export" });
  if (mustBeState)
    throw new CliFailure(`Could not read ${name}: it is not a state as 'pulumi stack export' writes it.`);
  const records = isObject(json) && !isOfOtherTool(json) ? listAuditRecords(json) : [];
  if (records.length === 0 && !mayBeEmpty) {
    throw new CliFailure(
      `Could not read ${name}: it holds nothing that I know, neither a stack's state nor outputs with an audit record. ` +
        "If that is intended, add --allow-empty.",
    );
  }
  return { ...toResources(records, name), source: { name, kind: "stack-outputs" }, pendingOperations: [] };
}

/** What 'pulumi preview --json' and Terraform write can repeat a whole audit record, as something else than an output. */
function isOfOtherTool({ steps, lineage, terraform_version: version }: JsonObject): boolean {
  const isPreview = Array.isArray(steps) && steps.some((step) => isObject(step) && "op" in step && "urn" in step);
  return isPreview || typeof lineage === "string" || typeof version === "string";
}

/** What a stack's state gives. */
export function toGathered(state: StackExport, source: Source): Gathered {
  const operations = state.pendingOperations.map(({ kind, urn }) => `${kind} ${urn}`);
  const read = state.resources.flatMap((resource): Read[] => {
    const { urn: location, isPendingDeletion } = resource;
    const provider = findProviderName(resource.provider);
    const where = { location, isPendingDeletion, ...(provider !== undefined && { provider }) };
    return readState(resource).map((reading) => ({ ...where, reading }));
  });
  return {
    source,
    ...toResources(read, source.name),
    pendingOperations: operations.length > 0 ? [{ source: source.name, operations }] : [],
  };
}

interface Read extends Pick<RecordedResource, "location" | "isPendingDeletion" | "provider"> {
  readonly reading: StateReading;
}

function toResources(all: readonly Read[], source: string): Pick<Gathered, "resources" | "unreadSources"> {
  return {
    resources: all.flatMap(({ reading, ...where }) =>
      reading.kind === "damaged" ? [] : [{ source, ...where, reading }],
    ),
    unreadSources: all.flatMap(({ location, reading }) =>
      reading.problems.map((problem) => ({ source, message: `${location}: ${problem}.` })),
    ),
  };
}

/** The audit records among the outputs of a stack, at any depth. Everything else, values among it, is dropped here. */
function listAuditRecords(outputs: JsonObject): Read[] {
  const found: Read[] = [];
  const visit = (value: unknown, location: string, depth: number): void => {
    const reading = isObject(value) ? readAuditRecord(value) : undefined;
    if (reading) found.push({ location, isPendingDeletion: false, reading });
    if (reading || depth > MAX_DEPTH || typeof value !== "object" || value === null) return;
    for (const [name, property] of Object.entries(value))
      visit(property, toLocation(location, name, Array.isArray(value)), depth + 1);
  };
  visit(outputs, "", 0);
  return found;
}

/** Where an output stands. A name can be any text, so one that is no usual name is not repeated. */
function toLocation(location: string, name: string, isElement: boolean): string {
  if (isElement) return `${location}[${name}]`;
  const shown = /^(?!mdb_sa_sk_)[\w-]{1,60}$/.test(name) ? name : "?";
  return location === "" ? shown : `${location}.${shown}`;
}
