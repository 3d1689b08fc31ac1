/**
 * What a state of Terraform or OpenTofu holds, as `@pulumi/mongodbatlas` would record it: that is a bridge over the same provider,
 * whose names it writes otherwise.
 *
 * @see https://registry.terraform.io/providers/mongodb/mongodbatlas/latest/docs/resources/project_service_account_secret
 */
import type { Properties } from "../protocol.js";
import type { StateResource } from "./read-state.js";

/** The resource of `@pulumi/mongodbatlas` with these attributes; of an unknown type when that is none of its own. */
export function toPeerResource(terraformType: string, attributes: Properties): StateResource {
  const className = toCamelCase(terraformType.replace(/^mongodbatlas/, ""));
  const module = className.charAt(0).toLowerCase() + className.slice(1);
  return { type: `mongodbatlas:index/${module}:${className}`, inputs: {}, outputs: withCamelCase(attributes) };
}

function withCamelCase(attributes: object): Properties {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [toCamelCase(name), toCamelValue(value)]),
  );
}

function toCamelValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCamelValue);
  return typeof value === "object" && value !== null ? withCamelCase(value) : value;
}

function toCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
