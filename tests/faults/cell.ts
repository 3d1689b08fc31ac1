/**
 * One cell of the fault matrix: a run with one request amiss, then runs without faults until everything is as declared. What
 * 'everything' means is judged from the server, the state and the lines shown, not from what the provider thinks.
 */
import type { Switches } from "pulumi-atlas-secrets-simulator";
import type { RunResult } from "../model/model-stack.js";
import { findOffers } from "../model/offers.js";
import { followRemoveCommands } from "../model/remove-command.js";
import { type Call, run } from "./points.js";
import type { NamedFault } from "./wire-faults.js";
import { createFaultWorld, type FaultWorld } from "./world.js";

/** How many runs without faults may be needed. */
export const FURTHER_RUNS = 2;

/** Nobody starts the next run at once; what Atlas shows late shows by then. */
const BETWEEN_RUNS_MS = 10_000;

/** What became of a cell. */
export interface CellResult {
  /** Runs after the one with the fault until all was as declared; or it needed what a message told to do. */
  readonly end: number | "stops, named" | "stuck";
  /** What was not as declared at the end. */
  readonly open: readonly string[];
  readonly breaches: readonly string[];
  /** What did not agree with the API's description. */
  readonly problems: readonly string[];
  /** How many requests the fault met. */
  readonly met: number;
  /** Messages and lines of all runs. */
  readonly texts: readonly string[];
}

/** Options of `runCell`. */
export interface CellOptions {
  readonly kind: "local" | "http";
  readonly isPersistent: boolean;
  readonly switches?: Partial<Switches>;
}

export async function runCell(call: Call, fault: NamedFault, options: CellOptions): Promise<CellResult> {
  const world = await createFaultWorld(options.kind, options.switches, call.situation);
  try {
    return await runIn(world, call, fault, options);
  } finally {
    await world.close();
  }
}

async function runIn(
  world: FaultWorld,
  call: Call,
  fault: NamedFault,
  { isPersistent }: CellOptions,
): Promise<CellResult> {
  const { situation } = call;
  const { ledger, way, atlas } = world;
  await situation.prepare(world);
  const point = call.toPoint(world);
  way.script(point, fault.toFault(point.operation), isPersistent);
  const texts: string[] = [];
  const broken: string[] = [];
  const runNow = async () => {
    const before = world.stack.recordedIds();
    const result = await run(situation, world);
    texts.push(...result.errors, ...result.lines);
    const recorded = new Set([...before, ...world.stack.recordedIds()]);
    for (const text of [...result.errors, ...result.lines])
      for (const id of findOffers(text))
        if (recorded.has(id)) broken.push(`a text offers ${id}, which is recorded: ${text}`);
    // Whoever reads it at any time can use it.
    if (situation.isRotating && situation.command !== "destroy" && world.outputs().secret !== undefined) {
      if (!(await world.authenticates())) broken.push("after a run the current secret does not work");
    }
    await atlas.clock.sleep(BETWEEN_RUNS_MS);
    return result;
  };
  let last = await runNow();
  const met = way.clear();
  let open = await findOpen(world, call, last, texts);
  let further = 0;
  for (; open.length > 0 && further < FURTHER_RUNS; further++) {
    last = await runNow();
    open = await findOpen(world, call, last, texts);
  }
  let end: CellResult["end"] = open.length === 0 ? further : "stuck";
  if (end === "stuck" && (await followAdvice(world, last))) {
    last = await runNow();
    open = await findOpen(world, call, last, texts);
    if (open.length === 0) end = "stops, named";
  }
  if (end !== "stuck") open = await findRestless(world, call, open);
  const breaches = [...ledger.breaches, ...broken];
  return { end, open, breaches, problems: atlas.contract.problems, met, texts };
}

/** What is not as the program declares it; empty when the work is done. */
async function findOpen(
  world: FaultWorld,
  { situation }: Call,
  { outcome, errors }: RunResult,
  texts: readonly string[],
): Promise<string[]> {
  const { stack, ledger, clientId } = world;
  const open: string[] = [];
  if (outcome !== "succeeded") open.push(`the last run ${outcome}: ${errors.join(" ")}`);
  if (stack.pendingDeletes.length > 0) open.push("a deletion is still to come");
  const held = await world.held();
  const recorded = stack.recordedIds();
  const shown = texts.join("\n");
  for (const { id } of held) {
    if (ledger.isOurs(id) && !recorded.has(id) && !shown.includes(id))
      open.push(`${id} is recorded and reported nowhere`);
  }
  const resource = stack.resources.get("main");
  if (situation.command === "destroy") return resource ? [...open, "the resource is still recorded"] : open;
  if (!resource) return [...open, `no secret of ${clientId} is recorded`];
  const { status, secretId } = world.outputs();
  if (status !== (situation.status ?? "active")) open.push(`the status is ${status}`);
  if (resource.initErrors.length > 0) open.push("a partial failure is recorded");
  const own = held.find(({ id }) => id === secretId);
  if (!own) open.push("the recorded secret is not on the server");
  else if (own.isExpired) open.push("the recorded secret has expired");
  if (!(await world.authenticates())) open.push("the recorded value does not authenticate");
  return open;
}

/** A further run must find nothing to do and ask for nothing. */
async function findRestless(world: FaultWorld, { situation }: Call, open: readonly string[]): Promise<string[]> {
  if (situation.command !== "up") return [...open];
  await world.atlas.control.resetLog();
  const { outcome, steps } = await run(situation, world);
  const requests = await world.atlas.control.requests();
  const isQuiet = outcome === "succeeded" && steps.length === 0 && requests.length === 0;
  return isQuiet ? [...open] : [...open, `a further run does ${steps.join(", ")} with ${requests.length} requests`];
}

/** Runs the command that a message tells a person to run; false when it tells none, or it refuses. */
async function followAdvice({ atlas, stack }: FaultWorld, { errors }: RunResult): Promise<boolean> {
  return (await followRemoveCommands(atlas, [stack], errors.join("\n"))) !== undefined;
}
