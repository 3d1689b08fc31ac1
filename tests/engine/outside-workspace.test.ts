/**
 * The published form: packed by npm, installed into a fresh project outside the workspace, used by the real engine with the SDK of
 * both ends of the peer range.
 */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DEMO_PROJECT_ID, type Simulator } from "pulumi-atlas-secrets-simulator";
import { startCheckedSimulator } from "../contract/checked-simulator.js";
import { adminEnvironment, toOperations } from "../helpers/atlas.js";
import { install, type Packed, pack, readManifest, writeProgramManifest } from "../helpers/packed-package.js";
import { PulumiStack } from "../helpers/pulumi-stack.js";

const PROGRAM = resolve(__dirname, "program");

/** Both ends of the peer range, by the folder of the workspace's node_modules that holds the SDK. */
const SDKS = [
  { end: "the oldest", sdk: "pulumi-oldest", version: readManifest("provider").peerDependencies?.["@pulumi/pulumi"] },
  { end: "the newest", sdk: "@pulumi/pulumi", version: `^${readManifest(".").devDependencies?.["@pulumi/pulumi"]}` },
];

let atlas: Simulator;
let packed: Packed;
const stacks: PulumiStack[] = [];
const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-packed-"));

beforeAll(async () => {
  atlas = await startCheckedSimulator({ switches: { mintLimitPerMinute: null } });
  packed = pack("provider", folder);
});
afterAll(async () => {
  for (const stack of stacks) stack.remove();
  await atlas.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A program with the package installed by npm, its dependencies from the workspace: a test asks no registry. */
function createProgram(sdk: string): string {
  const program = join(folder, sdk.replace("/", "-"));
  cpSync(PROGRAM, program, { recursive: true });
  writeProgramManifest(program, packed.path, sdk);
  install(program);
  return program;
}

describe("the packed package", () => {
  it("holds what is built, its schema, the readme and the license, and no source or test", () => {
    const files = packed.files.map(({ path }) => path);
    expect(files).toEqual(
      expect.arrayContaining(["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"]),
    );
    expect(
      files.filter(
        (path) =>
          !/^(dist\/.*\.(js|d\.ts)|schema\/audit-record\.schema\.json|LICENSE|README\.md|package\.json)$/.test(path),
      ),
    ).toEqual([]);
  });

  it.each(SDKS)(
    "creates, keeps and destroys a secret outside the workspace, on $end SDK of its peer range",
    async ({ sdk, version }) => {
      const { clientId } = await atlas.addAccount();
      const program = createProgram(sdk);
      const used = createRequire(join(program, "index.js"))("@pulumi/pulumi/package.json") as { version: string };
      expect(`^${used.version}`).toBe(version);
      const stack = await PulumiStack.create({ env: adminEnvironment(atlas), program, hasModules: true });
      stacks.push(stack);
      const declared = {
        secrets: { main: { args: { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 8 } } },
      };
      const before = (await atlas.requests()).length;
      const takeOperations = async () => toOperations((await atlas.requests()).slice(before));

      expect(await stack.up(declared)).toMatchObject({ code: 0 });
      const creation = ["mint", "getAccount", "createSecret", "mint", "mint"];
      expect(await takeOperations()).toEqual(creation);
      expect(await stack.up(declared, "--expect-no-changes")).toMatchObject({ code: 0 });
      expect(await takeOperations()).toEqual(creation);
      expect(await stack.destroy()).toMatchObject({ code: 0 });
      const { accounts } = await atlas.inventory();
      expect(accounts.find((account) => account.clientId === clientId)?.secrets).toEqual([]);
    },
  );
});
