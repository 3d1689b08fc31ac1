/** What one run of the CLI left, for files in which many accounts go through their lives in the same runs. */
import type { RequestRecord } from "pulumi-atlas-secrets-simulator";
import { toOperations, type World } from "./atlas.js";
import type { CliResult, ExportedResource, PulumiStack } from "./pulumi-stack.js";

/** A run as one account saw it, and what the state holds under the account's name after it. */
export interface AccountOutcome {
  readonly clientId: string;
  readonly requests: readonly RequestRecord[];
  readonly operations: readonly string[];
  /** Ids of the secrets on the server, oldest first. */
  readonly held: readonly string[];
  /** Outputs in clear, without those that wait for deletion. */
  readonly recorded: Readonly<Record<string, unknown>> | undefined;
  /** All of that name, with those that wait for deletion. */
  readonly resources: readonly ExportedResource[];
}

export interface Outcome {
  readonly code: number;
  readonly text: string;
  /** Those of the run, oldest first. */
  readonly requests: readonly RequestRecord[];
  of(name: string): AccountOutcome;
}

/** Runs the stack and looks at all that this left. */
export async function observe(world: World, run: () => Promise<CliResult>, stack = world.stack): Promise<Outcome> {
  const [outcome] = await observeAll(world, [[stack, run]]);
  return outcome;
}

/** A stack, and what is run with it. */
type Run = readonly [PulumiStack, () => Promise<CliResult>];

/** The same of several stacks, all at once: most of a run that verifies in vain is waiting. What is sent is told apart by its account alone. */
export async function observeAll<const Runs extends readonly Run[]>(
  world: World,
  runs: Runs,
): Promise<{ -readonly [Index in keyof Runs]: Outcome }> {
  await world.takeRequests();
  const results = await Promise.all(runs.map(([, run]) => run()));
  const requests = await world.takeRequests();
  const { accounts } = await world.atlas.inventory();
  const all = await Promise.all(runs.map(([stack]) => stack.secrets()));
  const outcomes = results.map(({ code, text }, index): Outcome => {
    const of = (name: string) => {
      const clientId = world.clientIdOf(name);
      const resources = (all[index] ?? []).filter(({ urn }) => urn.endsWith(`::${name}`));
      const sent = requests.filter((request) => request.clientId === clientId);
      return {
        clientId,
        requests: sent,
        operations: toOperations(sent),
        held: accounts.find((account) => account.clientId === clientId)?.secrets.map(({ id }) => id) ?? [],
        recorded: resources.find((resource) => resource.delete !== true)?.outputs,
        resources,
      };
    };
    return { code, text, requests, of };
  });
  return outcomes as { -readonly [Index in keyof Runs]: Outcome };
}

/** A stack of its own with the secrets of these names, and with their consumers. */
export function forkWith(stack: PulumiStack, names: readonly string[]): PulumiStack {
  return stack.fork(({ type, urn }) => {
    const name = urn
      .split("::")
      .at(-1)
      ?.replace(/-consumer$/, "");
    return type.startsWith("pulumi:") || names.includes(String(name));
  });
}
