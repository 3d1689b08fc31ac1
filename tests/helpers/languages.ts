/**
 * Programs in other languages than Node.js's, with the SDK of this repository as it is published: the Python wheel is installed into an
 * environment of its own, the Go module is unpacked from its archive, both outside the workspace.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readManifest } from "./packed-package.js";

const ROOT = resolve(__dirname, "../..");
const PROGRAMS = join(ROOT, "tests/engine/languages");

/** The text of the consumer's provider, which programs in all languages use. */
const { PROVIDER: SIGN_IN } = jest.requireActual<{ PROVIDER: string }>("../engine/program/sign-in.js");

/** The name of the Go module. */
export const GO_MODULE = "pulumi-atlas-secrets.example/sdk/go";

/** What the set-up found: the Python that has the packages, the folders of Go, or what is missing. */
interface Found {
  readonly missing?: string;
  readonly interpreter?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A program that is ready to run. */
export interface LanguageProgram {
  readonly program: string;
  /** For Pulumi.yaml. */
  readonly runtime: string;
  readonly env: Readonly<Record<string, string>>;
  /** To come first on PATH. */
  readonly bin?: string;
}

/** A language whose programs this machine can run, or why not. */
export interface Language {
  readonly name: "JavaScript" | "Python" | "Go";
  readonly missing: string | undefined;
  /** Builds the SDK and the test program with it. */
  prepare(): LanguageProgram;
}

const found = JSON.parse(process.env.ATLAS_SECRETS_LANGUAGES ?? "{}") as Readonly<Record<string, Found>>;
const folders: string[] = [];

/** Removes what was built. */
export function removeBuilt(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** All languages that have an SDK. */
export const LANGUAGES: readonly Language[] = [
  { name: "JavaScript", missing: undefined, prepare: prepareJavaScript },
  { name: "Python", missing: findMissing("python"), prepare: preparePython },
  { name: "Go", missing: findMissing("go"), prepare: prepareGo },
];

/** The languages that this machine can run. */
export const INSTALLED = LANGUAGES.filter(({ missing }) => missing === undefined);

/** Those of them that are not Node.js's own. */
export const OTHERS = INSTALLED.filter(({ name }) => name !== "JavaScript");

/** Builds the SDK and the test program of languages that are here, by their names. */
export function prepareAll(languages = INSTALLED): ReadonlyMap<string, LanguageProgram> {
  return new Map(languages.map(({ name, prepare }) => [name, prepare()]));
}

/** Tells of each language that is not here: a test that says so, and that fails where all must be. */
export function defineMissing(): void {
  for (const { name, missing } of LANGUAGES.filter((language) => language.missing !== undefined)) {
    it(`not run for ${name}: ${missing}`, () => {
      expect(process.env.ATLAS_SECRETS_ALL_LANGUAGES ?? "").toBe("");
    });
  }
}

/** `describe.each` for what is here, which may be nothing: that fails in Jest. */
export function describeEach<T extends object>(cases: readonly T[], name: string, define: (each: T) => void): void {
  if (cases.length > 0) describe.each([...cases])(name, define);
}

function findMissing(name: string): string | undefined {
  const language = found[name];
  return language === undefined ? "the set-up did not look for it (npm test does)" : language.missing;
}

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-language-"));
  folders.push(folder);
  return folder;
}

function prepareJavaScript(): LanguageProgram {
  const runtime = "{ name: nodejs, options: { typescript: false } }";
  return { program: join(ROOT, "tests/engine/program"), runtime, env: {} };
}

/** The environment names the Python, since the host that the set-up builds gets no options from Pulumi.yaml. */
function preparePython(): LanguageProgram {
  const env = { PULUMI_PYTHON_CMD: interpreterOf(createPythonEnvironment()), SIGN_IN };
  return { program: join(PROGRAMS, "python"), runtime: "python", env };
}

/** An environment with the wheel of the SDK, which sees the packages that the set-up installed. */
export function createPythonEnvironment(): string {
  const folder = createFolder();
  const wheels = join(folder, "wheels");
  python("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "-w", wheels, SDK_PYTHON);
  const environment = join(folder, "environment");
  python("-m", "venv", "--without-pip", environment);
  const [packages = "", own = ""] = [interpreter(), interpreterOf(environment)].map((each) =>
    run(each, ["-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]).trim(),
  );
  writeFileSync(join(own, "packages.pth"), `${packages}\n`);
  const wheel = join(wheels, readdirSync(wheels)[0] ?? "");
  python("-m", "pip", "--python", interpreterOf(environment), "install", "--quiet", "--no-deps", "--no-index", wheel);
  return environment;
}

/** The Python package of this repository. */
export const SDK_PYTHON = join(ROOT, "sdk/python");

/** The Python of an environment. */
export function interpreterOf(environment: string): string {
  return join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
}

function interpreter(): string {
  return found.python?.interpreter ?? "python3";
}

/** Runs Python with the packages that the set-up installed. */
export function python(...args: string[]): string {
  return run(interpreter(), ["-I", ...args]);
}

/** The host builds the program in each run; here `go build` gives what was built once. */
function prepareGo(): LanguageProgram {
  const folder = createFolder();
  const [program, bin] = [join(folder, "program"), join(folder, "bin")];
  cpSync(join(PROGRAMS, "go"), program, { recursive: true });
  replaceGoModule(program, unpackGoModule());
  const binary = join(bin, "program");
  go(program, "build", "-o", binary, ".");
  const real = run("sh", ["-c", "command -v go"]).trim();
  const script = `#!/bin/sh\nif [ "$1" = build ]; then rm -f "$3" && cp "${binary}" "$3"; else exec "${real}" "$@"; fi\n`;
  writeFileSync(join(bin, "go"), script, { mode: 0o755 });
  return { program, runtime: "go", env: { SIGN_IN, ...goEnvironment() }, bin };
}

/** Makes the module's archive, and unpacks it as the go command does. */
export function unpackGoModule(): string {
  const folder = createFolder();
  const [archive, target] = [join(folder, "module.zip"), join(folder, "module")];
  const version = `${GO_MODULE}@v${readManifest("provider").version}`;
  go(join(ROOT, "tools/sdk/module-archive"), "run", ".", join(ROOT, "sdk/go"), version, archive, target);
  return target;
}

/** Makes a program use the module in that folder. */
export function replaceGoModule(program: string, folder: string): void {
  const file = join(program, "go.mod");
  const text = readFileSync(file, "utf8").replace(/^replace .*$/m, `replace ${GO_MODULE} => ${JSON.stringify(folder)}`);
  writeFileSync(file, text);
}

/** Runs the go command, which downloads nothing. */
export function go(folder: string, ...args: string[]): string {
  return run("go", args, { cwd: folder, env: { ...process.env, ...goEnvironment() } });
}

/** Go's folders, for what runs with another home. */
export function goEnvironment(): Record<string, string> {
  return { ...found.go?.env, GOPROXY: "off", GOTOOLCHAIN: "local", GOWORK: "off", GOFLAGS: "-mod=readonly" };
}

function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): string {
  return execFileSync(command, args, { ...options, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
