/**
 * A stack that is renamed, encrypted anew, split, or taken to another backend: nothing changes, Atlas is asked nothing, and the values
 * are the same, encrypted. A copy leaves a second record of the same secrets, which the guide warns of.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import type { DeclaredSecret, ExportedResource } from "../helpers/pulumi-stack.js";

/** Folders of the backends that the stacks come to. */
const BACKENDS = ["backend", "imported", "migrated"];
const FOR_PROGRAMS = ["--non-interactive", "--color", "never"];

let world: World;
let secrets: Record<string, DeclaredSecret>;
/** By the name of the resource. */
let values: Record<string, string>;

beforeAll(async () => {
  world = await createWorld(undefined, {}, { hasPassphrase: true });
  for (const name of ["plain", "rotating"]) await world.addAccount(name);
  secrets = { ...world.programOf({ plain: {}, rotating: {} }).secrets };
  secrets.rotating = { args: secrets.rotating?.args ?? {}, class: "RotatingProjectServiceAccountSecret" };
  expect(await world.stack.up({ secrets, consumers: false })).toMatchObject({ code: 0 });
  const recorded = await world.recordedAll();
  values = Object.fromEntries(Object.entries(recorded).map(([name, { secret }]) => [name, String(secret)]));
  expect(Object.keys(values)).toHaveLength(2);
  await world.takeRequests();
});
afterAll(closeWorlds);

async function run(...args: string[]): Promise<string> {
  const { code, text, stdout } = await world.stack.run(args);
  expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
  return stdout;
}

/** Goes on with a backend of its own in a folder of this name. */
function useBackend(name: string): string {
  const folder = join(world.stack.folder, name);
  mkdirSync(folder, { recursive: true });
  world.stack.setEnv({ PULUMI_BACKEND_URL: `file://${folder}` });
  return folder;
}

async function resourcesOf(stack: string): Promise<ExportedResource[]> {
  const { code, stdout } = await world.stack.shell(`pulumi stack export --show-secrets --stack ${stack}`);
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { deployment: { resources: ExportedResource[] } }).deployment.resources;
}

/** The stack declares these, changes nothing, asks Atlas nothing, and holds their values, none of them in plaintext. */
async function expectUnchanged(stack: string, names: readonly string[]): Promise<void> {
  const declared = Object.fromEntries(Object.entries(secrets).filter(([name]) => names.includes(name)));
  world.stack.setEnv({ PROGRAM: JSON.stringify({ secrets: declared, consumers: false }) });
  await run("up", "--yes", "--skip-preview", "--expect-no-changes", "--stack", stack, ...FOR_PROGRAMS);
  expect(await world.takeRequests()).toEqual([]);
  const found = (await resourcesOf(stack)).filter(({ type }) => type.includes("dynamic/atlas:"));
  const held = found.map(({ urn, outputs }) => [
    urn.split("::").at(-1),
    JSON.parse((outputs.secret as { plaintext: string }).plaintext),
  ]);
  expect(Object.fromEntries(held)).toEqual(Object.fromEntries(names.map((name) => [name, values[name]])));
  const files = BACKENDS.map((name) => join(world.stack.folder, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile());
  const text = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1")).join("\n");
  for (const value of Object.values(values)) expect(text).not.toContain(value);
}

it("stack rename, change-secrets-provider, export and import to another backend keep every secret", async () => {
  await run("stack", "rename", "renamed", "--stack", "test");
  const answer = "another-passphrase";
  const { code } = await world.stack.shell(
    `printf '%s\\n' ${answer} ${answer} | pulumi stack change-secrets-provider passphrase --stack renamed`,
  );
  expect(code).toBe(0);
  world.stack.setEnv({ PULUMI_CONFIG_PASSPHRASE: answer });
  await run("stack", "export", "--stack", "renamed", "--file", "exported.json");
  useBackend("imported");
  await run("stack", "init", "renamed");
  await run("stack", "import", "--stack", "renamed", "--file", "exported.json");
  await expectUnchanged("renamed", ["plain", "rotating"]);
});

it("state move and stack migrate take one of them along, and the guide's command ends the record that is left", async () => {
  const command = "pulumi stack rm NAME --force --preserve-config";
  expect(readFileSync(join(__dirname, "../../docs/guides/migrate.md"), "utf8")).toContain(`\`${command}\``);
  await run("stack", "init", "split");
  const urn = (await resourcesOf("renamed")).find((resource) => resource.urn.endsWith("::plain"))?.urn ?? "";
  await run("state", "move", "--yes", "--source", "renamed", "--dest", "split", urn);
  await expectUnchanged("renamed", ["rotating"]);
  const from = `file://${useBackend("imported")}`;
  useBackend("migrated");
  await run("stack", "migrate", from, "split", "--yes", ...FOR_PROGRAMS);
  useBackend("imported");
  expect(await world.stack.shell(`${command.replace("NAME", "split")} --yes`)).toMatchObject({ code: 0 });
  expect(await world.takeRequests()).toEqual([]);
  useBackend("migrated");
  await expectUnchanged("split", ["plain"]);
});
