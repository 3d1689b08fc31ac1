/** One stack of the real Pulumi CLI in a folder of its own; each command is timed as a whole process. */
import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROJECT = "name: bench\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n";
const LINKED = ["@pulumi/pulumi", "pulumi-atlas-secrets"];

/** How often memory is looked at, in milliseconds. */
const LOOK_MS = 200;

/**
 * Makes the stack. `declaration` is a module of this folder that declares the resources. Its backend is a folder of its own, unless
 * `env` names another with `PULUMI_BACKEND_URL`; several stacks there need several names.
 */
export async function createStack(declaration, accounts, env, name = "test") {
  const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-bench-"));
  const program = join(folder, "program");
  for (const name of ["home", "backend", "program/node_modules/@pulumi"])
    mkdirSync(join(folder, name), { recursive: true });
  for (const name of LINKED)
    symlinkSync(join(ROOT, "node_modules", name), join(program, "node_modules", name), "junction");
  const source = readFileSync(join(ROOT, "bench/engine", declaration), "utf8");
  writeFileSync(join(program, "declare.cjs"), source);
  writeFileSync(join(program, "accounts.json"), JSON.stringify(accounts));
  writeFileSync(
    join(program, "index.js"),
    'require("./declare.cjs").declare(require("./accounts.json"), Number(process.env.HOURS));\n',
  );
  writeFileSync(join(program, "Pulumi.yaml"), PROJECT);
  const run = (args, more = {}) => runPulumi(program, folder, args, { ...env, ...more });
  await run(["stack", "init", name]);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const state = join(folder, "backend/.pulumi/stacks/bench/test.json");
  return { run, remove, stateBytes: () => statSync(state).size };
}

async function runPulumi(cwd, folder, args, env) {
  const pulumi = process.env.ATLAS_SECRETS_PULUMI;
  const started = performance.now();
  const child = spawn(pulumi, [...args, "--non-interactive", "--color", "never"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: [dirname(process.execPath), dirname(pulumi), process.env.PATH].join(delimiter),
      HOME: folder,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      ...env,
    },
  });
  const peaks = { cli: 0, provider: 0 };
  const looking = setInterval(() => notePeaks(peaks, child.pid, folder), LOOK_MS);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (text += data));
  const code = await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  clearInterval(looking);
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${text.slice(-3000)}`);
  return { seconds: (performance.now() - started) / 1000, peaks };
}

/** The most memory that the CLI and the provider's process have had, in MB. Only Linux tells. */
function notePeaks(peaks, cliPid, folder) {
  if (process.platform !== "linux") return;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      const isCli = Number(pid) === cliPid;
      if (
        !isCli &&
        !(command.includes("dynamic-provider") && readFileSync(`/proc/${pid}/environ`, "utf8").includes(folder))
      )
        continue;
      const [, kilobytes = 0] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
      const name = isCli ? "cli" : "provider";
      peaks[name] = Math.max(peaks[name], Number(kilobytes) / 1024);
    } catch {
      // It has ended meanwhile.
    }
  }
}
