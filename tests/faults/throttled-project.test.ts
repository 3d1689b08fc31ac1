/**
 * A project with a small rate limit: 200 creations in virtual time, eight at a time as the engine does on two cores, in one
 * provider process or in two beside a command that reads. They meet the limit together, so that they take little longer and ask
 * for little more than they have to. The ideal: as many requests as without a limit and a list of the accounts for each refill, since
 * a list is believed for half a minute, each as soon as there is a token for it.
 */
import {
  type Bucket,
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_ORG_ID,
  DEMO_PROJECT_ID,
  type Exchange,
  type Switches,
} from "pulumi-atlas-secrets-simulator";
import { ProviderProcess } from "../../provider/src/account/process.js";
import { createAtlasClient } from "../../provider/src/atlas/session.js";
import type { Answer, NoAnswer, Transport } from "../../provider/src/atlas/transport.js";
import { createProjectSecretHandlers } from "../../provider/src/handlers/plain-secret.js";
import { createSetHandlers } from "../../provider/src/handlers/secret-set.js";
import type { SecretHandlers } from "../../provider/src/protocol.js";
import { PROJECT } from "../../provider/src/records/scope.js";
import { parseSettings } from "../../provider/src/settings.js";
import { createEventClock, runPooled } from "../model/event-clock.js";
import { createVirtualAtlas } from "../model/virtual-atlas.js";
import { toTable } from "./table.js";

const COUNT = 200;
const AT_A_TIME = 8;
const BUCKET: Bucket = { capacity: 10, refill: 5, seconds: 60 };

/** What a refusal tells of the limit. `body`: whether its size, too. Nothing else tells what remains of it. */
interface Telling {
  readonly name: string;
  readonly retryAfter: Switches["retryAfter"];
  readonly body: boolean;
  /** How long a request takes, each way. */
  readonly latencyMs: number;
}

/** Processes that share a limit whose answers tell what remains, of which the last only reads; and how many may be refused. */
interface Sharing {
  readonly name: string;
  readonly providers: number;
  readonly reads: number;
  readonly bucket: Bucket;
  readonly mostRefused: number;
}

const LARGER: Bucket = { capacity: 60, refill: 30, seconds: 60 };

/** Each of them may have to be refused once to learn when refills come. */
const SHARINGS: readonly Sharing[] = [
  { name: "one provider", providers: 1, reads: 0, bucket: BUCKET, mostRefused: 1 },
  { name: "two providers and a command", providers: 2, reads: 100, bucket: LARGER, mostRefused: 3 },
  // A refill of five for three: one of them may take the last one before another sees that.
  { name: "the same in a smaller limit", providers: 2, reads: 100, bucket: BUCKET, mostRefused: 10 },
];

/** What it may take, as shares of what it has to. */
const MOST_TIME = 1.2;
const MOST_EXTRA = 0.12;

const TELLINGS: readonly Telling[] = [
  { name: "the time, and the size", retryAfter: "true", body: true, latencyMs: 100 },
  { name: "the time, and the size, at once", retryAfter: "true", body: true, latencyMs: 0 },
  { name: "the time", retryAfter: "true", body: false, latencyMs: 100 },
  { name: "every other time the time, and the size", retryAfter: "alternating", body: true, latencyMs: 100 },
  { name: "every other time the time", retryAfter: "alternating", body: false, latencyMs: 100 },
  { name: "nothing", retryAfter: "absent", body: false, latencyMs: 100 },
  { name: "nothing, at once", retryAfter: "absent", body: false, latencyMs: 0 },
  { name: "nothing, slowly", retryAfter: "absent", body: false, latencyMs: 2_000 },
  { name: "0, and the size", retryAfter: "zero", body: true, latencyMs: 100 },
  { name: "0", retryAfter: "zero", body: false, latencyMs: 100 },
];

/** What the creations took. */
interface Figures {
  readonly failures: readonly string[];
  readonly seconds: number;
  /** Requests that count against the limit, and how many of them were refused. */
  readonly requests: number;
  readonly refused: number;
  readonly problems: readonly string[];
}

const ENV = { MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID, MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET };

/** How the processes are, and what answers tell. */
interface Run extends Pick<Telling, "latencyMs" | "body"> {
  readonly remaining: boolean;
  readonly providers?: number;
  /** How often accounts are read beside that, by a process of its own. */
  readonly reads?: number;
  /** Whether one set makes all of them. */
  readonly isSet?: boolean;
}

async function createMany(switches: Partial<Switches>, run: Run): Promise<Figures> {
  const { latencyMs, body, remaining, providers = 1, reads = 0, isSet = false } = run;
  let [requests, refused] = [0, 0];
  const count = ({ target, outcome }: Exchange) => {
    if (!target.startsWith("/api/atlas/")) return;
    requests += 1;
    if (outcome.kind === "answer" && outcome.status === 429) refused += 1;
  };
  const limits = { mintLimitPerMinute: null, rateLimits: false, ...switches };
  const atlas = await createVirtualAtlas("local", { switches: limits, observe: count });
  const clock = createEventClock(atlas.clock);
  const transport: Transport = async (request) => {
    await clock.sleep(latencyMs);
    const outcome = await atlas.transport(request);
    await clock.sleep(latencyMs);
    const told = body ? outcome : withoutSize(outcome);
    return remaining ? told : withoutRemaining(told);
  };
  const env = { ...ENV, MONGODB_ATLAS_BASE_URL: atlas.control.url };
  const options = { clock, env, transport, report: () => {} };
  const processes = Array.from({ length: providers }, () => createProjectSecretHandlers(options));
  for (const handlers of processes) handlers.configure({ config: { get: () => undefined } });
  const failures: string[] = [];
  const jobs = processes.map((): (() => Promise<void>)[] => []);
  const clientIds: string[] = [];
  for (let number = 0; number < COUNT; number++) clientIds.push((await atlas.control.addAccount()).clientId);
  if (isSet)
    jobs.push([() => createSet(createSetHandlers(PROJECT, new ProviderProcess(options)), clientIds, failures)]);
  for (const [number, clientId] of isSet ? [] : clientIds.entries()) {
    const [handlers, own] = [processes[number % providers], jobs[number % providers]];
    if (handlers) own?.push(() => createOne(handlers, clientId, failures));
  }
  const { clientId } = await atlas.control.addAccount();
  const reader = createAtlasClient({ settings: parseSettings({ config: () => undefined, env }), clock, transport });
  const account = { level: "project", ownerId: DEMO_PROJECT_ID, clientId } as const;
  const readOne = async () => void (await reader.fetchAccount(account));
  jobs.push(Array.from({ length: reads }, () => readOne));
  const startMs = clock.now();
  await Promise.all(jobs.map((own) => runPooled(own, AT_A_TIME)));
  const seconds = (clock.now() - startMs) / 1000;
  const { accounts } = await atlas.control.inventory();
  const held = accounts.filter(({ orgId, secrets }) => orgId === DEMO_ORG_ID && secrets.length === 1);
  // The administrator holds one as well.
  expect(held).toHaveLength(COUNT + 1 - failures.length);
  return { failures, seconds, requests, refused, problems: atlas.contract.problems };
}

async function createOne(handlers: SecretHandlers, clientId: string, failures: string[]): Promise<void> {
  const args = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 720 };
  const { inputs } = handlers.check({}, args);
  try {
    await handlers.create(inputs);
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
  }
}

async function createSet(handlers: SecretHandlers, clientIds: readonly string[], failures: string[]): Promise<void> {
  const accounts = clientIds.map((clientId, number) => [`account-${number}`, { projectId: DEMO_PROJECT_ID, clientId }]);
  const args = { accounts: Object.fromEntries(accounts) as unknown, secretExpiresAfterHours: 720 };
  await handlers.create(handlers.check({}, args).inputs).catch((error: unknown) => failures.push(String(error)));
}

function withoutRemaining(outcome: Answer | NoAnswer): Answer | NoAnswer {
  if (outcome.kind !== "answer") return outcome;
  const { "ratelimit-limit": _limit, "ratelimit-remaining": _remaining, ...headers } = outcome.headers;
  return { ...outcome, headers };
}

function withoutSize(outcome: Answer | NoAnswer): Answer | NoAnswer {
  if (outcome.kind !== "answer" || outcome.status !== 429) return outcome;
  return { ...outcome, body: JSON.stringify({ ...(JSON.parse(outcome.body) as object), parameters: [] }) };
}

describe("200 creations in a throttled project", () => {
  const rows: [string, string[]][] = [];
  let needed: Figures;
  let idealRequests: number;
  let idealSeconds: number;

  beforeAll(async () => {
    needed = await createMany({}, { latencyMs: 100, body: true, remaining: false });
    idealRequests = needed.requests + Math.ceil((needed.requests - BUCKET.capacity) / (BUCKET.refill - 1));
    idealSeconds = toIdealSeconds(idealRequests, BUCKET);
  });
  afterAll(() => {
    const heads = ["seconds", "x ideal", "requests", "extra", "refused"];
    const title = `a refusal tells (ideal: ${idealSeconds} s, ${idealRequests} requests)`;
    process.stdout.write(`\n${toTable(title, heads, rows)}\n`);
  });

  it("need one request each without a limit, a look at the first account, and a list of the others", () => {
    expect(needed).toMatchObject({ failures: [], problems: [], refused: 0, requests: COUNT + 2 });
  });

  it.each(TELLINGS)("all succeed in time when a refusal tells $name", async (telling) => {
    const { retryAfter, name } = telling;
    const figures = await createMany({ rateLimits: BUCKET, retryAfter }, { ...telling, remaining: false });
    const { failures, problems, seconds, requests, refused } = figures;
    const [time, extra] = [seconds / idealSeconds, requests / idealRequests - 1];
    rows.push([
      name,
      [seconds.toFixed(0), time.toFixed(3), `${requests}`, `${(100 * extra).toFixed(1)} %`, `${refused}`],
    ]);
    expect({ failures, problems }).toEqual({ failures: [], problems: [] });
    expect(refused).toBeGreaterThan(0);
    expect(time).toBeLessThanOrEqual(MOST_TIME);
    expect(extra).toBeLessThanOrEqual(MOST_EXTRA);
  });
});

describe("200 creations in a throttled project whose answers tell what remains", () => {
  const rows: [string, string[]][] = [];

  afterAll(() => {
    const heads = ["seconds", "x ideal", "requests", "refused"];
    process.stdout.write(`\n${toTable("who shares the limit", heads, rows)}\n`);
  });

  it.each(SHARINGS)("all succeed in time, by $name, with next to no refusal", async (sharing) => {
    const { name, providers, reads, bucket, mostRefused } = sharing;
    const run = { latencyMs: 100, body: true, remaining: true, providers, reads };
    const { failures, problems, seconds, requests, refused } = await createMany({ rateLimits: bucket }, run);
    const time = seconds / toIdealSeconds(requests - refused, bucket);
    rows.push([name, [seconds.toFixed(0), time.toFixed(3), `${requests}`, `${refused}`]]);
    expect({ failures, problems }).toEqual({ failures: [], problems: [] });
    expect(refused).toBeLessThanOrEqual(mostRefused);
    // Each provider looks once, and lists again when a list is half a minute old; a refused creation is decided on another look.
    const looks = providers * (2 + Math.ceil(seconds / 30));
    expect(requests - refused - COUNT - reads).toBeLessThanOrEqual(looks + refused);
    expect(time).toBeLessThanOrEqual(MOST_TIME);
  });
});

describe("200 creations by one set in a throttled project", () => {
  const bucket: Bucket = { capacity: 20, refill: 5, seconds: 1 };

  it.each([true, false])(
    "all succeed in time, with one POST each (answers tell what remains: %s)",
    async (remaining) => {
      const run = { latencyMs: 100, body: true, remaining, isSet: true };
      const { failures, problems, seconds, requests, refused } = await createMany({ rateLimits: bucket }, run);
      expect({ failures, problems }).toEqual({ failures: [], problems: [] });
      expect(seconds / toIdealSeconds(requests - refused, bucket)).toBeLessThanOrEqual(MOST_TIME);
      expect(requests - refused).toBeLessThanOrEqual(COUNT + 2 + Math.ceil(seconds / 30) + refused);
    },
  );
});

/** As many requests as the bucket holds at once, and the others with its refills. */
function toIdealSeconds(requests: number, { capacity, refill, seconds }: Bucket): number {
  return Math.ceil((requests - capacity) / refill) * seconds;
}
