/**
 * A project with a small rate limit: 200 creations in virtual time, eight at a time as the engine does on two cores, in one
 * provider process. They meet the limit together, so that they take little longer and ask for little more than they have to. The
 * ideal: as many requests as without a limit and a list of the accounts for each refill, since a list is believed for half a minute,
 * each as soon as there is a token for it.
 */
import {
  type Bucket,
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_ORG_ID,
  DEMO_PROJECT_ID,
  type Exchange,
  type Switches,
} from "atlas-simulator";
import type { Answer, NoAnswer, Transport } from "../../provider/src/atlas/transport.js";
import { createProjectSecretHandlers } from "../../provider/src/handlers/plain-secret.js";
import type { SecretHandlers } from "../../provider/src/protocol.js";
import { createEventClock, runPooled } from "../model/event-clock.js";
import { createVirtualAtlas } from "../model/virtual-atlas.js";
import { toTable } from "./table.js";

const COUNT = 200;
const AT_A_TIME = 8;
const BUCKET: Bucket = { capacity: 10, refill: 5, seconds: 60 };

/** What a refusal tells of the limit. `body`: whether its size, too. */
interface Telling {
  readonly name: string;
  readonly retryAfter: Switches["retryAfter"];
  readonly body: boolean;
  /** How long a request takes, each way. */
  readonly latencyMs: number;
}

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

async function createMany(switches: Partial<Switches>, { latencyMs, body }: Pick<Telling, "latencyMs" | "body">) {
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
    return body ? outcome : withoutSize(outcome);
  };
  const env = { ...ENV, MONGODB_ATLAS_BASE_URL: atlas.control.url };
  const handlers = createProjectSecretHandlers({ clock, env, transport, report: () => {} });
  handlers.configure({ config: { get: () => undefined } });
  const failures: string[] = [];
  const jobs: (() => Promise<void>)[] = [];
  for (let number = 0; number < COUNT; number++) {
    const { clientId } = await atlas.control.addAccount();
    jobs.push(() => createOne(handlers, clientId, failures));
  }
  const startMs = clock.now();
  await runPooled(jobs, AT_A_TIME);
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
    needed = await createMany({}, { latencyMs: 100, body: true });
    const refills = Math.ceil((needed.requests - BUCKET.capacity) / (BUCKET.refill - 1));
    idealRequests = needed.requests + refills;
    idealSeconds = refills * BUCKET.seconds;
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
    const figures = await createMany({ rateLimits: BUCKET, retryAfter }, telling);
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
