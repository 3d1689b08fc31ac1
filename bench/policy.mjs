/**
 * What the policy pack adds to a preview that changes nothing, of a stack with many secrets: the real CLI, with and without the
 * pack in turn, so that whatever else the machine does hits both. An argument sets the number of secrets.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PACK = join(ROOT, "policy/bin/atlas-secrets-policy.cjs");
const SECRETS = Number(process.argv[2] ?? 500);
const PAIRS = 5;

const PROGRAM = `
const { ProjectServiceAccountSecret } = require("pulumi-atlas-secrets");
const { projectId, clientIds } = require("./accounts.json");
for (const clientId of clientIds) new ProjectServiceAccountSecret(clientId, { projectId, clientId, secretExpiresAfterHours: 720 });
`;

/** The simulator in a thread of its own, since this one waits for the CLI. */
const SIMULATOR = `
const { parentPort, workerData } = require("node:worker_threads");
const { startSimulator, DEMO_PROJECT_ID: ownerId, ...demo } = require(workerData.path);
startSimulator({ switches: { mintLimitPerMinute: null, rateLimits: false } }).then(async (atlas) => {
  const clientIds = [];
  for (let n = 0; n < workerData.accounts; n++) {
    clientIds.push((await atlas.addAccount({ level: "project", ownerId, name: "account-" + n })).clientId);
  }
  const { DEMO_ADMIN_CLIENT_ID: clientId, DEMO_ADMIN_SECRET: secret } = demo;
  parentPort.postMessage({ url: atlas.url, projectId: ownerId, clientIds, clientId, secret });
});
`;

const path = createRequire(import.meta.url).resolve("pulumi-atlas-secrets-simulator");
const worker = new Worker(SIMULATOR, { eval: true, workerData: { path, accounts: SECRETS } });
const atlas = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-bench-"));
const program = join(folder, "program");

/** Runs the CLI and returns its wall time in milliseconds. */
function pulumi(...args) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.env.ATLAS_SECRETS_PULUMI ?? "pulumi",
    [...args, "--non-interactive"],
    {
      cwd: program,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      env: {
        ...process.env,
        PULUMI_HOME: join(folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "bench",
        PULUMI_SKIP_UPDATE_CHECK: "1",
        // Writing the whole state after each of many steps is not what is measured.
        PULUMI_EXPERIMENTAL: "1",
        PULUMI_SKIP_CHECKPOINTS: "1",
        MONGODB_ATLAS_BASE_URL: atlas.url,
        MONGODB_ATLAS_CLIENT_ID: atlas.clientId,
        MONGODB_ATLAS_CLIENT_SECRET: atlas.secret,
      },
    },
  );
  if (status !== 0) throw new Error(`pulumi ${args[0]} ended with ${status}:\n${stdout}\n${stderr}`);
  return performance.now() - started;
}

const seconds = (ms) => (ms / 1000).toFixed(2);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  for (const name of ["home", "backend", "program"]) mkdirSync(join(folder, name));
  symlinkSync(join(ROOT, "node_modules"), join(program, "node_modules"), "junction");
  writeFileSync(
    join(program, "Pulumi.yaml"),
    "name: bench\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  writeFileSync(join(program, "package.json"), '{ "name": "bench", "private": true, "main": "index.js" }\n');
  writeFileSync(join(program, "index.js"), PROGRAM);
  writeFileSync(join(program, "accounts.json"), JSON.stringify(atlas));
  pulumi("stack", "init", "bench");
  console.log(`up of ${SECRETS} secrets: ${seconds(pulumi("up", "--yes", "--skip-preview"))} s`);
  const preview = (...flags) => pulumi("preview", "--expect-no-changes", ...flags);
  const plain = [];
  const judged = [];
  const turns = [() => plain.push(preview()), () => judged.push(preview("--policy-pack", PACK))];
  for (let pair = 0; pair < PAIRS; pair++) {
    for (const turn of pair % 2 === 0 ? turns : turns.toReversed()) turn();
    console.log(`preview without the pack ${seconds(plain[pair])} s, with it ${seconds(judged[pair])} s`);
  }
  const ratio = median(judged.map((ms, pair) => ms / plain[pair]));
  console.log(`with / without, median of ${PAIRS} pairs: ${ratio.toFixed(3)}`);
  console.log(`best with / best without: ${(Math.min(...judged) / Math.min(...plain)).toFixed(3)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
  await worker.terminate();
}
