/** The JSON schemas that the command line publishes. */
import { readFileSync } from "node:fs";
import Ajv2020, { type ErrorObject } from "ajv/dist/2020";
import addFormats from "ajv-formats";

/** Names of the schemas. */
export type SchemaName = "audit-report" | "plan-calendar" | "doctor-report";

/** A published schema as it is installed. */
export function readSchema(name: SchemaName): Record<string, unknown> {
  const path = require.resolve(`pulumi-atlas-secrets-cli/${name}.schema.json`);
  return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
}

/** Says how a value differs from a published schema. */
export function createSchemaCheck(name: SchemaName): (value: unknown) => readonly ErrorObject[] {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
  addFormats(ajv);
  const validate = ajv.compile(readSchema(name));
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
}

/** The same for one value. */
export function findSchemaErrors(name: SchemaName, value: unknown): readonly ErrorObject[] {
  return createSchemaCheck(name)(value);
}
