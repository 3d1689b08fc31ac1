/** Brings a run to a point, kills it there, and recovers from that as README says. */
import { untilFound } from "../../helpers/poll.js";
import { fetchDescendants, killNow } from "../../helpers/processes.js";
import type { CliResult } from "../../helpers/pulumi-stack.js";
import type { CrashCase, WayOut } from "./points.js";
import type { Changes, Scene } from "./site.js";

/** As many as any scene has accounts, all of which are to be at their points at the same time. */
const PARALLEL = 16;

/** What a killed run left behind. */
export interface Killed {
  readonly result: CliResult;
  /** The requests that were under way, as method and path, in alphabetical order. */
  readonly inFlight: readonly string[];
  /** What was served of the killed run after the kill, as of now: an orphan too must send nothing more. */
  readonly sentAfter: () => readonly string[];
}

/** How a stack was recovered. */
export interface Recovery {
  /** Every command, in order, as a person would type it. */
  readonly commands: readonly string[];
  /** All that they printed. */
  readonly text: string;
  /** The exit code of the last one. */
  readonly code: number;
}

/**
 * Runs the scene's program and kills it when each account is at the point of its case; resolves when the CLI has ended and all
 * waits have passed. The cases have one victim, and a wait has a run of its own.
 */
export async function killRun(scene: Scene, cases: readonly CrashCase[]): Promise<Killed> {
  const { atlas, clientIds, signers, stack, traffic, waits } = scene;
  const [{ victim, waitMs } = { victim: "provider" as const }] = cases;
  const scripted = cases.flatMap(({ faults }, index) => faults(signers.killed.clientId, clientIds[index] ?? ""));
  // The mint of the run itself is one for all accounts.
  const faults = [...new Map(scripted.map((fault) => [JSON.stringify(fault), fault])).values()];
  for (const fault of faults) await atlas.addFault(fault);
  scene.signInAs(signers.killed);
  const run = stack.startUp(scene.program(), "--parallel", String(PARALLEL));
  let early: CliResult | undefined;
  const ended = run.ended.then((result) => {
    early = result;
    return result;
  });
  const ours = [...clientIds, signers.killed.clientId];
  const inFlight = await untilFound(async () => {
    if (early) throw new Error(`the run ended before it was there: ${early.text}`);
    if (waitMs !== undefined) return waits.hasBegun(waitMs) ? [] : undefined;
    const held = (await atlas.held()).filter(({ clientId = "" }) => ours.includes(clientId));
    return held.length === faults.length ? held : undefined;
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
  for (const clientId of ours) await atlas.releaseHeld({ clientId });
  waits.release();
  if (victim === "cli" && waitMs !== undefined) await waits.untilPassed(waitMs);
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

/** Follows README, 'After a crash', and what the messages say; `settings` are in the program of every run. */
export async function recover(scene: Scene, cases: readonly CrashCase[], settings: Changes = {}): Promise<Recovery> {
  const { stack, signers, clientIds } = scene;
  scene.signInAs(signers.recovery);
  const commands: string[] = [];
  const texts: string[] = [];
  const run = async (command: string, work: () => Promise<CliResult>) => {
    commands.push(command);
    const result = await work();
    texts.push(result.text);
    return result;
  };
  if (cases[0]?.victim === "cli") await run("pulumi cancel -y", () => stack.run(["cancel", "-y", "--stack", "test"]));
  const flags = cases.length > 1 ? ["--refresh", "--continue-on-error"] : ["--refresh"];
  let { code, text } = await run(`pulumi up ${flags.join(" ")} --yes`, () =>
    stack.up(
      scene.program(() => settings),
      ...flags,
    ),
  );
  if (code !== 0) {
    const changes = new Map<string, Changes>();
    for (const [index, { wayOut }] of cases.entries()) {
      const clientId = clientIds[index] ?? "";
      const advice = parseAdvice(text, clientId);
      if (!advice) continue;
      if (wayOut === "command") {
        commands.push(advice.command.text);
        await deleteSecret(scene, advice.command);
      }
      const { mayRemove } = advice;
      changes.set(clientId, { command: {}, mayRemove: { mayRemove }, exclusive: { exclusive: true } }[wayOut]);
    }
    if (changes.size === 0) throw new Error(`no way out is named: ${text}`);
    const ways = cases.filter((_case, index) => changes.has(clientIds[index] ?? "")).map(({ wayOut }) => wayOut);
    ({ code } = await run(toUpCommand(ways), () =>
      stack.up(scene.program((clientId) => ({ ...settings, ...changes.get(clientId) }))),
    ));
  }
  return { commands, text: texts.join("\n"), code };
}

function toUpCommand(ways: readonly WayOut[]): string {
  const changes = ways.filter((way) => way !== "command");
  return changes.length === 0 ? "pulumi up --yes" : `pulumi up --yes (with ${changes.join(", ")})`;
}

interface DeleteCommand {
  readonly text: string;
  readonly groupId: string;
  readonly clientId: string;
  readonly secretId: string;
}

/** The ways out that the message of a full account names. */
function parseAdvice(
  text: string,
  clientId: string,
): { command: DeleteCommand; mayRemove: readonly string[] } | undefined {
  const toPattern = (id: string) =>
    `put mayRemove: \\["${id}"\\] into the resource \\(or exclusive: true, [^)]*\\) and run 'pulumi up'; or run ` +
    `'(?<command>atlas api serviceAccounts deleteGroupSecret --groupId (?<groupId>\\S+) --clientId ${clientId} --secretId ${id})'`;
  const secretId = new RegExp(`--clientId ${clientId} --secretId (\\w+)`).exec(text)?.[1] ?? "none";
  const { command, groupId = "" } = new RegExp(toPattern(secretId)).exec(text)?.groups ?? {};
  if (command === undefined) return undefined;
  return { command: { text: command, groupId, clientId, secretId }, mayRemove: [secretId] };
}

/** Does what the Atlas CLI's command does. */
async function deleteSecret({ atlas }: Scene, { groupId, clientId, secretId }: DeleteCommand): Promise<void> {
  const path = `/api/atlas/v2/groups/${groupId}/serviceAccounts/${clientId}/secrets/${secretId}`;
  const token = await atlas.issueAccessToken({ ownerId: groupId });
  const headers = { authorization: `Bearer ${token}`, accept: "application/vnd.atlas.2024-08-05+json" };
  const answer = await fetch(`${atlas.url}${path}`, { method: "DELETE", headers });
  if (answer.status !== 204) throw new Error(`the command of the message failed: ${answer.status}`);
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
