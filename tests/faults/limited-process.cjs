/**
 * A process of its own in the time of its test, which runs much faster than the real one: a provider that creates secrets, eight at
 * a time as the engine does on two cores, or the command line.
 */
const { join } = require("node:path");
const { Readable } = require("node:stream");

const root = join(__dirname, "../..");
const { createProjectSecretHandlers } = require(join(root, "provider/dist/handlers/plain-secret.js"));
const { run } = require(join(root, "cli/dist/program.js"));

const AT_A_TIME = 8;

/** By how much the test's time is ahead of the machine's. */
let aheadMs = 0;
let sleepers = [];
const now = () => Date.now() + aheadMs;
const sleep = (ms) => new Promise((wake) => sleepers.push({ atMs: now() + ms, wake }));

function move(ms) {
  aheadMs = ms;
  for (const { wake } of sleepers.filter(({ atMs }) => atMs <= now())) wake();
  sleepers = sleepers.filter(({ atMs }) => atMs > now());
}

/** Creates a secret for each account; gives what failed. */
async function create(accounts) {
  const handlers = createProjectSecretHandlers({ clock: { now, sleep }, report: () => {} });
  handlers.configure({ config: { get: () => undefined } });
  const failures = [];
  const work = async () => {
    for (let args = accounts.pop(); args; args = accounts.pop()) {
      const { inputs } = handlers.check({}, args);
      await handlers.create(inputs).catch(({ message }) => failures.push(message));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return failures;
}

async function command(args) {
  const printed = { stdout: "", stderr: "" };
  const toSink = (name) => ({ write: (text) => (printed[name] += text) });
  const [stdout, stderr] = [toSink("stdout"), toSink("stderr")];
  const environment = { env: process.env, cwd: __dirname, stdin: Readable.from([]), stdout, stderr, now, sleep };
  return { code: await run(args, environment), ...printed };
}

process.on("message", async (message) => {
  if ("aheadMs" in message) return move(message.aheadMs);
  process.send("accounts" in message ? await create(message.accounts) : await command(message.args));
});
// Ends with the test, however that ends.
process.on("disconnect", () => process.exit());
process.send("ready");
