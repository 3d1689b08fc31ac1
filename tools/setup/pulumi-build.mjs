/**
 * Builds the Pulumi CLI and its language host for Node.js from Go modules, where releases cannot be downloaded. Every version
 * is pinned and verified by the go.mod and go.sum files in `go/`.
 *
 * The language host is that of 3.68.0, the last one that is part of a module which module proxies serve. It runs today's
 * programs; it cannot run `--policy-pack` with a folder.
 * @see https://github.com/pulumi/pulumi/tree/master/sdk/nodejs/cmd/pulumi-language-nodejs
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findExecutable, listPathFolders } from "./executables.mjs";
import { capture, lastLines } from "./run.mjs";
import { GO_MINIMUM, isAtLeast, PULUMI_VERSION, parseVersion } from "./versions.mjs";

const PROGRAMS = [
  {
    name: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    linkerFlags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`,
  },
  {
    name: "pulumi-language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    linkerFlags: "-s -w",
  },
];

/**
 * Fills a folder with both programs. Takes minutes when Go's caches are empty.
 * @param {import("./machine.mjs").Machine} machine
 * @param {string} _node
 * @param {string} folder
 * @param {import("./progress.mjs").Progress} progress
 * @throws {Error} when there is no Go that is recent enough, or it fails
 */
export async function buildPulumi(machine, _node, folder, progress) {
  await buildPrograms(machine, PROGRAMS, folder, progress);
}

/**
 * Builds programs, whose versions are pinned in `go/<name>`, into a folder.
 * @param {import("./machine.mjs").Machine} machine
 * @param {readonly { name: string, package: string, linkerFlags: string }[]} programs
 * @param {string} folder
 * @param {import("./progress.mjs").Progress} progress
 * @throws {Error} when there is no Go that is recent enough, or it fails
 */
export async function buildPrograms(machine, programs, folder, progress) {
  const env = buildEnvironment(machine.env);
  const go = await findGo(machine, env);
  for (const program of programs) {
    await progress.step(`Building ${program.name} from Go modules, which can take minutes`, () =>
      build(machine, go, env, program, folder),
    );
  }
}

/**
 * Returns the path of a Go that is recent enough.
 * @param {import("./machine.mjs").Machine} machine
 * @param {NodeJS.ProcessEnv} [env]
 * @throws {Error} with what is missing
 */
export async function findGo({ platform, env: own }, env = own) {
  const go = findExecutable("go", listPathFolders(env), platform);
  if (go === undefined) throw new Error("there is no go on PATH");
  const { code, output } = await capture(go, ["version"], { env });
  const version = parseVersion(output);
  if (code !== 0 || version === undefined) throw new Error(`${go} version ended with code ${code}`);
  if (!isAtLeast(version, GO_MINIMUM)) throw new Error(`${go} is ${version}, older than ${GO_MINIMUM}`);
  return go;
}

async function build({ platform }, go, env, program, folder) {
  const target = join(folder, platform === "win32" ? `${program.name}.exe` : program.name);
  const flags = ["-mod=readonly", "-tags", "osusergo,grpcnotrace", "-ldflags", program.linkerFlags];
  const cwd = fileURLToPath(new URL(`go/${program.name}`, import.meta.url));
  const { code, output } = await capture(go, ["build", ...flags, "-o", target, program.package], { cwd, env });
  if (code !== 0) throw new Error(`go build of ${program.name} ended with code ${code}:\n${lastLines(output)}`);
}

/** The user's proxies and flags stay; a workspace, another toolchain or another target would change what is built. */
function buildEnvironment(env) {
  const { GOOS: _system, GOARCH: _architecture, ...others } = env;
  return { ...others, GOTOOLCHAIN: "local", GOWORK: "off", CGO_ENABLED: "0" };
}
