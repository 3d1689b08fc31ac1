/** The settings as a run of the stack would find them: its configuration first, the environment after that. */
import {
  BASE_URL_VARIABLE,
  CONFIDENTIAL_SETTINGS,
  CONFIG_NAMESPACE,
  parseSettings,
  type Settings,
} from "pulumi-atlas-secrets/internal/settings";
import { CliFailure } from "../failure.js";
import { isObject, parseJson } from "../sources/json.js";
import type { CredentialKind, SettingsFacts } from "./facts.js";

/** What a stack's configuration holds of our settings, by name without the namespace. */
export type StackConfig = ReadonlyMap<string, { readonly value: string; readonly isSecret: boolean }>;

/** Settings to use, with what may be told of them. */
export interface FoundSettings {
  /** Absent when they cannot be used. */
  readonly settings?: Settings;
  readonly facts: SettingsFacts;
}

/** Names of the settings of each kind, in the configuration and in the environment; of alternatives the first. */
const PARTS: Readonly<Record<CredentialKind, { config: readonly string[]; env: readonly (readonly string[])[] }>> = {
  "access-token": { config: ["accessToken"], env: [["MONGODB_ATLAS_ACCESS_TOKEN"]] },
  "service-account": {
    config: ["clientId", "clientSecret"],
    env: [["MONGODB_ATLAS_CLIENT_ID"], ["MONGODB_ATLAS_CLIENT_SECRET"]],
  },
  "api-key": {
    config: ["publicKey", "privateKey"],
    env: [
      ["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"],
      ["MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"],
    ],
  },
};

/**
 * Takes our settings out of what `pulumi config --json --show-secrets` prints; everything else in it is dropped here.
 *
 * @throws CliFailure when it is something else
 */
export function parseStackConfig(text: string, stack: string): StackConfig {
  const where = `the configuration of stack ${stack}`;
  const json = parseJson(text, where);
  if (!isObject(json)) throw new CliFailure(`Could not read ${where}: it is not what 'pulumi config --json' writes.`);
  const prefix = `${CONFIG_NAMESPACE}:`;
  return new Map(
    Object.entries(json).flatMap(([key, entry]) => {
      if (!key.startsWith(prefix) || !isObject(entry) || typeof entry.value !== "string") return [];
      return [[key.slice(prefix.length), { value: entry.value, isSecret: entry.secret === true }] as const];
    }),
  );
}

/**
 * Finds the settings.
 *
 * @param stack whose configuration `config` is; absent when none was read
 */
export function findSettings(
  env: Readonly<Record<string, string | undefined>>,
  config: StackConfig = new Map(),
  stack?: string,
): FoundSettings {
  const read = (name: string) => config.get(name)?.value;
  let settings: Settings;
  try {
    settings = parseSettings({ config: read, env });
  } catch (error) {
    const { problems } = error as { problems?: readonly string[] };
    if (!problems) throw error;
    return { facts: { isUsable: false, problems } };
  }
  const { kind } = settings.credential;
  return {
    settings,
    facts: {
      isUsable: true,
      kind,
      credentialFrom: listCredentialNames(kind, read, env),
      baseUrl: settings.baseUrl,
      baseUrlFrom: findBaseUrlName(read, env),
      inPlaintext: CONFIDENTIAL_SETTINGS.filter((name) => config.get(name)?.isSecret === false).map(toKey),
      ...(stack !== undefined && { stack }),
    },
  };
}

type Read = (name: string) => string | undefined;

function listCredentialNames(
  kind: CredentialKind,
  read: Read,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const parts = PARTS[kind];
  if (parts.config.every((name) => read(name)?.trim())) return parts.config.map(toKey);
  return parts.env.map((names) => names.find((name) => env[name]?.trim()) ?? String(names[0]));
}

function findBaseUrlName(read: Read, env: Readonly<Record<string, string | undefined>>): string {
  if (read("baseUrl")?.trim()) return toKey("baseUrl");
  if (env[BASE_URL_VARIABLE]?.trim()) return BASE_URL_VARIABLE;
  return read("isMongodbgovCloud") === "true" ? toKey("isMongodbgovCloud") : "the default";
}

function toKey(name: string): string {
  return `${CONFIG_NAMESPACE}:${name}`;
}
