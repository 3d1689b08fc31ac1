/** The examples as a person copies them out of the repository: installed with the packed package, from a registry that has what the workspace has. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { pack } from "../../helpers/packed-package.js";
import { type Registry, startRegistry } from "../../tools/registry.js";

const ROOT = resolve(__dirname, "../../..");

/** Where they stand. */
export const EXAMPLES = join(ROOT, "examples");

export class ExampleCopies {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), "atlas-secrets-examples-")));
  readonly #registry: Registry;
  readonly #tarball: string;
  /** By the names of the examples. */
  readonly #copies = new Map<string, Promise<string>>();
  /** Folders with what a manifest says, by that. */
  readonly #installed = new Map<string, Promise<string>>();

  private constructor(registry: Registry) {
    this.#registry = registry;
    this.#tarball = pack("provider", this.#folder).path;
  }

  static async open(): Promise<ExampleCopies> {
    return new ExampleCopies(await startRegistry(ROOT));
  }

  /** The folder of an example's copy, with what its manifest says installed, once for all that say the same. */
  copyOut(name: string): Promise<string> {
    const copy = this.#copies.get(name) ?? this.#make(name);
    this.#copies.set(name, copy);
    return copy;
  }

  async close(): Promise<void> {
    await this.#registry.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #make(name: string): Promise<string> {
    const copy = join(this.#folder, name);
    const filter = (path: string) => !/node_modules|package-lock\.json$/.test(path);
    cpSync(join(EXAMPLES, name), copy, { recursive: true, filter });
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(copy, "package.json"), "utf8")) as object & {
      dependencies: object;
      devDependencies: object;
    };
    const key = JSON.stringify([dependencies, devDependencies]);
    const first = this.#installed.get(key);
    if (first !== undefined) symlinkSync(join(await first, "node_modules"), join(copy, "node_modules"), "junction");
    else this.#installed.set(key, this.#install(copy));
    await this.#installed.get(key);
    return copy;
  }

  async #install(copy: string): Promise<string> {
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
    const from = ["--registry", this.#registry.url, "--cache", join(this.#folder, "cache")];
    await run("npm", ["install", this.#tarball, ...quiet, ...from], copy);
    return copy;
  }
}

/** Runs a program in a folder. @throws Error when it fails, with what it printed */
export const run = (command: string, args: readonly string[], cwd: string) =>
  promisify(execFile)(command, args, { cwd, shell: process.platform === "win32", maxBuffer: 2 ** 26 });
