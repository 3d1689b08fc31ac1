/** The published form: packed by npm, and installed by npm into folders outside the workspace without asking a registry. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

/** What npm packed: the tarball's path, and the files in it. */
export interface Packed {
  readonly path: string;
  readonly files: readonly { readonly path: string }[];
}

/** A manifest of this repository, by its folder. */
export function readManifest(path: string): Record<string, Record<string, string>> {
  return JSON.parse(readFileSync(join(ROOT, path, "package.json"), "utf8"));
}

/** Packs a package of the workspace, by its folder or name, as it is built: `prepack` would build it anew under the other tests. */
export function pack(workspace: string, folder: string): Packed {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, "--workspace", workspace];
  type Answer = { readonly filename: string } & Pick<Packed, "files">;
  const [packed] = Object.values(JSON.parse(runNpm(args, ROOT)) as Answer[] | Record<string, Answer>);
  if (!packed) throw new Error("npm packed nothing");
  return { path: join(folder, packed.filename), files: packed.files };
}

/** Makes a program's manifest that depends on a packed provider, with what that needs linked from the workspace, the SDK by its folder. */
export function writeProgramManifest(program: string, tarball: string, sdk = "@pulumi/pulumi"): void {
  const link = (name: string) => `file:${join(ROOT, "node_modules", name)}`;
  const dependencies = {
    ...Object.fromEntries(Object.keys(readManifest("provider").dependencies ?? {}).map((name) => [name, link(name)])),
    "@pulumi/pulumi": link(sdk),
    "pulumi-atlas-secrets": `file:${tarball}`,
  };
  const manifest = { name: "program", version: "1.0.0", private: true, main: "index.js", dependencies };
  writeFileSync(join(program, "package.json"), JSON.stringify(manifest));
}

/** Installs what the manifest of a folder, or of its workspaces, says. */
export function install(folder: string, ...flags: string[]): void {
  const quiet = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  runNpm(["install", ...quiet, "--cache", join(folder, "npm-cache"), ...flags], folder);
}

function runNpm(args: string[], cwd: string): string {
  const isWindows = process.platform === "win32";
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], shell: isWindows });
}
