/** What Node itself writes about a process of ours: its report on a signal or a crash, and an error that nobody caught. */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findCanaries } from "../../helpers/canaries.js";
import { untilFound } from "../../helpers/poll.js";
import { fetchDescendants } from "../../helpers/processes.js";
import { MARKER } from "../../provider/fixtures/echo.js";
import { type EchoServer, startEchoServer } from "./echo-server.js";
import { WatchedStack } from "./watched-stack.js";

let watched: WatchedStack;
let echo: EchoServer;

beforeAll(async () => {
  watched = await WatchedStack.create();
  echo = await startEchoServer(watched.atlas.url, watched.adminClientId);
});
afterAll(async () => {
  await echo.close();
  await watched.close();
});

function createFolder(name: string): string {
  const folder = join(watched.stack.folder, name);
  mkdirSync(folder);
  return folder;
}

const readReports = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => readFileSync(join(folder, name), "utf8"));

/** A report that is written in full. */
const isWhole = (text: string) => text.trimEnd().endsWith("}");

interface Ended {
  readonly code: number;
  readonly text: string;
}

/** Runs a script with what the CLI would give it. */
function runNode(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const environment = { PATH: process.env.PATH ?? "", ...watched.stack.environment, ...env };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: environment }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), text: `${stdout}\n${stderr}` });
    });
  });
}

describe("a diagnostic report", () => {
  it("holds the environment, and with it the credential, of a process that is not ours", async () => {
    const folder = createFolder("reports-of-others");
    await runNode(["-e", "process.report.writeReport()"], { NODE_OPTIONS: `--report-directory=${folder}` });
    expect(findCanaries(readReports(folder).join("\n"), watched.values())).toEqual(["admin-0"]);
  });

  it("of the provider and of the program, on a signal in the middle of a creation, holds no value", async () => {
    const folder = createFolder("reports-on-signal");
    const main = await watched.declare();
    watched.stack.setEnv({
      NODE_OPTIONS: `--report-on-signal --report-signal=SIGUSR2 --report-directory=${folder}`,
    });
    // Time enough for a report: the new secret is in the answer that comes after it, the credential is in use.
    await watched.atlas.addFault({
      kind: "delay",
      ms: 3_000,
      match: { operation: "mint", clientId: String(main.args.clientId) },
    });
    const run = watched.stack.startUp({ consumers: false, secrets: { main } });
    await untilFound(() => watched.created()[0]);
    const processes = await fetchDescendants(Number(run.pid));
    const ours = processes.filter(({ args }) => /node .*(dynamic-provider|cmd\/run)\/index\.js /.test(args));
    const hosts = ours.filter(({ args }) => args.includes("dynamic-provider"));
    expect(hosts.length).toBeGreaterThan(0);
    expect(ours.length).toBeGreaterThan(hosts.length);
    for (const { pid } of ours) process.kill(pid, "SIGUSR2");
    const reports = await untilFound(() => {
      const texts = readReports(folder);
      return texts.length === ours.length && texts.every(isWhole) ? texts : undefined;
    });
    expect(await run.ended).toMatchObject({ code: 0 });
    for (const report of reports) {
      expect(report).toContain('"trigger": "SIGUSR2"');
      expect(findCanaries(report, watched.values())).toEqual([]);
    }
  });
});

describe("an error that nobody caught", () => {
  it("ends the process with a report and a text without values, although Atlas repeats them", async () => {
    const folder = createFolder("reports-on-crash");
    echo.arm({ operation: "verification", status: 500 });
    const { args } = await watched.declare();
    const flags = ["--report-uncaught-exception", "--report-on-fatalerror", `--report-directory=${folder}`];
    const script = join(__dirname, "create-uncaught.cjs");
    const { code, text } = await runNode([...flags, script, JSON.stringify(args)], {
      MONGODB_ATLAS_BASE_URL: echo.url,
    });
    expect(code).not.toBe(0);
    expect(watched.created().length).toBeGreaterThan(1);
    const reports = readReports(folder);
    expect(reports).toHaveLength(1);
    for (const shown of [text, ...reports]) {
      // The error and Atlas's text in it are there.
      expect(shown).toContain(MARKER);
      expect(findCanaries(shown, watched.values())).toEqual([]);
    }
  });
});
