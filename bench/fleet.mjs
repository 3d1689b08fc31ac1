/**
 * A fleet: stacks that run at the same time on one PostgreSQL server, each with one set, against one project of the simulator whose
 * limit they share. In turn with the same runs without a limit.
 *
 *   npm run bench -- fleet [--json FILE] [--write]
 *
 * `BENCH_SHARDS` (4) says how many stacks, `BENCH_ACCOUNTS` (250) how many accounts each, `BENCH_ROUNDS` (5) how many pairs. Fails
 * when a run fails, when a secret is not there, when a mint is refused, or when the median takes more than 1.2 times the ideal: the
 * start and the end of the same run, before its first request and after its last, and between them what the limit needs for the
 * requests that it accepted; or what the run takes without a limit, if that is longer.
 */
import { writeFileSync } from "node:fs";
import { startPostgres } from "../tests/helpers/postgres.ts";
import { startAtlas } from "./engine/atlas.mjs";
import { createStack } from "./engine/stack.mjs";
import { toMarkdown, writeBlock } from "./report/page.mjs";
import { countRequests, describeCounts, describeSpread, median, spread } from "./report/statistics.mjs";

const { BENCH_SHARDS = "4", BENCH_ACCOUNTS = "250", BENCH_ROUNDS = "5", BENCH_JSON, BENCH_WRITE } = process.env;
const [SHARDS, ACCOUNTS, ROUNDS] = [BENCH_SHARDS, BENCH_ACCOUNTS, BENCH_ROUNDS].map(Number);
const LIMIT = { capacity: 100, refill: 50, seconds: 1 };
/** As Atlas documents it. The credential of the fleet signs in once for each stack. */
const MINTS_PER_MINUTE = 10;
const MOST_TIME = 1.2;
const PHASES = { create: "720", "rotate all": "721" };
/** What counts against the limit. */
const LIMITED = ["createSecret", "deleteSecret", "getAccount", "listAccounts"];

const atlas = await startAtlas();
const postgres = await startPostgres();
const rounds = [];
try {
  for (let round = 0; round < ROUNDS; round++) {
    const found = {};
    const turns = round % 2 === 0 ? ["free", "limited"] : ["limited", "free"];
    for (const turn of turns) found[turn] = await runFleet(turn === "limited", `${round}_${turn}`);
    rounds.push(found);
  }
} finally {
  atlas.stop();
  await postgres.stop();
}
const phases = Object.fromEntries(Object.keys(PHASES).map((phase) => [phase, summarize(phase)]));
const table = toMarkdown(
  ["phase", "seconds", "without a limit", "start and end", "the limit", "x ideal", "requests", "refused by the limit"],
  Object.entries(phases).map(
    ([phase, { seconds, freeSeconds, aroundSeconds, limitSeconds, ratio, requests, refused }]) => [
      phase,
      ...[seconds, freeSeconds, aroundSeconds, limitSeconds].map((value) => value.toFixed(1)),
      describeSpread(ratio),
      describeCounts(requests),
      refused,
    ],
  ),
);
const title = `${SHARDS} stacks with ${ACCOUNTS} secrets each, ${ROUNDS} pairs: 0 failures, no mint refused.`;
console.log(`\n${title}\n\n${table}`);
if (BENCH_JSON) writeFileSync(BENCH_JSON, `${JSON.stringify({ SHARDS, ACCOUNTS, ROUNDS, phases }, null, 2)}\n`);
if (BENCH_WRITE) writeBlock("fleet", `${title}\n\n${table}`);
for (const [phase, { ratio }] of Object.entries(phases)) {
  if (ratio.median <= MOST_TIME) continue;
  console.log(`TOO SLOW: ${phase} takes ${ratio.median.toFixed(2)} times the ideal; ${MOST_TIME} is allowed.`);
  process.exitCode = 1;
}

async function runFleet(isLimited, name) {
  const accounts = await atlas.call("seed", { projects: 1, accountsPerProject: SHARDS * ACCOUNTS });
  const [{ ownerId }] = accounts;
  const admin = await atlas.call("addAccount", { ownerId, roles: ["GROUP_OWNER"], initialSecret: true });
  const rateLimits = isLimited ? LIMIT : false;
  await atlas.call("setSwitches", { rateLimits, mintLimitPerMinute: MINTS_PER_MINUTE });
  const env = {
    PULUMI_BACKEND_URL: `${postgres.backendUrl}&table=round_${name}`,
    MONGODB_ATLAS_BASE_URL: atlas.url,
    MONGODB_ATLAS_CLIENT_ID: admin.clientId,
    MONGODB_ATLAS_CLIENT_SECRET: admin.secret.value,
  };
  const stacks = [];
  const found = {};
  try {
    for (let shard = 0; shard < SHARDS; shard++) {
      const own = accounts.filter((_, index) => index % SHARDS === shard);
      stacks.push(await createStack("set.cjs", own, env, `shard-${shard}`));
    }
    for (const [phase, HOURS] of Object.entries(PHASES)) {
      await atlas.call("resetLog");
      const started = performance.now();
      const run = (stack, shard) =>
        stack.run(["up", "--yes", "--skip-preview", "--stack", `shard-${shard}`], { HOURS });
      await Promise.all(stacks.map(run));
      const seconds = (performance.now() - started) / 1000;
      found[phase] = check(phase, seconds, await atlas.call("requests"));
    }
  } finally {
    for (const stack of stacks) stack.remove();
  }
  return found;
}

function check(phase, seconds, requests) {
  const refused = requests.filter(({ status }) => status === 429);
  const mints = refused.filter(({ operation }) => operation === "mint");
  if (mints.length > 0) throw new Error(`${phase}: ${mints.length} mints were refused`);
  const created = requests.filter(({ operation, status }) => operation === "createSecret" && status === 201);
  if (created.length !== SHARDS * ACCOUNTS) throw new Error(`${phase}: ${created.length} secrets were created`);
  const limited = requests.filter(({ operation }) => LIMITED.includes(operation));
  const times = limited.map(({ at }) => Date.parse(at));
  const aroundSeconds = seconds - (Math.max(...times) - Math.min(...times)) / 1000;
  const accepted = limited.filter(({ status }) => status !== 429).length;
  const limitSeconds = (Math.max(0, accepted - LIMIT.capacity) / LIMIT.refill) * LIMIT.seconds;
  return { seconds, aroundSeconds, limitSeconds, refused: refused.length, requests: countRequests(requests) };
}

function summarize(phase) {
  const of = (turn, name) => median(rounds.map((found) => found[turn][phase][name]));
  const ratios = rounds.map(({ free, limited }) => {
    const { seconds, aroundSeconds, limitSeconds } = limited[phase];
    return seconds / Math.max(free[phase].seconds, aroundSeconds + limitSeconds);
  });
  return {
    seconds: of("limited", "seconds"),
    freeSeconds: of("free", "seconds"),
    aroundSeconds: of("limited", "aroundSeconds"),
    limitSeconds: of("limited", "limitSeconds"),
    ratio: spread(ratios),
    requests: rounds.at(-1).limited[phase].requests,
    refused: of("limited", "refused"),
  };
}
