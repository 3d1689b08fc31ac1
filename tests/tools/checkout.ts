/**
 * A copy of the set-up in a folder of its own, with fake programs on PATH, a cache of its own, and a mirror on this machine. It
 * reaches nothing else: PATH has only what a test puts there, and proxies are not inherited.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

/** What `node tools/setup.mjs` gave. */
export interface SetUpResult {
  readonly code: number;
  readonly text: string;
}

/** A version that the set-up pins. */
export function readPinned(name: string): string {
  const text = readFileSync(join(ROOT, "tools/setup/versions.mjs"), "utf8");
  const found = new RegExp(`${name} = "(.+)"`).exec(text)?.[1];
  if (found === undefined) throw new Error(`versions.mjs has no ${name}`);
  return found;
}

const RELEASE_FILE = "tools/setup/pulumi-release.json";

/** The release of Pulumi that is downloaded. */
export const RELEASE = JSON.parse(readFileSync(join(ROOT, RELEASE_FILE), "utf8")) as {
  readonly version: string;
  readonly sha256: Readonly<Record<string, string>>;
};

/** More than a set-up with fake programs ever takes. */
const SET_UP_MS = 50_000;

const checkouts: string[] = [];

/** Removes every checkout of the test file. */
export function removeCheckouts(): void {
  for (const folder of checkouts.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export class Checkout {
  /** With a space, since home folders have them. */
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "atlas secrets set-up ")));
  readonly env: Record<string, string> = {};

  constructor() {
    checkouts.push(this.folder);
    for (const name of ["bin", "checkout"]) mkdirSync(join(this.folder, name));
    cpSync(join(ROOT, "tools/setup"), join(this.root, "tools/setup"), { recursive: true });
    cpSync(join(ROOT, "tools/setup.mjs"), join(this.root, "tools/setup.mjs"));
    this.write("package.json", JSON.stringify({ private: true, workspaces: ["packages/*"] }));
    this.write("packages/one/package.json", JSON.stringify({ name: "one", version: "1.0.0" }));
    this.lock({ "node_modules/left": { version: "1.0.0", integrity: "sha512-left" } });
    for (const tool of ["tar", "gzip"]) this.link(tool);
    this.program("npm", installer(this.root));
  }

  get root(): string {
    return join(this.folder, "checkout");
  }

  get cache(): string {
    return join(this.folder, "cache");
  }

  /** Calls of fake programs since the start, such as `npm ci`. */
  get calls(): string[] {
    const log = join(this.folder, "calls");
    return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** Writes package-lock.json with these packages. */
  lock(packages: Readonly<Record<string, unknown>>): void {
    this.write("package-lock.json", JSON.stringify({ lockfileVersion: 3, packages: { "": {}, ...packages } }));
  }

  /** Puts a program on PATH that notes its call and then runs JavaScript, with `args` and `fs`. */
  program(name: string, script: string, folder = "bin"): string {
    const file = join(this.folder, folder, name);
    mkdirSync(dirname(file), { recursive: true });
    const log = JSON.stringify(join(this.folder, "calls"));
    const note = `const fs = require("node:fs"); const args = process.argv.slice(2); fs.appendFileSync(${log}, [${JSON.stringify(name)}, ...args].join(" ") + "\\n");`;
    writeFileSync(`${file}.cjs`, `${note}\n${script}\n`);
    writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${file}.cjs" "$@"\n`);
    chmodSync(file, 0o755);
    return file;
  }

  /** Puts a `pulumi` of that version, and a language host, on PATH. */
  pulumiOnPath(version: string, { languageHost = true } = {}): string {
    const file = this.program("pulumi", `console.log("v${version}")`);
    if (languageHost) this.program("pulumi-language-nodejs", "");
    return file;
  }

  /** Puts a `go` on PATH whose build writes a program, and ends with `code`. */
  goOnPath({ version = "1.27.0", code = 0 } = {}): void {
    this.program(
      "go",
      `if (args[0] === "version") console.log("go version go${version} linux/amd64");
       else if (${code} !== 0) { console.error("no such module"); process.exit(${code}); }
       else fs.writeFileSync(args[args.indexOf("-o") + 1], "#!/bin/sh\\n", { mode: 0o755 });`,
    );
  }

  /** Runs the set-up, with `overrides` over the environment. */
  setUp(overrides: Readonly<Record<string, string>> = {}): Promise<SetUpResult> {
    return this.run([join(this.root, "tools/setup.mjs")], overrides);
  }

  /** Runs this Node with arguments. */
  run(args: readonly string[], overrides: Readonly<Record<string, string>> = {}): Promise<SetUpResult> {
    const child = spawn(process.execPath, args, {
      cwd: this.folder,
      env: {
        PATH: [join(this.folder, "bin")].join(delimiter),
        HOME: this.folder,
        ATLAS_SECRETS_CACHE: this.cache,
        // Nothing listens there, so a test that forgets its mirror cannot get out.
        ATLAS_SECRETS_PULUMI_DOWNLOAD_URL: "http://127.0.0.1:9",
        ...this.env,
        ...overrides,
      },
      stdio: ["ignore", "pipe", "pipe"],
      // One that waits for what never comes must not outlive its test.
      timeout: SET_UP_MS,
    });
    const text: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part: string) => text.push(part));
    return new Promise((settle, reject) => {
      child.once("error", reject);
      child.once("close", (code) => settle({ code: code ?? 1, text: text.join("") }));
    });
  }

  /** Makes a release archive in `folder`, whose checksum is the one that this copy of the set-up asks for. */
  async release(folder: string): Promise<void> {
    const { version } = RELEASE;
    for (const name of ["pulumi", "pulumi-language-nodejs"])
      this.program(name, `console.log("v${version}")`, "release/pulumi");
    mkdirSync(join(this.folder, folder), { recursive: true });
    const name = `pulumi-v${version}-${process.platform}-${process.arch}.tar.gz`;
    const archive = join(this.folder, folder, name);
    const tar = `require("node:child_process").execFileSync("tar", ["-czf", process.argv[1], "pulumi"], { cwd: process.argv[2] })`;
    const { code, text } = await this.run(["-e", tar, archive, join(this.folder, "release")]);
    if (code !== 0) throw new Error(text);
    const sum = createHash("sha256").update(readFileSync(archive)).digest("hex");
    this.pinRelease({ [`${process.platform}-${process.arch}`]: sum });
  }

  /** Puts other checksums of the release into this copy of the set-up, by platform. */
  pinRelease(sha256: Readonly<Record<string, string>>): void {
    this.write(RELEASE_FILE, JSON.stringify({ ...RELEASE, sha256 }));
  }

  private link(tool: string): void {
    const found = (process.env.PATH ?? "")
      .split(delimiter)
      .map((folder) => join(folder, tool))
      .find((path) => existsSync(path));
    if (found === undefined) throw new Error(`${tool} is needed on PATH`);
    symlinkSync(found, join(this.folder, "bin", tool));
  }
}

/** A fake npm: it copies the lock file to where npm keeps its record, and brings the plugin that `@pulumi/pulumi` has. */
function installer(root: string): string {
  return `
    const root = ${JSON.stringify(root)};
    const folder = root + "/node_modules/@pulumi/pulumi";
    fs.rmSync(root + "/node_modules", { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(folder + "/pulumi-resource-pulumi-nodejs", "#!/bin/sh\\n");
    fs.copyFileSync(root + "/package-lock.json", root + "/node_modules/.package-lock.json");`;
}
