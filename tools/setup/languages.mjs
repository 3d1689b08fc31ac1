/**
 * What programs in Python and Go need to run under the Pulumi CLI: their language hosts, and the SDKs that they import. Only the tests
 * need it, so nothing here fails the set-up: what a language lacks is said, and its tests then say that they did not run.
 *
 * A distribution of the CLI brings the hosts; where the CLI was built, they are built too, each as the last one that is part of a
 * module which module proxies serve.
 * @see https://github.com/pulumi/pulumi/tree/master/sdk/python/cmd/pulumi-language-python
 * @see https://github.com/pulumi/pulumi/tree/master/sdk/go/pulumi-language-go
 */
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publishFolder } from "./cache.mjs";
import { findExecutable, isExecutable, listPathFolders } from "./executables.mjs";
import { buildPrograms, findGo } from "./pulumi-build.mjs";
import { capture, lastLines } from "./run.mjs";
import { isAtLeast, PYTHON_MINIMUM, parseVersion } from "./versions.mjs";

/** Environment variable that tells the tests, as JSON, what each language has, or what it is missing. */
const VARIABLE = "ATLAS_SECRETS_LANGUAGES";

const MODULE = "github.com/pulumi/pulumi/sdk/v3";

const HOSTS = {
  python: {
    name: "pulumi-language-python",
    package: `${MODULE}/python/cmd/pulumi-language-python`,
    version: "3.68.0",
    scripts: ["python/cmd/pulumi-language-python-exec"],
  },
  go: { name: "pulumi-language-go", package: `${MODULE}/go/pulumi-language-go`, version: "3.60.0", scripts: [] },
};

const REQUIREMENTS = fileURLToPath(new URL("python/requirements.txt", import.meta.url));

/**
 * Returns the folders that are to come on PATH, and the environment for the tests.
 * @param {import("./machine.mjs").Machine} machine
 * @param {readonly string[]} folders of the Pulumi CLI
 * @param {import("./progress.mjs").Progress} progress
 * @returns {Promise<{ folders: string[], env: NodeJS.ProcessEnv }>}
 */
export async function ensureLanguages(machine, folders, progress) {
  const found = { python: await attempt(ensurePython), go: await attempt(ensureGo) };
  const languages = Object.fromEntries(
    Object.entries(found).map(([name, { folder: _folder, ...rest }]) => [name, rest]),
  );
  return {
    folders: Object.values(found).flatMap(({ folder }) => folder ?? []),
    env: { [VARIABLE]: JSON.stringify(languages) },
  };

  async function attempt(ensure) {
    try {
      return await ensure(machine, folders, progress);
    } catch (error) {
      const missing = error.message.split("\n", 1)[0];
      progress.note(`${error.message}\nThe tests that need it will not run.`);
      return { missing };
    }
  }
}

async function ensurePython(machine, folders, progress) {
  const { env, platform, cache } = machine;
  const python = ["python3", "python"]
    .map((name) => findExecutable(name, listPathFolders(env), platform))
    .find(Boolean);
  if (python === undefined) throw new Error("no Python: there is no python3 on PATH");
  const { code, output } = await capture(python, ["--version"], { env });
  const version = parseVersion(output);
  if (code !== 0 || version === undefined || !isAtLeast(version, PYTHON_MINIMUM)) {
    throw new Error(`no Python ${PYTHON_MINIMUM} or later: ${python} is ${version ?? "unusable"}`);
  }
  const folder = await ensureHost(machine, HOSTS.python, folders, progress);
  const hash = createHash("sha256").update(`${python}\n${version}\n`).update(readFileSync(REQUIREMENTS));
  const environment = join(cache, `python-${hash.digest("hex").slice(0, 16)}`);
  if (!isExecutable(interpreterOf(environment, platform))) {
    const fill = (draft) => installPackages(python, draft, machine);
    await progress.step("Installing the Python packages that the tests need", () =>
      publishFolder(environment, fill, (found) => isExecutable(interpreterOf(found, platform))),
    );
  }
  return { folder, interpreter: interpreterOf(environment, platform) };
}

/** No script of the environment is used, since its first line names a folder that is renamed. */
async function installPackages(python, folder, { env, platform }) {
  const pip = ["-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "-r", REQUIREMENTS];
  for (const [command, args] of [
    [python, ["-m", "venv", folder]],
    [interpreterOf(folder, platform), pip],
  ]) {
    const { code, output } = await capture(command, args, { env });
    if (code !== 0)
      throw new Error(
        `no Python packages: python ${args.slice(0, 2).join(" ")} ended with code ${code}\n${lastLines(output)}`,
      );
  }
}

function interpreterOf(environment, platform) {
  return platform === "win32" ? join(environment, "Scripts", "python.exe") : join(environment, "bin", "python");
}

/** Go's own caches keep what is downloaded and compiled here, so that a test downloads nothing. */
async function ensureGo(machine, folders, progress) {
  const go = await findGo(machine).catch((error) => {
    throw new Error(`no Go: ${error.message}`);
  });
  const folder = await ensureHost(machine, HOSTS.go, folders, progress);
  const { env, root } = machine;
  const compile = async () => {
    for (const module of ["examples/go", "tests/engine/languages/go", "tools/sdk/module-archive"]) {
      // Compiles every package, and links no program.
      const { code, output } = await capture(go, ["list", "-export", "-deps", "./..."], {
        cwd: join(root, module),
        env,
      });
      if (code !== 0) throw new Error(`no Go modules: those of ${module} could not be compiled\n${lastLines(output)}`);
    }
  };
  await progress.step("Compiling the Go SDK, which can take minutes the first time", compile);
  const names = ["GOPATH", "GOCACHE", "GOMODCACHE"];
  const { output } = await capture(go, ["env", ...names], { cwd: root, env });
  const values = output.split(/\r?\n/);
  return { folder, env: Object.fromEntries(names.map((name, index) => [name, values[index]])) };
}

/** Returns the folder that is to come on PATH for a host: none when the CLI has it already. */
async function ensureHost(machine, host, folders, progress) {
  const { env, platform, arch, cache } = machine;
  if (findExecutable(host.name, [...folders, ...listPathFolders(env)], platform) !== undefined) return undefined;
  const folder = join(cache, `${host.name}-${host.version}-${platform}-${arch}`);
  const isComplete = (found) => findExecutable(host.name, [found], platform) !== undefined;
  if (!isComplete(folder))
    await publishFolder(folder, (draft) => buildHost(machine, host, draft, progress), isComplete);
  return folder;
}

async function buildHost(machine, host, draft, progress) {
  await buildPrograms(machine, [{ ...host, linkerFlags: "-s -w" }], draft, progress);
  const cwd = fileURLToPath(new URL(`go/${host.name}`, import.meta.url));
  const go = await findGo(machine);
  const { output } = await capture(go, ["list", "-m", "-f", "{{.Dir}}", MODULE], { cwd, env: machine.env });
  for (const script of host.scripts) {
    const target = join(draft, script.split("/").at(-1));
    copyFileSync(join(output, script), target);
    chmodSync(target, 0o755);
  }
}
