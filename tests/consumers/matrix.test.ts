/**
 * Our packages as strangers install them: packed, served by a registry, installed by npm, pnpm and Yarn beside both ends of the SDK's
 * peer range; compiled with the types of every package checked, run by the real Pulumi CLI on the Node.js of `CONSUMERS_NODE`, audited,
 * and judged by the policy pack, against the simulator, each as it was installed.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { pack, readManifest } from "../helpers/packed-package.js";
import { PulumiStack } from "../helpers/pulumi-stack.js";
import { type Registry, startRegistry } from "../tools/registry.js";

const ROOT = resolve(__dirname, "../..");
const NODE = process.env.CONSUMERS_NODE ?? process.execPath;
const VERSION = String(readManifest("provider").version);
const OURS = ["", "-cli", "-policy", "-simulator"].map((suffix) => `pulumi-atlas-secrets${suffix}`);
const { devDependencies = {}, dependencies: _ } = readManifest(".");
const SDKS = {
  oldest: String(devDependencies["pulumi-oldest"]?.split("@").at(-1)),
  newest: devDependencies["@pulumi/pulumi"],
};

const tool = (path: string, ...args: string[]) => [NODE, join(ROOT, "node_modules", path), ...args] as const;
/** How each manager installs what the manifest says; scripts are left out, as those of our packages are none. */
const MANAGERS = {
  npm: ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"],
  pnpm: tool("pnpm/bin/pnpm.mjs", "install", "--ignore-scripts"),
  Yarn: tool("@yarnpkg/cli-dist/bin/yarn.js", "install", "--mode=skip-build"),
} as const;

const TYPESCRIPT = `
import * as pulumi from "@pulumi/pulumi";
import { auditRecord, ProjectServiceAccountSecret } from "pulumi-atlas-secrets";

const config = new pulumi.Config();
const backend = new ProjectServiceAccountSecret("backend", {
  projectId: config.require("projectId"),
  clientId: config.require("clientId"),
  secretExpiresAfterHours: 720,
});
export const secret = backend.secret;
export const audit = auditRecord(backend);
`;
const JAVASCRIPT = TYPESCRIPT.replace(/import (?:\* as )?(.*) from (".*");/g, "const $1 = require($2);").replace(
  /export const (\w+)/g,
  "exports.$1",
);
const COMPILER_OPTIONS = {
  target: "ES2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  types: ["node"],
  strict: true,
  skipLibCheck: false,
};
/** The kinds of programs: their files, where they begin, and whether they are compiled first, as ES modules must be. */
const PROGRAMS = {
  "CommonJS TypeScript": { type: "commonjs", file: "index.ts", text: TYPESCRIPT, main: "index.ts" },
  "ES-module TypeScript": { type: "module", file: "index.ts", text: TYPESCRIPT, main: "bin/index.js" },
  JavaScript: { type: "commonjs", file: "index.js", text: JAVASCRIPT, main: "index.js" },
} as const;

const CASES = (Object.keys(MANAGERS) as (keyof typeof MANAGERS)[]).flatMap((manager) =>
  (Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[]).flatMap((program) =>
    (Object.keys(SDKS) as (keyof typeof SDKS)[]).map((sdk) => ({ manager, program, sdk })),
  ),
);

const folder = realpathSync(mkdtempSync(join(tmpdir(), "atlas-secrets-consumers-")));
const bin = join(folder, "bin");
const PATH = [bin, process.env.PATH].join(delimiter);
const started: ChildProcess[] = [];
let registry: Registry;

beforeAll(async () => {
  mkdirSync(bin);
  symlinkSync(NODE, join(bin, "node"));
  const tarballs = OURS.map((name) => pack(name, folder).path);
  registry = await startRegistry(ROOT, tarballs);
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill();
});
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run([command = "", ...args]: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const options = { cwd, maxBuffer: 2 ** 26, env: { ...process.env, PATH, ...env } };
  // Yarn says on its output what went wrong.
  return promisify(execFile)(command, args, options).then(
    ({ stdout }) => stdout,
    ({ message, stdout }: { message: string; stdout: string }) => {
      throw new Error(`${message}\n${stdout}`);
    },
  );
}

/** Writes the program and its settings, and installs what it needs. */
async function install({ manager, program, sdk }: (typeof CASES)[number]): Promise<string> {
  const { type, file, text, main } = PROGRAMS[program];
  const own = join(folder, `${manager}-${program}-${sdk}`.replaceAll(" ", "-"));
  mkdirSync(own);
  const write = (name: string, value: unknown) =>
    writeFileSync(join(own, name), typeof value === "string" ? value : JSON.stringify(value, null, 2));
  const dependencies = { "@pulumi/pulumi": SDKS[sdk], ...Object.fromEntries(OURS.map((name) => [name, VERSION])) };
  const { typescript, "@types/node": nodeTypes } = devDependencies;
  write("package.json", {
    name: "consumer",
    version: "1.0.0",
    private: true,
    type,
    main,
    dependencies,
    devDependencies: { typescript, "@types/node": nodeTypes },
  });
  write(file, text);
  write("Pulumi.yaml", "name: engine-test\nruntime: nodejs\n");
  write("tsconfig.json", { compilerOptions: { ...COMPILER_OPTIONS, outDir: "bin" }, files: ["index.ts"] });
  write(".npmrc", `registry=${registry.url}/\ncache=${join(folder, "npm")}\n`);
  write("pnpm-workspace.yaml", `storeDir: ${join(folder, "pnpm")}\nminimumReleaseAge: 0\n`);
  write(
    ".yarnrc.yml",
    [
      "nodeLinker: node-modules",
      `npmRegistryServer: ${registry.url}`,
      "unsafeHttpWhitelist: [127.0.0.1]",
      `globalFolder: ${join(folder, "yarn")}`,
      "enableTelemetry: false",
      "npmMinimalAgeGate: 0",
      "",
    ].join("\n"),
  );
  write("yarn.lock", "");
  await run(MANAGERS[manager], own, { HOME: folder, YARN_ENABLE_IMMUTABLE_INSTALLS: "false", CI: "" });
  return own;
}

/** Starts the simulator that was installed and returns what it says to export, and the account of its demonstration. */
function startInstalledSimulator(own: string): Promise<Record<string, string>> {
  const command = join(own, "node_modules/.bin/atlas-simulator");
  const child = spawn(command, ["--seed", "demo", "--no-mint-limit"], { env: { ...process.env, PATH } });
  started.push(child);
  return new Promise((settle, reject) => {
    let text = "";
    child.stdout.on("data", (data) => {
      text += String(data);
      const found = Object.fromEntries([...text.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]));
      if (found.MONGODB_ATLAS_CLIENT_SECRET) settle({ ...found, text });
    });
    child.once("error", reject).once("close", () => reject(new Error(`The simulator ended: ${text}`)));
  });
}

it.each(CASES)("$manager, $program, the $sdk SDK", async (one) => {
  const own = await install(one);
  const manifest = JSON.parse(readFileSync(join(own, "node_modules/@pulumi/pulumi/package.json"), "utf8"));
  expect(manifest).toMatchObject({ version: SDKS[one.sdk] });
  if (one.program !== "JavaScript") await run([NODE, join(own, "node_modules/typescript/bin/tsc")], own);

  const { text = "", ...env } = await startInstalledSimulator(own);
  const [projectId, clientId] = [/\b[0-9a-f]{24}\b/, /\bmdb_sa_id_[0-9a-f]{24}\b(?!.*\n.*SECRET)/].map((shape) =>
    String(shape.exec(text)?.[0]),
  );
  const stack = await PulumiStack.create({
    env: { ...env, PATH: [bin, dirname(String(process.env.ATLAS_SECRETS_PULUMI)), PATH].join(delimiter) },
    example: own,
  });
  try {
    await stack.config("projectId", String(projectId));
    await stack.config("clientId", String(clientId));
    const pack = ["--policy-pack", join(own, "node_modules/.bin/atlas-secrets-policy")];
    const preview = await stack.run(["preview", "--stack", "test", ...pack]);
    expect([preview.code, preview.code === 0 ? "" : preview.text]).toEqual([0, ""]);
    expect(preview.text).toContain(`pulumi-atlas-secrets@v${VERSION}`);
    const up = await stack.run(["up", "--yes", "--skip-preview", "--stack", "test"]);
    expect([up.code, up.code === 0 ? "" : up.text]).toEqual([0, ""]);
    const again = await stack.run(["up", "--yes", "--skip-preview", "--stack", "test", "--expect-no-changes"]);
    expect(again.code).toBe(0);
    const audit = await stack.shell(`"${join(own, "node_modules/.bin/atlas-secrets")}" audit --stack test --live`);
    expect(audit.text).toContain("1 secret of 1 account: 0 errors");
    expect(audit.code).toBe(0);
  } finally {
    stack.remove();
  }
});
