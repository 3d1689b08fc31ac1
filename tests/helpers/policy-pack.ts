/** The built policy pack, what the CLI says of its violations, and stacks that a test judges with it. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CliResult, DeclaredSecret, PulumiStack } from "./pulumi-stack.js";

/** The pack as a folder. */
export const PACK_FOLDER = resolve(__dirname, "../../policy");
/** The pack as an executable. */
export const PACK_PROGRAM = join(PACK_FOLDER, "bin/atlas-secrets-policy.cjs");

/** The folder of the program of these tests. */
export const POLICY_PROGRAM = resolve(__dirname, "../engine/policy-program");

const VIOLATION = /\[(mandatory|advisory)\](?: \[severity: \w+\])?\s+(\S+)\s+\((\S+): (\S+)\)/g;

/** The violations that a run of the CLI shows, as `level rule resource`, sorted. */
export function listViolations(text: string): string[] {
  const found = [...text.matchAll(VIOLATION)].map(([, level, rule, , name]) => `${level} ${rule} ${name}`);
  return [...new Set(found)].sort();
}

/** Flags that run the pack, with a configuration of its rules if one is given. */
export function usePack(stack: PulumiStack, config?: Readonly<Record<string, unknown>>): string[] {
  const flags = ["--policy-pack", PACK_PROGRAM];
  if (!config) return flags;
  const file = join(stack.folder, "policy-config.json");
  writeFileSync(file, JSON.stringify(config));
  return [...flags, "--policy-pack-config", file];
}

/** What the program of the policy tests declares. */
export interface PolicyProgram {
  /** `kind` is the name of the class, by default that of one secret of a project. */
  readonly secrets?: Readonly<Record<string, DeclaredSecret & { readonly kind?: string }>>;
  readonly doubles?: Readonly<Record<string, Partial<DeclaredSecret> & { readonly type: string }>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Runs a command of the CLI on a program. `up` includes its preview unless the flags skip it. */
export async function runProgram(
  stack: PulumiStack,
  command: "preview" | "up",
  program: PolicyProgram,
  flags: readonly string[],
): Promise<CliResult> {
  stack.setEnv({ PROGRAM: JSON.stringify(program) });
  const answers = command === "up" ? ["--yes"] : [];
  return stack.run([command, ...answers, "--stack", "test", "--non-interactive", "--color", "never", ...flags]);
}
