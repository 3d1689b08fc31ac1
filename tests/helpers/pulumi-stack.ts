/**
 * One stack of the real Pulumi CLI on a file backend in a folder of its own. Everything that the CLI prints is kept, so that
 * a test can search all of it.
 */
import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { startKeyService } from "./key-service.js";

const ROOT = resolve(__dirname, "../..");
const PROGRAM = join(ROOT, "tests/engine/program");
const LANGUAGE_HOST = join(ROOT, "tests/helpers/language-host.cjs");
const SHIFT_DATE = join(ROOT, "tools/shift-date.cjs");
const KEEP_COMPILED = join(ROOT, "tests/helpers/compile-cache.cjs");

/** What one run of the CLI gave. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, for messages. */
  readonly text: string;
}

/** A run of the CLI that is under way. */
export interface CliRun {
  /** Absent when it could not be started; `ended` then rejects. */
  readonly pid: number | undefined;
  readonly ended: Promise<CliResult>;
}

/** Declares one secret of the test program. */
export interface DeclaredSecret {
  readonly args: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Name of the resource class; default `ProjectServiceAccountSecret`. */
  readonly class?: string;
  /** Name of the explicit provider that it uses. */
  readonly provider?: string;
  /** Name of the secret that is declared before it and takes it along when it is deleted. */
  readonly deletedWith?: string;
  /** Name of the component that it is below, and of the explicit provider that the component is given by `providers`. */
  readonly component?: string;
  /** How many retries its `onError` hook asks for; default: no hook. */
  readonly retries?: number;
  /** Name of a hook beside it that fails. */
  readonly failingHook?: string;
  /** Whether it has a consumer where the program has any; default true. */
  readonly consumer?: boolean;
  /** Whether programs in other languages than JavaScript give its client ids as outputs. */
  readonly outputs?: boolean;
}

/** What the test program declares. */
export interface TestProgram {
  readonly secrets: Readonly<Record<string, DeclaredSecret>>;
  readonly consumers?: boolean;
  /** Names of secrets whose consumer fails. */
  readonly failing?: readonly string[];
  /** Arguments of explicit providers; `of` names the secret that one is fed by. */
  readonly providers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Where the consumers hand on each new value. */
  readonly workloadUrl?: string;
  /** Put wherever a value could show. */
  readonly planted?: string;
}

/** A resource as `pulumi stack export` and the backend's file show it. */
export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  /** URN and id of its provider. */
  readonly provider?: string;
  readonly id?: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
  readonly delete?: boolean;
  readonly initErrors?: string[];
  /** The line of the program that made it: `project:///index.js#5,3`. */
  readonly sourcePosition?: string;
  readonly stackTrace?: readonly { readonly sourcePosition?: string }[];
}

/** The state as it lies in the backend. */
export interface StoredState {
  readonly resources?: readonly ExportedResource[];
  readonly pending_operations?: readonly { readonly type: string }[];
}

/** Options of `PulumiStack.create`. */
export interface PulumiStackOptions {
  /** Environment of the CLI and so of program and provider: credentials, base URL. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder with the program; default the shared test program. */
  readonly program?: string;
  /** Whether the program has its own `node_modules`; otherwise it gets links to `PACKAGES` and to these. */
  readonly hasModules?: boolean;
  readonly packages?: readonly string[];
  /** Name of a folder of examples/, or path of another one, to run as it stands, with its own project file, in place of a program. */
  readonly example?: string;
  /** The runtime of Pulumi.yaml, as YAML; default plain JavaScript. */
  readonly runtime?: string;
  /** A folder to come first on PATH. */
  readonly bin?: string;
  /** Default `test`: a backend that several stacks share tells them apart by it. */
  readonly name?: string;
  /** Whether its values are encrypted by a passphrase; otherwise by a key service, which takes a tenth less of each run. */
  readonly hasPassphrase?: boolean;
}

/** Plain JavaScript: the language host need not load the TypeScript compiler. */
const JAVASCRIPT = "{ name: nodejs, options: { typescript: false } }";

/** What every program imports. The language host reads the whole of `node_modules` in every run: the workspace's takes seconds. */
const PACKAGES = ["@pulumi/pulumi", "pulumi-atlas-secrets"];

/** Flags of every command that runs the program. */
const FOR_PROGRAMS = ["--non-interactive", "--color", "never"];

/** Where all programs that share the workspace's packages have their compiled code. */
const COMPILE_CACHE = join(ROOT, "node_modules/.cache/pulumi-programs");

/** One for the test file. */
let keyService: ReturnType<typeof startKeyService> | undefined;

const OWN_TYPES = "pulumi-nodejs:dynamic/atlas:";

export class PulumiStack {
  readonly folder: string;
  /** Everything that any run printed. */
  readonly transcript: string[] = [];
  readonly name: string;
  readonly #env: Record<string, string>;
  #pulumi = process.env.ATLAS_SECRETS_PULUMI ?? "pulumi";
  #shiftMs = 0;
  #preloads: readonly string[] = [KEEP_COMPILED];
  #folders: readonly string[] = [];

  private constructor(folder: string, name: string, env: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.name = name;
    this.#env = { ...env };
  }

  /** Makes the folders and an empty stack. */
  static async create({
    env,
    program = PROGRAM,
    hasModules = false,
    packages = [],
    example,
    runtime = JAVASCRIPT,
    bin,
    name = "test",
    hasPassphrase = false,
  }: PulumiStackOptions): Promise<PulumiStack> {
    const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-stack-"));
    keyService ??= startKeyService();
    const stack = new PulumiStack(folder, name, hasPassphrase ? env : { ...(await keyService), ...env });
    // Packages that go with the test take their compiled code along.
    if (hasModules || isAbsolute(example ?? "")) stack.setEnv({ COMPILE_CACHE: join(folder, "compile-cache") });
    for (const name of ["home", "backend", "tmp"]) mkdirSync(join(folder, name));
    if (example === undefined) {
      stack.useProgram(program, runtime, bin);
      if (!hasModules) linkPackages([...PACKAGES, ...packages], join(stack.programFolder, "node_modules"));
    } else {
      linkExample(example, stack.programFolder);
    }
    const provider = hasPassphrase ? "passphrase" : "hashivault://atlas-secrets";
    const init = await stack.run(["stack", "init", name, "--secrets-provider", provider]);
    if (init.code !== 0) throw new Error(`stack init failed: ${init.text}`);
    return stack;
  }

  /** A stack of its own that begins with some of this one's resources: several tests can start from one run. */
  fork(select: (resource: ExportedResource) => boolean): PulumiStack {
    const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-stack-"));
    const isKept = (source: string) => source !== this.temporaryFolder;
    cpSync(this.folder, folder, { recursive: true, verbatimSymlinks: true, filter: isKept });
    const fork = new PulumiStack(folder, this.name, this.#env);
    fork.#shiftMs = this.#shiftMs;
    fork.#preloads = this.#preloads;
    mkdirSync(fork.temporaryFolder);
    const file = JSON.parse(readFileSync(fork.#stateFile, "utf8")) as { checkpoint: { latest: StoredState } };
    const { latest } = file.checkpoint;
    const resources = (latest.resources ?? []).filter(select);
    const checkpoint = { ...file.checkpoint, latest: { ...latest, resources } };
    writeFileSync(fork.#stateFile, JSON.stringify({ ...file, checkpoint }));
    return fork;
  }

  /** From now on the stack runs the program of that folder, beside what it has already: another language has other files. `bin` is a folder to come first on PATH. */
  useProgram(program: string, runtime = JAVASCRIPT, bin?: string): void {
    this.#folders = bin === undefined ? [] : [bin];
    cpSync(program, this.programFolder, { recursive: true });
    writeFileSync(join(this.programFolder, "Pulumi.yaml"), `name: engine-test\nruntime: ${runtime}\n`);
  }

  get programFolder(): string {
    return join(this.folder, "program");
  }

  /** Where everything that the CLI starts keeps temporary files; what a killed process leaves there goes with the stack. */
  get temporaryFolder(): string {
    return join(this.folder, "tmp");
  }

  /** Moves the wall clock of every process of later runs, relative to the real one. */
  shiftClock(ms: number): void {
    this.#shiftMs += ms;
  }

  /** The environment given at the start and since, without what the harness adds. */
  get environment(): Readonly<Record<string, string>> {
    return this.#env;
  }

  /** From now on the CLI has a language host as a distribution has it: it starts packs, and knows every call of the engine. */
  useDistribution(): void {
    const folder = join(this.folder, "distribution");
    mkdirSync(folder);
    // No symbolic link: the CLI looks for its hosts beside the file that it is.
    for (const name of ["pulumi", "pulumi-resource-pulumi-nodejs"]) {
      linkSync(join(dirname(this.#pulumi), name), join(folder, name));
    }
    const host = join(folder, "pulumi-language-nodejs");
    writeFileSync(host, `#!/bin/sh\nexec node "${LANGUAGE_HOST}" "$@"\n`);
    chmodSync(host, 0o755);
    this.#pulumi = join(folder, "pulumi");
  }

  /** Gives the program more of the workspace's packages. */
  linkPackages(names: readonly string[]): void {
    linkPackages(names, join(this.programFolder, "node_modules"));
  }

  setEnv(values: Readonly<Record<string, string>>): void {
    Object.assign(this.#env, values);
  }

  unsetEnv(name: string): void {
    delete this.#env[name];
  }

  /** From now on Node.js loads a script before programs and providers. */
  preload(script: string): void {
    this.#preloads = [...this.#preloads, script];
  }

  async up(program: TestProgram, ...flags: string[]): Promise<CliResult> {
    return this.#withProgram(program, ["up", "--yes", "--skip-preview", ...flags]);
  }

  /** Begins an `up` and does not wait for its end. */
  startUp(program: TestProgram, ...flags: string[]): CliRun {
    this.#env.PROGRAM = JSON.stringify(program);
    return this.#start(["up", "--yes", "--skip-preview", ...flags, "--stack", this.name, ...FOR_PROGRAMS]);
  }

  async preview(program: TestProgram, ...flags: string[]): Promise<CliResult> {
    return this.#withProgram(program, ["preview", ...flags]);
  }

  async refresh(...flags: string[]): Promise<CliResult> {
    return this.run(["refresh", "--yes", "--skip-preview", "--stack", this.name, ...flags]);
  }

  async destroy(...flags: string[]): Promise<CliResult> {
    return this.run(["destroy", "--yes", "--skip-preview", "--stack", this.name, ...flags]);
  }

  async config(key: string, value: string, ...flags: string[]): Promise<void> {
    const result = await this.run(["config", "set", "--stack", this.name, ...flags, key, value]);
    if (result.code !== 0) throw new Error(`config set failed: ${result.text}`);
  }

  /** Resources of the state; ciphertext stays ciphertext unless `--show-secrets` is given. */
  async resources(...flags: string[]): Promise<ExportedResource[]> {
    const { stdout } = await this.#quietly(["stack", "export", "--stack", this.name, ...flags]);
    const { deployment } = JSON.parse(stdout) as { deployment: { resources?: ExportedResource[] } };
    return deployment.resources ?? [];
  }

  /** The secrets of our own classes in the state, with their outputs in clear. */
  async secrets(): Promise<ExportedResource[]> {
    const resources = await this.resources("--show-secrets");
    return resources
      .filter(({ type }) => type.startsWith(OWN_TYPES))
      .map((found) => ({ ...found, outputs: toClear(found.outputs) }));
  }

  /** The state as it lies in the backend, without running the CLI; what is secret is ciphertext. */
  storedState(): StoredState {
    const { checkpoint } = JSON.parse(readFileSync(this.#stateFile, "utf8")) as {
      checkpoint: { latest?: StoredState };
    };
    return checkpoint.latest ?? {};
  }

  /** All text of all files under the backend, as it lies on the disk. */
  backendText(): string {
    return readTree(join(this.folder, "backend")).join("\n");
  }

  async run(args: readonly string[]): Promise<CliResult> {
    const result = await this.#spawn(args);
    this.transcript.push(result.text);
    return result;
  }

  /** Runs a line of the shell where the program is, with the CLI's environment; its output is kept out of the transcript. */
  async shell(line: string): Promise<CliResult> {
    return this.#spawn(["-c", line], "sh");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #withProgram(program: TestProgram, args: readonly string[]): Promise<CliResult> {
    this.#env.PROGRAM = JSON.stringify(program);
    return this.run([...args, "--stack", this.name, ...FOR_PROGRAMS]);
  }

  /** A run whose output holds secrets on purpose and does not belong in the transcript. */
  async #quietly(args: readonly string[]): Promise<CliResult> {
    const result = await this.#spawn(args);
    if (result.code !== 0) throw new Error(`pulumi ${args.join(" ")} failed: ${result.stderr}`);
    return result;
  }

  get #stateFile(): string {
    return join(this.folder, "backend/.pulumi/stacks/engine-test", `${this.name}.json`);
  }

  async #spawn(args: readonly string[], command?: string): Promise<CliResult> {
    return this.#start(args, command).ended;
  }

  #start(args: readonly string[], command?: string): CliRun {
    const folders = [dirname(process.execPath), dirname(this.#pulumi), process.env.PATH];
    const path = [...this.#folders, ...folders].join(delimiter);
    const preloads = this.#shiftMs === 0 ? this.#preloads : [...this.#preloads, SHIFT_DATE];
    const child = spawn(command ?? this.#pulumi, args, {
      cwd: this.programFolder,
      env: {
        PATH: path,
        HOME: this.folder,
        TMPDIR: this.temporaryFolder,
        NODE_OPTIONS: preloads.map((script) => `--require "${script}"`).join(" "),
        COMPILE_CACHE,
        SHIFT_DATE_MS: String(this.#shiftMs),
        PULUMI_HOME: join(this.folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(this.folder, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "test-passphrase",
        PULUMI_SKIP_UPDATE_CHECK: "1",
        ...this.#env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr]: [string[], string[]] = [[], []];
    child.stdout.setEncoding("utf8").on("data", (text: string) => stdout.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => stderr.push(text));
    const ended = new Promise<CliResult>((settle, reject) => {
      child.once("error", reject);
      child.once("close", (status) => {
        const [out, err] = [stdout.join(""), stderr.join("")];
        settle({ code: status ?? 1, stdout: out, stderr: err, text: `${out}\n${err}` });
      });
    });
    return { pid: child.pid, ended };
  }
}

function linkPackages(names: readonly string[], folder: string): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), join(folder, name), "junction");
  }
}

/** The project file stands in a folder of the test, where the CLI writes the stack's settings; the rest is linked. */
function linkExample(name: string, folder: string): void {
  const source = resolve(ROOT, "examples", name);
  mkdirSync(folder);
  symlinkSync(source, join(folder, "example"), "junction");
  const project = readFileSync(join(source, "Pulumi.yaml"), "utf8");
  writeFileSync(join(folder, "Pulumi.yaml"), `${project}main: example\n`);
}

/** Unwraps what `--show-secrets` shows as objects with `plaintext`. */
function toClear(outputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => {
      const text = (value as { plaintext?: unknown } | null)?.plaintext;
      return [key, typeof text === "string" ? (JSON.parse(text) as unknown) : value];
    }),
  );
}

function readTree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
}
