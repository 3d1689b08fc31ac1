/** Looks at this machine: the programs on the PATH, and what resolves from the program's folder. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Environment } from "../environment.js";
import { readProject } from "../sources/project-file.js";
import type { ProgramFacts, ToolFacts } from "./facts.js";
import { parseVersion } from "./versions.js";

const run = promisify(execFile);

/** A program that does not tell its version in this time, in milliseconds, is taken for one that is not there. */
const VERSION_TIMEOUT_MS = 30_000;

/** Asks the programs for their versions. */
export async function gatherTools({ env }: Pick<Environment, "env">): Promise<ToolFacts> {
  const [pulumi, node] = await Promise.all([
    fetchVersion("pulumi", ["version"], env),
    fetchVersion("node", ["--version"], env),
  ]);
  return { ...(pulumi !== undefined && { pulumi }), ...(node !== undefined && { node }) };
}

async function fetchVersion(
  command: string,
  args: readonly string[],
  env: Environment["env"],
): Promise<string | undefined> {
  try {
    const options = { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" }, timeout: VERSION_TIMEOUT_MS };
    return parseVersion((await run(command, args, options)).stdout);
  } catch {
    return undefined; // Not there, or not what it should be: the check says so.
  }
}

/** Looks at a program's folder as the engine does: where the handlers of its resources are loaded from. */
export function gatherProgram(path: string, { cwd }: Pick<Environment, "cwd">): ProgramFacts {
  const project = readProject(resolve(cwd, path));
  const { folder, runtime } = project ?? { folder: resolve(cwd, path) };
  const require = createRequire(join(folder, "index.js"));
  return {
    folder,
    hasProject: project !== undefined,
    ...(runtime !== undefined && { runtime }),
    packages: {
      "pulumi-atlas-secrets": findPackageVersion(require, "pulumi-atlas-secrets"),
      "@pulumi/pulumi": findPackageVersion(require, "@pulumi/pulumi"),
    },
    hasHandlers: canResolve(require, "pulumi-atlas-secrets/handlers"),
  };
}

function findPackageVersion(require: NodeJS.Require, name: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), "utf8")) as {
      version?: unknown;
    };
    return typeof version === "string" ? parseVersion(version) : undefined;
  } catch {
    return undefined; // It does not resolve: the check says so.
  }
}

function canResolve(require: NodeJS.Require, name: string): boolean {
  try {
    // An entry of `exports` resolves only when its file is there.
    return existsSync(require.resolve(name));
  } catch {
    return false;
  }
}
