/**
 * Reads what `pulumi stack export` wrote, or a checkpoint as a self-managed backend keeps it. Whatever is marked as a secret is dropped here, before anything else sees it; only
 * `adopt` asks for the resources as they stand.
 */
import * as v from "valibot";
import { CliFailure } from "../failure.js";
import { isObject, type JsonObject, parseJson } from "./json.js";
import { dropSecrets } from "./secret-marks.js";
import { parseUrn } from "./urn.js";

/** A resource of a state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id: string | undefined;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
  /** Urn of the parent. */
  readonly parent: string | undefined;
  /** Urn and id of the provider, as `urn::id`. */
  readonly provider: string | undefined;
  /** Whether it only waits for its deletion. */
  readonly isPendingDeletion: boolean;
  /** Whether the stack forgets it without deleting it. */
  readonly isRetained: boolean;
}

/** What was under way when the state was written. */
export interface PendingOperation {
  readonly urn: string;
  /** `creating`, `updating`, `deleting`, `reading` or `importing`. */
  readonly kind: string;
}

/** A stack's state. */
export interface StackExport {
  /** Names of the stack and of its project; absent when the state holds no resource, whose urns tell. */
  readonly stack: string | undefined;
  readonly project: string | undefined;
  readonly resources: readonly StateResource[];
  readonly pendingOperations: readonly PendingOperation[];
}

const resource = v.looseObject({
  urn: v.string(),
  type: v.string(),
  id: v.optional(v.string()),
  inputs: v.optional(v.record(v.string(), v.unknown())),
  outputs: v.optional(v.record(v.string(), v.unknown())),
  parent: v.optional(v.string()),
  provider: v.optional(v.string()),
  delete: v.optional(v.boolean()),
  retainOnDelete: v.optional(v.boolean()),
});

const deployment = v.looseObject({
  resources: v.nullish(v.array(resource)),
  pending_operations: v.nullish(v.array(v.looseObject({ resource, type: v.string() }))),
});

/** Versions of the format that hold these fields. */
const VERSIONS = [3, 4];

/**
 * Parses an export without its secrets.
 *
 * @param where names the source, for messages
 * @throws CliFailure when it is no state, or only half of one
 */
export function parseStackExport(text: string, where: string): StackExport {
  return toStackExport(dropSecrets(parseJson(text, where)), where);
}

/**
 * Whether parsed JSON has the outline of a state.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go for checkpoints
 */
export function isStackExport(json: unknown): json is JsonObject {
  return isObject(json) && ("deployment" in json || isObject(json.checkpoint));
}

/**
 * Takes parsed JSON for an export as it stands: marked secrets keep their ciphertext, or their plaintext when it was written with
 * `--show-secrets`. Nothing of that may be printed.
 *
 * @throws CliFailure when it is not one
 */
export function toStackExport(json: unknown, where: string): StackExport {
  if (!isStackExport(json))
    throw new CliFailure(`Could not read ${where}: it is not what 'pulumi stack export' writes.`);
  if (!VERSIONS.includes(Number(json.version))) {
    throw new CliFailure(`Could not read ${where}: its version is not one of ${VERSIONS.join(", ")}.`);
  }
  // A stack that was never up has a checkpoint without a deployment.
  const held = isObject(json.checkpoint) ? (json.checkpoint.latest ?? {}) : json.deployment;
  const parsed = v.safeParse(deployment, held);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue);
    throw new CliFailure(`Could not read ${where}: its deployment${path ? ` (${path})` : ""} is not as expected.`);
  }
  const { resources, pending_operations: pending } = parsed.output;
  const found = (resources ?? []).map(toStateResource);
  const names = parseUrn(found.find(({ urn }) => urn !== "")?.urn ?? "");
  return {
    stack: names?.stack,
    project: names?.project,
    resources: found,
    pendingOperations: (pending ?? []).map(({ resource: { urn }, type }) => ({ urn, kind: type })),
  };
}

function toStateResource(raw: v.InferOutput<typeof resource>): StateResource {
  const { urn, type, id, inputs = {}, outputs = {}, parent, provider } = raw;
  const flags = { isPendingDeletion: raw.delete === true, isRetained: raw.retainOnDelete === true };
  return { urn, type, id, inputs, outputs, parent, provider, ...flags };
}

/** Name of an explicit provider, from its urn and id; the engine's own are called default and, with a version, default_4_14_0. */
export function findProviderName(reference = ""): string | undefined {
  const { name } = parseUrn(reference.split("::").slice(0, -1).join("::")) ?? {};
  return name === undefined || /^default(_|$)/.test(name) ? undefined : name;
}
