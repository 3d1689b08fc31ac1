/** Brings a run to its points, kills it there, and recovers from that as the guide says. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { untilFound } from "../../helpers/poll.js";
import { fetchDescendants, killNow } from "../../helpers/processes.js";
import type { CliResult, PulumiStack, TestProgram } from "../../helpers/pulumi-stack.js";
import type { CrashRun } from "./points.js";
import type { Place, Scene } from "./site.js";

/** What a killed run left behind. */
export interface Killed {
  readonly result: CliResult;
  /** The requests that were under way, as method and path, sorted. */
  readonly inFlight: readonly string[];
  /** What was served of the killed run after the kill, as of now, in the same form. */
  readonly sentAfter: () => readonly string[];
}

/** How a stack was recovered. */
export interface Recovery {
  /** Every command that a place needed, in order, as a person would type it. */
  readonly commands: ReadonlyMap<Place, readonly string[]>;
  /** All that they printed. */
  readonly text: string;
  /** Places where the first run did not complete. */
  readonly stopped: ReadonlySet<Place>;
  /** What a run said while the killed one's lock was there, if it was the CLI. */
  readonly locked?: CliResult;
  /** The last run, and its program. */
  readonly last: CliResult;
  readonly program: TestProgram;
}

const ATLAS_SECRETS = join(__dirname, "../../../cli/bin/atlas-secrets.cjs");

/** A secret of this age is recorded by the run that made it, or by none. */
const UNRECORDED_MS = 10 * 60_000 + 1_000;

/** Long enough for an orphan to send its next request, if it would. */
const ORPHAN_STEP_MS = 300;

/** More than the engine's default, so that every place of a scene is reached. */
const AT_ONCE = "--parallel=32";

/** Runs the scene's program and kills it at all its points; resolves when the CLI has ended and all waits have passed. */
export async function killRun(scene: Scene, { victim }: CrashRun): Promise<Killed> {
  const { atlas, places, signers, stack, traffic, waits } = scene;
  const planned = places.flatMap(({ crashCase, clientId }) => crashCase.faults(signers.killed.clientId, clientId));
  // The mint of the run's own token is one for all accounts.
  const faults = [...new Map(planned.map((fault) => [JSON.stringify(fault), fault])).values()];
  for (const fault of faults) await atlas.addFault(fault);
  scene.signInAs(signers.killed);
  const run = stack.startUp(scene.program(), AT_ONCE);
  let early: CliResult | undefined;
  const ended = run.ended.then((result) => {
    early = result;
    return result;
  });
  const waitsMs = places.flatMap(({ crashCase: { waitMs } }) => (waitMs === undefined ? [] : [waitMs]));
  const clientIds = [signers.killed.clientId, ...places.map(({ clientId }) => clientId)];
  const inFlight = await untilFound(async () => {
    if (early) throw new Error(`the run ended before it was there: ${early.text}`);
    const held = (await atlas.held()).filter(({ clientId = "" }) => clientIds.includes(clientId));
    const isThere = held.length + waitsMs.length === faults.length && waitsMs.every((ms) => waits.hasBegun(ms));
    return isThere && countNotes(stack) === places.length ? held : undefined;
  }).catch((error: unknown) => {
    // What it holds would keep it going.
    if (run.pid !== undefined) killNow(run.pid);
    throw error;
  });
  const processes = await fetchDescendants(run.pid ?? 0);
  scene.processes.push(...processes);
  const provider = processes.find(({ args }) => /\bdynamic-provider\S* 127\.0\.0\.1:\d+/.test(args));
  const victimPid = victim === "cli" ? run.pid : provider?.pid;
  if (victimPid === undefined) throw new Error("there is no process to kill");
  const since = traffic.sent.length;
  killNow(victimPid);
  // Only then its sockets are closed, and an orphan can see that.
  const result = await ended;
  for (const clientId of clientIds) {
    // An orphan ends when it writes to the engine, which is gone: what one answer makes it send is to be seen before that.
    const released = await atlas.releaseHeld({ clientId });
    if (released > 0 && victim === "cli") await sleep(ORPHAN_STEP_MS);
  }
  waits.release();
  if (victim === "cli") for (const ms of waitsMs) await waits.untilPassed(ms);
  return {
    result,
    inFlight: inFlight.map(({ method, path }) => `${method} ${path}`).sort(),
    sentAfter: () =>
      traffic
        .sentBy(signers.killed.clientId, since)
        .map(({ method, target }) => `${method} ${target}`)
        .sort(),
  };
}

/**
 * How many operations under way the engine has noted: one for each place that has begun. Where one mint is held for all accounts,
 * some may not have begun; and a CLI that is killed while it writes a note leaves half a file.
 */
function countNotes(stack: PulumiStack): number | undefined {
  try {
    return stack.storedState().pending_operations?.length ?? 0;
  } catch {
    return undefined;
  }
}

/** Follows the guide 'After a crash', and what the messages say. */
export async function recover(scene: Scene, { victim }: CrashRun): Promise<Recovery> {
  const { places, signers, stack } = scene;
  scene.signInAs(signers.recovery);
  const exclusive = new Set(places.filter(({ crashCase }) => crashCase.wayOut === "exclusive from the start"));
  const toProgram = () => scene.program((place) => (exclusive.has(place) ? { exclusive: true } : {}));
  const commands = new Map<Place, string[]>(places.map((place) => [place, []]));
  const texts: string[] = [];
  const run = async (command: string, work: () => Promise<CliResult>) => {
    for (const own of commands.values()) own.push(command);
    const result = await work();
    texts.push(result.text);
    return result;
  };
  const locked = victim === "cli" ? { locked: await stack.up(toProgram()) } : {};
  if (victim === "cli") await run("pulumi cancel -y", () => stack.run(["cancel", "-y", "--stack", "test"]));
  let last = await run("pulumi up --refresh --yes --continue-on-error", () =>
    stack.up(toProgram(), "--refresh", "--continue-on-error"),
  );
  const { text } = last;
  const stopped = new Set(places.filter(({ name }) => new RegExp(`${name} .*\\w+ failed\\b`).test(text)));
  if (last.code !== 0) {
    for (const place of stopped) {
      const advice = parseAdvice(text, place.clientId);
      if (!advice) throw new Error(`no way out is named: ${text}`);
      const isRemoved = place.crashCase.wayOut === "remove";
      if (isRemoved) texts.push(await removeAsTold(scene, advice));
      else exclusive.add(place);
      commands.get(place)?.push(isRemoved ? advice.command : "(with exclusive in the program)");
    }
    last = await run("pulumi up --yes", () => stack.up(toProgram()));
  }
  return { ...locked, commands, text: texts.join("\n"), stopped, last, program: toProgram() };
}

interface Advice {
  /** The command of the message, as a person would type it. */
  readonly command: string;
}

/** The way out that the message of a full account names for what is untracked; nothing if there is none for that account. */
function parseAdvice(text: string, clientId: string): Advice | undefined {
  const way = new RegExp(`'(atlas-secrets remove [0-9a-f]+/${clientId}/[0-9a-f]+ --all-stacks)' reads every state`);
  const [, command] = way.exec(text.replaceAll(/\s+/g, " ")) ?? [];
  return command === undefined ? undefined : { command };
}

/** Runs the command when it is no longer refused for the secret's age; resolves with what it printed. */
async function removeAsTold({ atlas, stack }: Scene, { command }: Advice): Promise<string> {
  await atlas.advance(UNRECORDED_MS);
  const [, ...args] = command.split(" ");
  const { code, text } = await stack.shell(["node", `'${ATLAS_SECRETS}'`, ...args, "--yes"].join(" "));
  if (code !== 0) throw new Error(`the command of the message failed: ${text}`);
  return text;
}

/** Whether somebody who holds the value can sign in as the account. */
export async function canSignIn({ atlas }: Scene, clientId: string, value: unknown): Promise<boolean> {
  const answer = await fetch(`${atlas.url}/api/oauth/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${String(value)}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
  return answer.ok;
}
