/** The recorded states of the peers, and what the server knew of their secrets. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "../fixtures");

/** A secret as the server knew it, with its value. */
export interface ServerSecret {
  readonly groupId: string;
  readonly clientId: string;
  readonly id: string;
  readonly secret: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** The outline of the recorded stack export. */
export interface RecordedExport {
  readonly version: number;
  readonly deployment: { readonly resources: readonly RecordedResource[] } & Readonly<Record<string, unknown>>;
}

/** One resource of it. */
export type RecordedResource = Readonly<Record<string, unknown>> & {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
};

/** Paths of the recorded files. */
export const STACK_EXPORT = join(FOLDER, "mongodbatlas-stack-export.json");
export const TERRAFORM_STATE = join(FOLDER, "terraform.tfstate");

/** When the recorded secrets were an hour old. */
export const RECORDED_MS = Date.parse("2026-11-23T22:46:31Z");

export const STACK_SECRETS = parse<readonly [ServerSecret, ServerSecret, ServerSecret]>("server-secrets.json");
export const TERRAFORM_SECRETS = parse<readonly [ServerSecret, ServerSecret, ServerSecret]>(
  "terraform-server-secrets.json",
);

/** Everything that no output may hold. */
export const CANARIES: Readonly<Record<string, string>> = Object.fromEntries(
  [...STACK_SECRETS, ...TERRAFORM_SECRETS].map(({ id, secret }) => [id, secret]),
);

/** The recorded export, its resources changed one by one; the last argument adds some. */
export function changeExport(
  change: (resource: RecordedResource) => RecordedResource,
  more: readonly RecordedResource[] = [],
): string {
  const recorded = parse<RecordedExport>("mongodbatlas-stack-export.json");
  const resources = [...recorded.deployment.resources.map(change), ...more];
  return JSON.stringify({ ...recorded, deployment: { ...recorded.deployment, resources } });
}

/** Whether it is one of the recorded secrets' resources, by its name. */
export function isNamed({ urn }: RecordedResource, name: string): boolean {
  return urn.endsWith(`::${name}`);
}

function parse<T>(name: string): T {
  return JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as T;
}
