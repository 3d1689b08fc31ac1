/**
 * Reads states from Pulumi's backend, as the CLI is logged in to it: the Automation API finds the CLI and lists the stacks.
 * Its own export asks the CLI to decrypt every secret, so states are exported here, without.
 *
 * @see https://www.pulumi.com/docs/iac/automation-api/
 */
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { CliFailure } from "../failure.js";
import type { Surroundings } from "../surroundings.js";

const run = promisify(execFile);

/** The state of a large stack has tens of megabytes. */
const MAX_OUTPUT_BYTES = 1024 * 1024 * 1024;

/** What this package needs of a backend. */
export interface Backend {
  /** Names of all its stacks, whole: `organization/project/stack`. */
  listStacks(): Promise<string[]>;
  /** What `pulumi stack export` prints for a stack, secrets encrypted. */
  exportStack(stack: string): Promise<string>;
  /** What `pulumi config --json` prints for a stack of the project in this folder, secrets in clear: JSON with their values. */
  showConfig(stack: string): Promise<string>;
}

/**
 * Finds the CLI. Nothing of it is loaded before.
 *
 * @throws CliFailure when there is none that is recent enough
 */
export async function openBackend({ cwd, env }: Pick<Surroundings, "cwd" | "env">): Promise<Backend> {
  const { LocalWorkspace, PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  const pulumi = await PulumiCommand.get().catch(() => {
    throw new CliFailure("Could not read stacks: there is no Pulumi CLI on the PATH that is recent enough.");
  });
  const envVars = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const print = async (args: readonly string[], what: string) => {
    try {
      const options = { cwd, env: { ...envVars, PULUMI_SKIP_UPDATE_CHECK: "1" }, maxBuffer: MAX_OUTPUT_BYTES };
      return (await run(pulumi.command, args, options)).stdout;
    } catch (error) {
      throw toFailure(what, error);
    }
  };
  return {
    listStacks: async () => {
      try {
        const workspace = await LocalWorkspace.create({ pulumiCommand: pulumi, workDir: tmpdir(), envVars });
        return (await workspace.listStacks({ all: true })).map(({ name }) => name);
      } catch (error) {
        throw toFailure("list the stacks of the backend", error);
      }
    },
    exportStack: async (stack) => {
      const args = ["stack", "export", "--stack", stack, "--non-interactive", "--color", "never"];
      return print(args, `export stack ${stack}`);
    },
    showConfig: async (stack) => {
      const args = ["config", "--json", "--show-secrets", "--stack", stack, "--non-interactive", "--color", "never"];
      return print(args, `read the configuration of stack ${stack}`);
    },
  };
}

/** The CLI's own words: its line `error: ...`. What else it prints may be long, and may be a state. */
function toFailure(what: string, error: unknown): CliFailure {
  const { stderr, message } = error as { stderr?: unknown; message?: unknown };
  const text = typeof stderr === "string" && stderr !== "" ? stderr : String(message);
  const [, said] = /^\s*error:\s*(.+)$/m.exec(text) ?? [];
  const words = said?.trim().replace(/\.$/, "") ?? "the Pulumi CLI failed without a message";
  return new CliFailure(`Could not ${what}: ${words}.`);
}
