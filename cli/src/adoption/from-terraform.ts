/**
 * Finds the secrets in a state of Terraform or OpenTofu, which holds their values in plaintext.
 *
 * @see https://developer.hashicorp.com/terraform/language/state
 */
import { readTerraformState } from "pulumi-atlas-secrets/records";
import * as v from "valibot";
import { CliFailure } from "../failure.js";
import { isObject, parseJson } from "../sources/json.js";
import { type FoundSecret, toFound } from "./found-secret.js";

/** The version of the format since Terraform 0.12. */
const VERSION = 4;

const instance = v.looseObject({
  index_key: v.optional(v.union([v.string(), v.number()])),
  /** Of an object that only waits for its deletion. */
  deposed: v.optional(v.string()),
  attributes: v.record(v.string(), v.unknown()),
});

const resources = v.array(
  v.looseObject({
    module: v.optional(v.string()),
    mode: v.string(),
    type: v.string(),
    name: v.string(),
    instances: v.array(v.looseObject({})),
  }),
);

type Resource = v.InferOutput<typeof resources>[number];

/**
 * Lists the secrets that the state records.
 *
 * @param where names the source, for messages
 * @throws CliFailure when it is not such a state, or does not hold a secret as it must be
 */
export function parseTerraformSecrets(text: string, where: string): FoundSecret[] {
  const json = parseJson(text, where);
  if (!isObject(json) || !("terraform_version" in json)) {
    throw new CliFailure(
      `Could not read ${where}: it is not a state of Terraform, as 'terraform state pull' writes it.`,
    );
  }
  if (json.version !== VERSION) throw new CliFailure(`Could not read ${where}: its version is not ${VERSION}.`);
  const parsed = v.safeParse(resources, json.resources);
  if (!parsed.success) throw new CliFailure(`Could not read ${where}: its resources are not as expected.`);
  return parsed.output
    .filter(({ mode, type }) => mode === "managed" && readTerraformState(type, {}))
    .flatMap((resource) => resource.instances.flatMap((one) => toSecret(resource, one, where) ?? []));
}

function toSecret(resource: Resource, given: unknown, where: string): FoundSecret | undefined {
  const { type, name, module } = resource;
  const prefix = module === undefined ? "" : `${module}.`;
  const parsed = v.safeParse(instance, given);
  if (!parsed.success) throw new CliFailure(`Could not read ${where}: ${prefix}${type}.${name} is not as expected.`);
  const { attributes, index_key: key, deposed } = parsed.output;
  const reading = readTerraformState(type, attributes);
  if (deposed !== undefined || !reading) return undefined;
  const index = key === undefined ? "" : `[${JSON.stringify(key)}]`;
  const address = `${prefix}${type}.${name}${index}`;
  const found = { name: toResourceName(module, name, key), origin: { kind: "terraform", address } } as const;
  return toFound(reading, { ...found, what: `${address} in ${where}`, advice: "'terraform refresh' may help" });
}

/** `module.a.module.b`, `s` and the key 0: `a-b-s-0`. */
function toResourceName(module: string | undefined, name: string, key: string | number | undefined): string {
  const modules = (module ?? "").split(/(?:^|\.)module\./).filter((part) => part !== "");
  return [...modules, name, ...(key === undefined ? [] : [String(key)])]
    .join("-")
    .replace(/[^\w.-]+/g, "-")
    .replace(/-+$/, "");
}
