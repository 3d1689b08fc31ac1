/**
 * What a state of Terraform or OpenTofu holds of a secret: the attributes of the same resource as that of `@pulumi/mongodbatlas`,
 * whose names are written otherwise, and in plaintext.
 *
 * @see https://registry.terraform.io/providers/mongodb/mongodbatlas/latest/docs/resources/project_service_account_secret
 */
import type { Properties } from "../protocol.js";
import { readState, type StateReading } from "./read-state.js";

const TYPES: Readonly<Record<string, string>> = {
  mongodbatlas_project_service_account_secret:
    "mongodbatlas:index/projectServiceAccountSecret:ProjectServiceAccountSecret",
  mongodbatlas_service_account_secret: "mongodbatlas:index/serviceAccountSecret:ServiceAccountSecret",
};

/** Reads the attributes of a resource; `undefined` when its type is none of a secret of a service account. */
export function readTerraformState(type: string, attributes: Properties): StateReading | undefined {
  const own = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (own === undefined) return undefined;
  const named = Object.entries(attributes).map(([name, value]) => [name.replace(/_([a-z])/g, toUpper), value]);
  return readState({ type: own, inputs: {}, outputs: Object.fromEntries(named) as Properties });
}

function toUpper(_match: string, letter: string): string {
  return letter.toUpperCase();
}
