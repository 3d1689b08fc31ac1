/**
 * Two provider processes and a command line on one throttled project, which know nothing of each other but what Atlas's answers
 * tell: how many requests remain for all of them. They slow down together, so that hardly any request is refused.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleepReally } from "node:timers/promises";
import type { Bucket, Exchange, SeededAccount, Simulator } from "pulumi-atlas-secrets-simulator";
import { startCheckedSimulator } from "../contract/checked-simulator.js";
import { adminEnvironment } from "../helpers/atlas.js";

const PROCESSES = 3;
const ACCOUNTS = 100;
const BUCKET: Bucket = { capacity: 60, refill: 30, seconds: 60 };

/** The time of the test goes by a hundred times as fast as the real one. */
const STEP_MS = 500;
const REAL_STEP_MS = 5;

let atlas: Simulator;
let children: ChildProcess[];
let requests: { readonly operation: string; readonly status: number | undefined }[];

beforeAll(async () => {
  requests = [];
  // Lists without secrets make the command ask for each account by itself.
  const switches = { mintLimitPerMinute: null, rateLimits: BUCKET, listHoldsSecrets: false };
  atlas = await startCheckedSimulator({ switches, observe: note });
  const env = { ...process.env, ...adminEnvironment(atlas) };
  children = Array.from({ length: PROCESSES }, () => fork(join(__dirname, "limited-process.cjs"), { env }));
  await Promise.all(children.map((child) => once(child, "message")));
});
afterAll(async () => {
  const ends = children.map((child) => once(child, "exit"));
  for (const child of children) child.disconnect();
  await Promise.all(ends);
  await atlas.close();
});

function note({ method, target, outcome }: Exchange): void {
  if (!target.startsWith("/api/atlas/")) return;
  requests.push({ operation: method, status: outcome.kind === "answer" ? outcome.status : undefined });
}

/** Gives each process its work, and lets time go by until all of it is done. */
async function runAll(work: readonly object[]): Promise<unknown[]> {
  let isDone = false;
  const answers = children.map(async (child, index) => {
    child.send(work[index] ?? {});
    return (await once(child, "message"))[0] as unknown;
  });
  const all = Promise.all(answers).finally(() => {
    isDone = true;
  });
  for (let aheadMs = STEP_MS; !isDone; aheadMs += STEP_MS) {
    await atlas.advance(STEP_MS);
    for (const child of children) child.send({ aheadMs });
    await sleepReally(REAL_STEP_MS);
  }
  return all;
}

describe("two providers and a command line on one throttled project", () => {
  it("do all their work once, and hardly ever meet a refusal", async () => {
    const accounts = await atlas.seed({ projects: 1, accountsPerProject: ACCOUNTS, initialSecrets: false });
    const [{ ownerId = "" } = {}] = accounts;
    const toArgs = ({ ownerId: projectId, clientId }: SeededAccount) => ({
      projectId,
      clientId,
      secretExpiresAfterHours: 720,
    });
    const halves = [0, 1].map((half) => accounts.filter((_, index) => index % 2 === half).map(toArgs));
    const args = ["audit", "--live", "--project", ownerId, "--format", "json", "--fail-on", "never"];
    const [first, second, audit] = await runAll([{ accounts: halves[0] }, { accounts: halves[1] }, { args }]);

    expect([first, second]).toEqual([[], []]);
    expect(audit).toMatchObject({ code: 0, stderr: "" });
    const { summary } = JSON.parse((audit as { stdout: string }).stdout) as { summary: { accounts: number } };
    expect(summary.accounts).toBe(ACCOUNTS);
    const held = (await atlas.inventory()).accounts.filter(({ projectIds }) => projectIds.includes(ownerId));
    expect(held.map(({ secrets }) => secrets.length)).toEqual(accounts.map(() => 1));

    const refused = requests.filter(({ status }) => status === 429);
    const created = requests.filter(({ operation, status }) => operation === "POST" && status === 201);
    expect(created).toHaveLength(ACCOUNTS);
    // Two for each creation, one for each account that the audit reads, and a list each; each refusal may cost another look.
    const needed = 3 * ACCOUNTS + PROCESSES;
    expect(needed).toBeGreaterThan(4 * BUCKET.capacity);
    expect(requests.length - refused.length - needed).toBeLessThanOrEqual(refused.length);
    // The first time one may have to learn when a refill comes.
    expect(refused.length).toBeLessThanOrEqual(PROCESSES);
  });
});
