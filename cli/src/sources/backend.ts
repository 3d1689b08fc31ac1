/**
 * Reads states from Pulumi's backend, as the CLI is logged in to it. The CLI is a process: the Automation API brings 84 MB, and its
 * export makes the CLI decrypt every secret.
 *
 * @see https://www.pulumi.com/docs/iac/cli/commands/
 */
import { execFile } from "node:child_process";
import { promisify, stripVTControlCharacters } from "node:util";
import * as v from "valibot";
import type { Environment } from "../environment.js";
import { CliFailure } from "../failure.js";
import { findJson, parseJson } from "./json.js";

const run = promisify(execFile);

/** The state of a large stack has tens of megabytes. */
const MAX_OUTPUT_BYTES = 1024 * 1024 * 1024;

/** One JSON value where JSON is asked for, and no word about a newer CLI. */
const PLAIN_OUTPUT = { PULUMI_SKIP_UPDATE_CHECK: "1", PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false" };

const stacks = v.array(v.object({ name: v.string() }));

const NO_CLI = "Could not read stacks: the Pulumi CLI is not on the PATH.";

/** What this package needs of a backend. */
export interface Backend {
  /** Names of all its stacks, whole: `organization/project/stack`. */
  listStacks(): Promise<string[]>;
  /** The whole name of a stack, which a user may shorten in the folder of its project. */
  fetchFullName(stack: string): Promise<string>;
  /** What `pulumi stack export` prints for a stack, secrets encrypted. */
  exportStack(stack: string): Promise<string>;
  /** What `pulumi config --json` prints for a stack of the project in this folder, secrets in plaintext: JSON with their values. */
  showConfig(stack: string): Promise<string>;
  /** What `pulumi preview --json` prints for a stack of the project in this folder, unchanged resources too; it runs the program. */
  previewStack(stack: string): Promise<string>;
}

/**
 * Finds the CLI.
 *
 * @throws CliFailure when there is none
 */
export async function openBackend({ cwd, env }: Pick<Environment, "cwd" | "env">): Promise<Backend> {
  const fetchText = async (what: string, args: readonly string[]): Promise<string> => {
    const flags = ["--non-interactive", "--color", "never", "--fully-qualify-stack-names"];
    const options = { cwd, env: { ...env, ...PLAIN_OUTPUT }, maxBuffer: MAX_OUTPUT_BYTES };
    try {
      return (await run("pulumi", [...args, ...flags], options)).stdout;
    } catch (error) {
      throw toFailure(what, error);
    }
  };
  await fetchText("start the Pulumi CLI", ["version"]);
  return {
    listStacks: async () => {
      const what = "list the stacks of the backend";
      const listed = v.safeParse(
        stacks,
        parseJson(await fetchText(what, ["stack", "ls", "--all", "--json"]), "the list of stacks"),
      );
      if (!listed.success) throw new CliFailure(`Could not ${what}: the list is not as expected.`);
      return listed.output.map(({ name }) => name);
    },
    fetchFullName: async (stack) =>
      stack.split("/").length === 3
        ? stack
        : (await fetchText(`find stack ${stack}`, ["stack", "--show-name", "--stack", stack])).trim(),
    exportStack: (stack) => fetchText(`export stack ${stack}`, ["stack", "export", "--stack", stack]),
    showConfig: (stack) =>
      fetchText(`read the configuration of stack ${stack}`, ["config", "--json", "--show-secrets", "--stack", stack]),
    previewStack: (stack) =>
      fetchText(`preview stack ${stack}`, ["preview", "--json", "--show-sames", "--stack", stack]),
  };
}

/** The CLI's own words: its line `error: ...`, or how an error of a preview begins. What else it prints may be long, and may be a state. */
function toFailure(what: string, error: unknown): CliFailure {
  const { stdout, stderr, message } = error as { stdout?: unknown; stderr?: unknown; message?: unknown };
  if (/\bENOENT\b/.test(String(message))) return new CliFailure(NO_CLI);
  const text = typeof stderr === "string" && stderr !== "" ? stderr : String(message);
  const said = /^\s*error:\s*(.+)$/m.exec(text)?.[1] ?? findDiagnostic(stdout);
  const words = said?.trim().replace(/[.:]$/, "") ?? "the Pulumi CLI failed without a message";
  return new CliFailure(`Could not ${what}: ${words}.`);
}

const diagnosed = v.object({ diagnostics: v.array(v.object({ message: v.string(), severity: v.string() })) });

/** The first line alone: the rest is what the program said. */
function findDiagnostic(stdout: unknown): string | undefined {
  const found = v.safeParse(diagnosed, typeof stdout === "string" ? findJson(stdout) : undefined);
  const error = found.success ? found.output.diagnostics.find(({ severity }) => severity === "error") : undefined;
  return (
    error &&
    stripVTControlCharacters(error.message)
      .split("\n")
      .find((line) => line.trim() !== "")
  );
}
