/** The settings as a run of the stack would find them: its configuration first, the environment after that. */
import {
  CONFIDENTIAL_SETTINGS,
  CONFIG_NAMESPACE,
  type ParsedSettings,
  parseSettings,
} from "pulumi-atlas-secrets/internal/settings";
import { CliFailure } from "../failure.js";
import { isObject, parseJson } from "../sources/json.js";
import type { SettingsFacts } from "./facts.js";

/** What a stack's configuration holds of our settings, by name without the namespace. */
export type StackConfig = ReadonlyMap<string, { readonly value: string; readonly isSecret: boolean }>;

/** Settings to use, with what may be told of them. */
export interface FoundSettings {
  /** Absent when they cannot be used. */
  readonly settings?: ParsedSettings;
  readonly facts: SettingsFacts;
}

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
  let settings: ParsedSettings;
  try {
    settings = parseSettings({ config: read, env });
  } catch (error) {
    const { problems } = error as { problems?: readonly string[] };
    if (!problems) throw error;
    return { facts: { isUsable: false, problems } };
  }
  const { baseUrl, baseUrlFrom, credentialFrom } = settings;
  return {
    settings,
    facts: {
      isUsable: true,
      kind: settings.credential.kind,
      credentialFrom,
      baseUrl,
      baseUrlFrom,
      inPlaintext: CONFIDENTIAL_SETTINGS.filter((name) => config.get(name)?.isSecret === false).map(toKey),
      ...(stack !== undefined && { stack }),
    },
  };
}

function toKey(name: string): string {
  return `${CONFIG_NAMESPACE}:${name}`;
}
