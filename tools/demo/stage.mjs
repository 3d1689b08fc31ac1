/**
 * Everything that the demonstration runs on: a simulated Atlas in this process, a temporary folder with a file backend, and
 * the real Pulumi CLI. Nothing outside the folder is written, and nothing is left behind.
 */
import { spawn } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const { startSimulator, DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, DEMO_CLIENT_ID, DEMO_PROJECT_ID } = createRequire(
  import.meta.url,
)("pulumi-atlas-secrets-simulator");

/** How long an interrupted CLI may take to finish its step before it is asked again, and then stopped, in milliseconds. */
const PATIENCE_MS = 15_000;

export class Stage {
  #folder = mkdtempSync(join(tmpdir(), "atlas-secrets-demo-"));
  #atlas;
  #shiftMs = 0;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #running;
  isInterrupted = false;

  static async open() {
    const stage = new Stage();
    stage.#atlas = await startSimulator({ seed: "demo" });
    for (const name of ["home", "backend", "project", "tmp"]) mkdirSync(join(stage.#folder, name));
    copyFileSync(join(ROOT, "Pulumi.yaml"), join(stage.#project, "Pulumi.yaml"));
    symlinkSync(join(ROOT, "examples"), join(stage.#project, "examples"), "junction");
    return stage;
  }

  get #project() {
    return join(this.#folder, "project");
  }

  get projectId() {
    return DEMO_PROJECT_ID;
  }

  get clientId() {
    return DEMO_CLIENT_ID;
  }

  /** The policy pack as a program. */
  get policyPack() {
    return join(ROOT, "policy/bin/atlas-secrets-policy.cjs");
  }

  get url() {
    return this.#atlas.url;
  }

  /** Moves the server's time and that of every later process of the CLI. */
  async advance(ms) {
    this.#shiftMs += ms;
    await this.#atlas.advance(ms);
  }

  /** The requests that Atlas got since the last call, as `POST secrets 201`. */
  async takeRequests() {
    const requests = await this.#atlas.requests();
    await this.#atlas.resetLog();
    return requests.map(({ operation, status }) => ({ operation, status }));
  }

  /** How many secrets the account holds on the server. */
  async countSecrets() {
    const { accounts } = await this.#atlas.inventory();
    return accounts.filter(({ clientId }) => clientId === DEMO_CLIENT_ID).flatMap(({ secrets }) => secrets).length;
  }

  /** Counts how many of `texts` stand in clear in any file of the backend. */
  countInBackend(texts) {
    const backend = join(this.#folder, "backend");
    const files = readdirSync(backend, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const all = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")).join("\n");
    return texts.filter((text) => all.includes(text)).length;
  }

  /**
   * Runs the CLI to its end.
   *
   * @param {readonly string[]} args
   * @returns {Promise<{ code: number, stdout: string, text: string }>}
   */
  pulumi(args) {
    return this.#run(process.env.ATLAS_SECRETS_PULUMI ?? "pulumi", args);
  }

  /** Runs the audit over the state that the backend holds and what Atlas lists. */
  async audit(...options) {
    const { stdout } = await this.pulumi(["stack", "export"]);
    writeFileSync(join(this.#project, "demo.json"), stdout);
    const command = join(ROOT, "cli/bin/atlas-secrets.cjs");
    return this.#run(process.execPath, [command, "audit", "demo.json", "--live", ...options]);
  }

  async #run(program, args) {
    if (this.isInterrupted) throw new Error("interrupted");
    const child = spawn(program, args, {
      cwd: this.#project,
      env: this.#environment(),
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: Ctrl-C reaches it once, from here, and it can end its step in order.
      detached: true,
    });
    this.#running = child;
    const [stdout, all] = [[], []];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout.push(text);
      all.push(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text) => all.push(text));
    const code = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve(status ?? 1));
    });
    this.#running = undefined;
    if (this.isInterrupted) throw new Error("interrupted");
    return { code, stdout: stdout.join(""), text: all.join("") };
  }

  /** Asks a running CLI to stop in order; after a while again, and then for good. */
  interrupt() {
    if (this.isInterrupted) return;
    this.isInterrupted = true;
    const signals = ["SIGINT", "SIGINT", "SIGKILL"];
    for (const [turn, signal] of signals.entries()) {
      setTimeout(() => this.#running?.kill(signal), turn * PATIENCE_MS).unref();
    }
  }

  async close() {
    await this.#atlas.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #environment() {
    const { PULUMI_ACCESS_TOKEN: _token, NODE_OPTIONS: _options, ...inherited } = process.env;
    return {
      ...inherited,
      PULUMI_HOME: join(this.#folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(this.#folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "demo",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      // TypeScript programs leave a compiler cache in the temporary folder.
      ...Object.fromEntries(["TMPDIR", "TMP", "TEMP"].map((name) => [name, join(this.#folder, "tmp")])),
      MONGODB_ATLAS_BASE_URL: this.#atlas.url,
      MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
      MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
      ...(this.#shiftMs !== 0 && {
        NODE_OPTIONS: `--require "${join(ROOT, "tools/shift-date.cjs").replaceAll("\\", "/")}"`,
        SHIFT_DATE_MS: String(this.#shiftMs),
      }),
    };
  }
}
