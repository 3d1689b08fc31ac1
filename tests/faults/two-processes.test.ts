/**
 * Fifty creations at the same time on one account, from two provider processes that know nothing of each other. Atlas's refusals
 * are all that is between them: no secret is deleted that anybody uses, neither process asks for a third one, and who gets none
 * is told why.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DEMO_PROJECT_ID, type Exchange, type Simulator } from "pulumi-atlas-secrets-simulator";
import { startCheckedSimulator } from "../contract/checked-simulator.js";
import { adminEnvironment } from "../helpers/atlas.js";
import { untilFound } from "../helpers/poll.js";
import { Ledger } from "../model/ledger.js";

const PROCESSES = 2;
const COUNT = 25;

/** What a process says of one creation. */
type Created =
  | { readonly secretId: string; readonly value: string }
  | { readonly secretId?: undefined; readonly code: string | null; readonly message: string };

let atlas: Simulator;
let ledger: Ledger;
let exchanges: Exchange[];
let children: ChildProcess[];
let rounds = 0;

beforeAll(async () => {
  atlas = await startCheckedSimulator({
    switches: { mintLimitPerMinute: null },
    observe: (exchange) => {
      ledger.note(exchange);
      exchanges.push(exchange);
    },
  });
  const env = { ...process.env, ...adminEnvironment(atlas) };
  children = Array.from({ length: PROCESSES }, () => fork(join(__dirname, "creator.cjs"), { env }));
  await Promise.all(children.map((child) => once(child, "message")));
});
beforeEach(() => {
  ledger = new Ledger(() => [], Date.now);
  exchanges = [];
});
afterAll(async () => {
  const ends = children.map((child) => once(child, "exit"));
  for (const child of children) child.disconnect();
  await Promise.all(ends);
  await atlas.close();
});

/** Lets both processes create on one account at the same time; their first creations meet. */
async function createAll(clientId: string): Promise<Created[]> {
  rounds += 1;
  const creation = { operation: "createSecret", clientId } as const;
  await atlas.addFault({ kind: "hold", stage: "before", match: creation, times: PROCESSES });
  const args = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 720 };
  const answers = children.map(async (child, index) => {
    child.send({ name: `process${index + 1}#${rounds}: create main`, args, count: COUNT });
    const [created] = (await once(child, "message")) as [Created[]];
    return created;
  });
  const all = Promise.all(answers);
  let isOver = false;
  void all.finally(() => {
    isOver = true;
  });
  await untilFound(async () => isOver || (await atlas.held()).length === PROCESSES || undefined);
  await atlas.releaseHeld();
  await atlas.clearFaults();
  return (await all).flat();
}

async function heldIds(clientId: string): Promise<string[]> {
  const { accounts } = await atlas.inventory();
  return accounts.find((account) => account.clientId === clientId)?.secrets.map(({ id }) => id) ?? [];
}

async function signIn(clientId: string, value: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${clientId}:${value}`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/x-www-form-urlencoded" };
  const body = Buffer.from("grant_type=client_credentials");
  return (await fetch(`${atlas.url}/api/oauth/token`, { method: "POST", headers, body })).status;
}

/** A secret of somebody else that is on the account before. */
interface Foreign {
  readonly isExpired: boolean;
}

interface Case {
  readonly name: string;
  readonly foreign: readonly Foreign[];
  /** How many get one. */
  readonly winners: number;
  /** How Atlas refuses one of the two first creations. */
  readonly refusal: { readonly status: number; readonly errorCode: string };
  /** What the others fail with. */
  readonly codes: readonly string[];
}

const LIVE: Foreign = { isExpired: false };
const EXPIRED: Foreign = { isExpired: true };

const CONFLICT = { refusal: { status: 409, errorCode: "DATA_CONCURRENCY_ERROR" }, codes: ["account-full"] };
const toThird = (status: number) => ({ refusal: { status, errorCode: "FAKE_CODE" }, codes: ["account-full"] });

const CASES: readonly Case[] = [
  { name: "an empty account", foreign: [], winners: 2, ...CONFLICT },
  { name: "an account with a live secret of somebody else", foreign: [LIVE], winners: 1, ...CONFLICT },
  { name: "an account with an expired one", foreign: [EXPIRED], winners: 2, ...CONFLICT },
  { name: "an account with an expired one and a live one", foreign: [EXPIRED, LIVE], winners: 1, ...CONFLICT },
  { name: "the last slot, a third secret refused with 400,", foreign: [LIVE], winners: 1, ...toThird(400) },
  { name: "the last slot, a third secret refused with 409,", foreign: [LIVE], winners: 1, ...toThird(409) },
  {
    name: "the last slot, a third secret refused with 403,",
    foreign: [LIVE],
    winners: 1,
    ...toThird(403),
  },
];

describe("fifty creations from two processes", () => {
  it.each(CASES)("on $name give $winners of them a secret that works", async ({ foreign, winners, refusal, codes }) => {
    // Whether the second of two creations comes while the first is under way, or right after it.
    const isConflict = refusal === CONFLICT.refusal;
    await atlas.setSwitches(isConflict ? { postDurationMs: 50 } : { postDurationMs: 0, thirdSecret: refusal });
    const { clientId, ownerId } = await atlas.addAccount();
    const live: string[] = [];
    for (const { isExpired } of foreign) {
      const { id } = await atlas.createForeignSecret({ ownerId, clientId });
      if (isExpired) await atlas.setExpiry(id, new Date(Date.now() - 3_600_000).toISOString());
      else live.push(id);
    }

    const created = await createAll(clientId);

    expect(created).toHaveLength(PROCESSES * COUNT);
    const won = created.flatMap((one) => (one.secretId === undefined ? [] : [one]));
    const lost = created.flatMap((one) => (one.secretId === undefined ? [one] : []));
    // Nobody's secret is gone, and nothing else is left.
    expect(new Set(await heldIds(clientId))).toEqual(new Set([...live, ...won.map(({ secretId }) => secretId)]));
    expect(won).toHaveLength(winners);
    for (const { value } of won) expect(await signIn(clientId, value)).toBe(200);
    expect(new Set(lost.map(({ code }) => code))).toEqual(new Set(codes));
    for (const { message } of lost) expect(message).toContain("both slots are taken");
    // The two did meet.
    const answers = exchanges.map(({ outcome }) => (outcome.kind === "answer" ? outcome : undefined));
    const refused = answers.filter((answer) => answer?.status === refusal.status);
    expect(refused.map((answer) => answer?.body).join()).toContain(refusal.errorCode);
    expect(ledger.breaches).toEqual([]);
  });

  it("on an account with two live secrets of somebody else ask for nothing", async () => {
    const { clientId, ownerId } = await atlas.addAccount();
    for (let count = 0; count < 2; count++) await atlas.createForeignSecret({ ownerId, clientId });
    const before = await heldIds(clientId);
    const created = await createAll(clientId);
    expect(new Set(created.map((one) => (one.secretId === undefined ? one.code : "")))).toEqual(
      new Set(["account-full"]),
    );
    expect(await heldIds(clientId)).toEqual(before);
    expect(exchanges.filter(({ method, target }) => method !== "GET" && target.includes(clientId))).toEqual([]);
  });
});
