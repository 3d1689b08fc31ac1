/**
 * Finds the secrets in a state of Terraform or OpenTofu, which holds their values in plaintext.
 *
 * @see https://developer.hashicorp.com/terraform/language/state
 */
import { toPeerResource } from "pulumi-atlas-secrets/records";
import * as v from "valibot";
import { CliFailure } from "../failure.js";
import { isObject, type JsonObject } from "../sources/json.js";
import { type Candidate, toCandidates } from "./found-secret.js";

/** The version of the format since Terraform 0.12. */
const VERSION = 4;

const resources = v.array(
  v.looseObject({
    module: v.optional(v.string()),
    mode: v.string(),
    type: v.string(),
    name: v.string(),
    provider: v.optional(v.string()),
    instances: v.array(
      v.looseObject({
        index_key: v.optional(v.union([v.string(), v.number()])),
        status: v.optional(v.string()),
        /** Of an object that only waits for its deletion. */
        deposed: v.optional(v.string()),
        attributes: v.optional(v.record(v.string(), v.unknown())),
      }),
    ),
  }),
);

/** Resources that hold secrets: their own one, or the list of a service account. */
const TYPES = /^mongodbatlas_(project_)?service_account(_secret)?$/;

/** Whether it is a state of Terraform or OpenTofu, as `terraform state pull` writes it. */
export function isTerraformState(json: unknown): json is JsonObject & { readonly terraform_version: string } {
  return isObject(json) && typeof json.terraform_version === "string";
}

/**
 * Lists the secrets that the state records, also those that it lists of a service account.
 *
 * @param where names the source, for messages
 * @throws CliFailure when it is not such a state
 */
export function parseTerraformSecrets(json: unknown, where: string): Candidate[] {
  if (!isTerraformState(json))
    throw new CliFailure(`Could not read ${where}: it is not a state of Terraform or OpenTofu.`);
  if (json.version !== VERSION) throw new CliFailure(`Could not read ${where}: its version is not ${VERSION}.`);
  const parsed = v.safeParse(resources, json.resources);
  if (!parsed.success) throw new CliFailure(`Could not read ${where}: its resources are not as expected.`);
  const [major = 0, minor = 0] = json.terraform_version.split(".").map(Number);
  const instances = parsed.output
    .filter(({ mode, type }) => mode === "managed" && TYPES.test(type))
    .flatMap((resource) => resource.instances.map((instance) => ({ ...resource, ...instance })))
    .filter(({ deposed }) => deposed === undefined)
    .map((one) => ({ ...one, address: toAddress(one), block: withoutKeys(toAddress(one)) }));
  return withOwnNames(
    instances.flatMap((one) => {
      const { type, provider = "", attributes = {}, status, address, block } = one;
      const command = provider.includes("registry.opentofu.org") ? "tofu" : "terraform";
      return toCandidates(toPeerResource(type, attributes), {
        name: toResourceName(one),
        origin: {
          kind: "terraform",
          ...{ address, block, command, release: major * 100 + minor },
          instances: instances.filter((other) => other.block === block).length,
        },
        what: `${address} in ${where}`,
        remarks: status === "tainted" ? [`${address} is tainted: ${TAINTED}`] : [],
        advice: `'${command} refresh' may help`,
      });
    }),
  );
}

const TAINTED = "an apply of the old configuration deletes this secret and makes another. Adopted, it stays.";

interface Named {
  readonly module?: string | undefined;
  readonly type: string;
  readonly name: string;
  readonly index_key?: string | number | undefined;
}

/** As the commands print and take it: of a key, what begins a template is doubled, and what cannot be printed is escaped. */
function toAddress({ module, type, name, index_key: key }: Named): string {
  const quoted = JSON.stringify(key)
    ?.replace(/[$%](?=\{)/g, "$&$&")
    .replace(/\p{C}/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `${module === undefined ? "" : `${module}.`}${type}.${name}${quoted === undefined ? "" : `[${quoted}]`}`;
}

function withoutKeys(address: string): string {
  return address.replace(/\[(\d+|"([^"\\]|\\.)*")\]/g, "");
}

/** `module.a.module.b`, `s` and the key `eu/west`: `a-b-s-eu-west`. Letters and digits of every script stay. */
function toResourceName({ module = "", name, index_key: key }: Named): string {
  const modules = module.split(/(?:^|\.)module\./);
  return [...modules, name, key ?? ""]
    .join("-")
    .replace(/[^\p{L}\p{M}\p{N}_.]+/gu, "-")
    .replace(/^-|-$/g, "");
}

/** Different names, in the order of the state: where two would be the same, later ones are numbered. */
function withOwnNames(candidates: readonly Candidate[]): Candidate[] {
  const wanted = new Set(candidates.map(({ name }) => name));
  const taken = new Set<string>();
  return candidates.map((candidate) => {
    let { name } = candidate;
    for (let number = 2; taken.has(name); number++) {
      const numbered = `${candidate.name}-${number}`;
      if (!wanted.has(numbered)) name = numbered;
    }
    taken.add(name);
    return { ...candidate, name };
  });
}
