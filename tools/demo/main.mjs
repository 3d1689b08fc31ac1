/**
 * The demonstration of `npm start`: the real Pulumi CLI creates, keeps, replaces, rotates, audits and destroys a secret of a
 * simulated Atlas. Every step says what it expects; one that is not so makes the exit code 1.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bad, during, good, line, table, title } from "./screen.mjs";
import { Stage } from "./stage.mjs";

const DAY_MS = 86_400_000;
const UP = ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never"];
/** Stays when the demonstration is over; git ignores it. */
const PAGE =
  process.env.ATLAS_SECRETS_DEMO_PAGE ?? join(fileURLToPath(new URL("../..", import.meta.url)), "audit.html");

let failures = 0;

/** @param {boolean} isAsExpected @param {string} text */
function expect(isAsExpected, text) {
  if (isAsExpected) return good(text);
  failures += 1;
  bad(text);
}

/** Runs the CLI, shows what it did to resources, and the requests that Atlas got. */
async function run(stage, args, shown = `pulumi ${args[0]}`) {
  const result = await during(shown, () => stage.pulumi(args));
  for (const text of new Set(
    result.text
      .split("\n")
      .filter(isWorthShowing)
      .map((found) => found.trim()),
  ))
    line(`   ${text}`);
  const requests = await stage.takeRequests();
  line(`   Atlas got: ${requests.map(({ operation, status }) => `${operation} ${status}`).join(", ") || "no request"}`);
  if (result.code !== 0) {
    failures += 1;
    bad(`the CLI ended with code ${result.code}:\n${result.text}`);
  }
  return requests.map(({ operation }) => operation);
}

function isWorthShowing(text) {
  return (
    /^ +([+~-]|\+\+|--|\+-) +pulumi-nodejs:.*(created|updated|deleted|replaced)/.test(text) ||
    /^ +(service account|\d+ unchanged)/.test(text)
  );
}

/** Runs an `up` with the policy pack that the rule is to stop, and shows what it says. */
async function refuse(stage, rule) {
  const up = ["up", "--yes", "--non-interactive", "--color", "never", "--policy-pack", stage.policyPack];
  const { code, text } = await during("pulumi up --policy-pack policy/bin/atlas-secrets-policy.cjs", () =>
    stage.pulumi(up),
  );
  const lines = text.split("\n");
  const first = lines.findIndex((found) => found.includes("[mandatory]") && found.includes(rule));
  for (const found of first === -1 ? [] : lines.slice(first, first + 3)) line(`   ${found.trim()}`);
  expect(code !== 0 && first !== -1, `refused by the rule ${rule}`);
  expect((await stage.takeRequests()).length === 0, "not one request");
}

async function outputs(stage, ...flags) {
  const { stdout } = await stage.pulumi(["stack", "output", "--json", ...flags]);
  return JSON.parse(stdout);
}

async function play(stage) {
  title(`A simulated Atlas listens on ${stage.url}; state goes to a temporary folder.`);
  await during("pulumi stack init demo", () => stage.pulumi(["stack", "init", "demo"]));
  const settings = ["projectId", stage.projectId, "clientId", stage.clientId];
  await during("pulumi config set-all", () =>
    stage.pulumi([
      "config",
      "set-all",
      "--plaintext",
      `${settings[0]}=${settings[1]}`,
      "--plaintext",
      `${settings[2]}=${settings[3]}`,
    ]),
  );

  title("1. The first up creates a secret, proves that it works, and hands it to a consumer");
  const created = await run(stage, UP);
  const first = await outputs(stage, "--show-secrets");
  expect(created.filter((operation) => operation === "createSecret").length === 1, "one POST");
  expect(first.status === "active" && (await stage.countSecrets()) === 1, "the secret is active and recorded");

  title("2. An up that changes nothing");
  const kept = await run(stage, [...UP, "--expect-no-changes"]);
  expect(kept.length === 0, "no change, and not one request");

  title("3. The policy pack refuses an expiry of 8760 h, before anything is asked of Atlas");
  await stage.pulumi(["config", "set", "secretExpiresAfterHours", "8760"]);
  await refuse(stage, "lifetime-too-long");

  title("4. The expiry changes from 720 h to 240 h: the secret is replaced");
  await stage.pulumi(["config", "set", "secretExpiresAfterHours", "240"]);
  const replaced = await run(stage, UP);
  const second = await outputs(stage, "--show-secrets");
  expect(second.secretId !== first.secretId, "another secret");
  expect(
    isCreatedBeforeDeleted(replaced),
    "the new one was made and used by the consumer before the old one was deleted",
  );

  title("5. Seven days later the secret is inside its rotation window: up rotates it by itself");
  await stage.advance(7 * DAY_MS);
  const rotated = await run(stage, UP);
  const third = await outputs(stage, "--show-secrets");
  expect(third.secretId !== second.secretId, "another secret");
  expect(isCreatedBeforeDeleted(rotated), "in the same order");

  title("6. The stack outputs are the audit; they hold no value");
  const audit = await outputs(stage);
  table(
    ["secretId", "maskedSecretValue", "status", "createdAt", "expiresAt", "rotateAfter", "secret"].map((name) => [
      name,
      String(audit[name]),
    ]),
  );
  expect(audit.secret === "[secret]", "the value is shown as [secret]");
  await stage.takeRequests();
  const page = await during("atlas-secrets audit demo.json --live --at +7d --format html", () =>
    stage.audit("--at", "+7d", "--format", "html", "--output", PAGE),
  );
  const told = await stage.audit("--at", "+7d");
  expect(page.code === 0 && told.code === 0, "a week ahead there is no error");
  expect(told.stdout.includes("inside-window"), "the secret is inside its rotation window then, and the audit says so");
  const asked = (await stage.takeRequests()).map(({ operation }) => operation);
  expect(asked.length > 0 && !asked.some((name) => /^(create|delete)/.test(name)), "it only read");

  title("7. destroy");
  await run(stage, ["destroy", "--yes", "--skip-preview", "--non-interactive", "--color", "never"]);

  title("Proof");
  const values = [first.secret, second.secret, third.secret];
  const ids = [first.secretId, second.secretId, third.secretId];
  const left = await stage.countSecrets();
  const leaked = stage.countInBackend(values);
  expect(left === 0, `secrets left on the server: ${left}`);
  expect(leaked === 0, `secret values found in the plain state and its history: ${leaked} of ${values.length}`);
  expect(stage.countInBackend(ids) === ids.length, "the same search finds all of their ids, so it does search");
  const shown = `${told.stdout}${readFileSync(PAGE, "utf8")}`;
  expect(!values.some((value) => shown.includes(value)), "no value in the audit, neither in its table nor in its page");

  title("The audit of step 6: what is due a week later");
  for (const row of told.stdout.trimEnd().split("\n")) line(row);
  line(`The same as a page, with timelines: ${PAGE}`);
}

function isCreatedBeforeDeleted(operations) {
  const [created, deleted] = [operations.indexOf("createSecret"), operations.indexOf("deleteSecret")];
  // Two mints in between: the verification and the consumer.
  return (
    created >= 0 &&
    deleted === operations.length - 1 &&
    operations.slice(created).filter((name) => name === "mint").length === 2
  );
}

const started = Date.now();
const stage = await Stage.open();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stage.interrupt());
try {
  await play(stage);
} catch (error) {
  failures += 1;
  if (stage.isInterrupted) line("\nInterrupted: the step under way was ended, the folder is removed.");
  else bad(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await stage.close();
}
const seconds = Math.round((Date.now() - started) / 1000);
title(
  failures === 0 ? `All as expected, in ${seconds} s.` : `${failures} steps were not as expected, after ${seconds} s.`,
);
process.exitCode = stage.isInterrupted ? 130 : failures === 0 ? 0 : 1;
