/** Brings a run to a point, kills it there, and recovers from that as README says. */
import type { RequestRecord } from "atlas-simulator";
import { untilFound } from "../../helpers/poll.js";
import { fetchDescendants, killNow } from "../../helpers/processes.js";
import type { CliResult } from "../../helpers/pulumi-stack.js";
import type { SentRequest } from "../../helpers/traffic.js";
import type { CrashCase, WayOut } from "./points.js";
import type { Scene } from "./site.js";

/** What a killed run left behind. */
export interface Killed {
  readonly result: CliResult;
  /** The request that was under way. */
  readonly inFlight: Pick<RequestRecord, "method" | "path"> | undefined;
  /** What the killed run sent after the kill, as of now. */
  readonly sentAfter: () => readonly SentRequest[];
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

/** Runs the scene's program and kills it at the case's point; resolves when the CLI has ended and all waits have passed. */
export async function killRun(scene: Scene, { faults, victim, waitMs }: CrashCase): Promise<Killed> {
  const { atlas, clientId, signers, stack, traffic, waits } = scene;
  for (const fault of faults(signers.killed.clientId, clientId)) await atlas.addFault(fault);
  scene.signInAs(signers.killed);
  const run = stack.startUp(scene.program());
  let early: CliResult | undefined;
  const ended = run.ended.then((result) => {
    early = result;
    return result;
  });
  const isOurs = (id?: string) => id === clientId || id === signers.killed.clientId;
  const reached = await untilFound(async () => {
    if (early) throw new Error(`the run ended before it was there: ${early.text}`);
    if (waitMs !== undefined) return waits.hasBegun(waitMs) ? {} : undefined;
    const held = (await atlas.held()).find((request) => isOurs(request.clientId));
    return held && { held };
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
  for (const id of [clientId, signers.killed.clientId]) await atlas.releaseHeld({ clientId: id });
  waits.release();
  if (victim === "cli" && waitMs !== undefined) await waits.untilPassed(waitMs);
  return {
    result,
    inFlight: "held" in reached ? reached.held : undefined,
    sentAfter: () => traffic.sentBy(signers.killed.clientId, since),
  };
}

/** Follows README, 'After a crash', and what the messages say. */
export async function recover(scene: Scene, { victim, wayOut }: CrashCase): Promise<Recovery> {
  const { stack, signers } = scene;
  scene.signInAs(signers.recovery);
  const commands: string[] = [];
  const texts: string[] = [];
  const run = async (command: string, work: () => Promise<CliResult>) => {
    commands.push(command);
    const result = await work();
    texts.push(result.text);
    return result;
  };
  if (victim === "cli") await run("pulumi cancel -y", () => stack.run(["cancel", "-y", "--stack", "test"]));
  let { code, text } = await run("pulumi up --refresh --yes", () => stack.up(scene.program(), "--refresh"));
  if (code !== 0) {
    const { command, mayRemove } = parseAdvice(text);
    if (wayOut === "command") {
      commands.push(command.text);
      await deleteSecret(scene, command);
    }
    const changes = { command: {}, mayRemove: { mayRemove }, exclusive: { exclusive: true } }[wayOut];
    ({ code } = await run(toUpCommand(wayOut), () => stack.up(scene.program(changes))));
  }
  return { commands, text: texts.join("\n"), code };
}

function toUpCommand(wayOut: WayOut): string {
  return wayOut === "command" ? "pulumi up --yes" : `pulumi up --yes (with ${wayOut})`;
}

interface DeleteCommand {
  readonly text: string;
  readonly groupId: string;
  readonly clientId: string;
  readonly secretId: string;
}

/** The ways out that the message of a full account names. */
function parseAdvice(text: string): { command: DeleteCommand; mayRemove: readonly string[] } {
  const command =
    /atlas api serviceAccounts deleteGroupSecret --groupId (?<groupId>\S+) --clientId (?<clientId>\S+) --secretId (?<secretId>\w+)/.exec(
      text,
    );
  const mayRemove = /put mayRemove: (\[.*?\]) into the resource \(or exclusive: true, /.exec(text)?.[1];
  if (!command?.groups || mayRemove === undefined) throw new Error(`no way out is named: ${text}`);
  const { groupId = "", clientId = "", secretId = "" } = command.groups;
  return {
    command: { text: command[0], groupId, clientId, secretId },
    mayRemove: JSON.parse(mayRemove) as readonly string[],
  };
}

/** Does what the Atlas CLI's command does. */
async function deleteSecret({ atlas }: Scene, { groupId, clientId, secretId }: DeleteCommand): Promise<void> {
  const path = `/api/atlas/v2/groups/${groupId}/serviceAccounts/${clientId}/secrets/${secretId}`;
  const token = await atlas.issueAccessToken({ ownerId: groupId });
  const headers = { authorization: `Bearer ${token}`, accept: "application/vnd.atlas.2024-08-05+json" };
  const answer = await fetch(`${atlas.url}${path}`, { method: "DELETE", headers });
  if (answer.status !== 204) throw new Error(`the command of the message failed: ${answer.status}`);
}
