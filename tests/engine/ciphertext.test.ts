/**
 * What the state holds of confidential properties, at every stage that writes one in another way: creation, a verification that
 * fails, a refresh, the replacement that follows, and an adoption. Each is ciphertext in the exported state, and no value is in
 * any file of the backend.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET } from "pulumi-atlas-secrets-simulator";
import { SIGNATURE_KEY } from "../../provider/src/protocol.js";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import { findCanaries } from "../helpers/canaries.js";
import type { CliResult, ExportedResource, PulumiStack, TestProgram } from "../helpers/pulumi-stack.js";

const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const CLASSES = { replaced: "ProjectServiceAccountSecret", rotating: "RotatingProjectServiceAccountSecret" } as const;
const REASONS = { first: "FAKE-reason-of-the-first-issue-4Tz8", second: "FAKE-reason-of-the-second-issue-9Qm3" };

let world: World;

afterEach(closeWorlds);

/** Both resources, the replaced one by an explicit provider; the reason is given as a secret trigger. */
function toProgram(secretReason: string, consumers = true): TestProgram {
  const declare = (name: keyof typeof CLASSES) => {
    const { args } = world.programOf({ [name]: { triggers: { secretReason } } }).secrets[name] ?? { args: {} };
    return { args, class: CLASSES[name], ...(name === "replaced" && { provider: "explicit" }) };
  };
  const explicit = { clientId: DEMO_ADMIN_CLIENT_ID, clientSecret: DEMO_ADMIN_SECRET };
  return {
    consumers,
    providers: { explicit },
    secrets: { replaced: declare("replaced"), rotating: declare("rotating") },
  };
}

const toName = ({ urn }: ExportedResource) => urn.split("::").at(-1) ?? "";

/** Properties of which some part is ciphertext: `<resource> <inputs or outputs> <property>`. */
function listSealed(resources: readonly ExportedResource[]): string[] {
  return resources.flatMap((resource) =>
    (["inputs", "outputs"] as const).flatMap((side) =>
      Object.entries(resource[side] ?? {})
        .filter(([, value]) => isSealed(value))
        .map(([property]) => `${toName(resource)}${resource.delete ? " (old)" : ""} ${side} ${property}`),
    ),
  );
}

/** Whether the value is ciphertext, or a map that holds nothing else. */
function isSealed(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { [SIGNATURE_KEY]: signature, ciphertext } = value as Record<string, unknown>;
  if (signature !== undefined) return signature === SECRET_SIGNATURE && typeof ciphertext === "string";
  const parts = Object.values(value);
  return parts.length > 0 && parts.every(isSealed);
}

const OF_A_SECRET = ["inputs triggers", "outputs issuedForTriggers", "outputs secret"];
const of = (name: string, properties: readonly string[]) => properties.map((property) => `${name} ${property}`);

/** What is confidential in the state, whatever the stage: the program's own copies and the explicit provider's included. */
const ALWAYS = [
  ...of("replaced", OF_A_SECRET),
  ...of("rotating", OF_A_SECRET),
  ...of("explicit", ["inputs mongodbatlas:clientSecret", "outputs mongodbatlas:clientSecret"]),
];
/** The program's own outputs; a program that goes on after a failure has none of what it does not know. */
const OF_STACK = of("engine-test-test", ["outputs replaced-secret", "outputs rotating-secret"]);
const OF_CONSUMERS = ["replaced-consumer inputs secret", "rotating-consumer inputs secret"];
/** What is there besides as long as a new secret is not proven: the old one of the one, the pending one of the other. */
const OF_PENDING = [
  ...of("replaced (old)", OF_A_SECRET),
  ...of("rotating", ["outputs pendingIssuedForTriggers", "outputs pendingSecret"]),
];

/** A file for `pulumi import` that brings both resources in as they are, with everything in clear. */
async function writeImportFile(from: PulumiStack, folder: string): Promise<string> {
  const resources = await from.resources("--show-secrets");
  const own = resources.filter((resource) => toName(resource) in CLASSES);
  const file = {
    nameTable: { explicit: resources.find((resource) => toName(resource) === "explicit")?.urn },
    resources: own.map((resource) => {
      const { type, id, inputs, outputs } = resource;
      expect([inputs.__provider, outputs.__provider]).toEqual(
        Array(2).fill(expect.stringMatching(/^exports\.handler/)),
      );
      const name = toName(resource);
      return { type, name, id, inputs, outputs, ...(name === "replaced" && { provider: "explicit" }) };
    }),
  };
  expect(file.resources).toHaveLength(2);
  const path = join(folder, "adopted.json");
  writeFileSync(path, JSON.stringify(file));
  return path;
}

async function breakVerifications(): Promise<void> {
  for (const name of Object.keys(CLASSES)) {
    const match = { operation: "mint", clientId: world.clientIdOf(name) } as const;
    await world.atlas.addFault({ kind: "status", status: 500, body: { error: 500, reason: "Fake" }, match, times: 4 });
  }
}

/** Every value that there is while the second secrets are pending, by what it is. */
function toCanaries(shown: readonly ExportedResource[]): Record<string, string> {
  const clear = (value: unknown) => String(JSON.parse((value as { plaintext: string }).plaintext));
  const values = shown
    .filter((resource) => toName(resource) in CLASSES)
    .flatMap(({ outputs }) => [outputs.secret, outputs.pendingSecret].filter((value) => value !== undefined))
    .map(clear);
  expect(new Set(values).size).toBe(4);
  for (const value of values) expect(value).toMatch(/^mdb_sa_sk_/);
  return { ...Object.fromEntries(values.entries()), ...REASONS, administrator: DEMO_ADMIN_SECRET };
}

describe("the exported state and the files of the backend", () => {
  it("hold ciphertext alone after a creation, a failure in part, a refresh, a replacement and an adoption", async () => {
    world = await createWorld(undefined, {}, { hasPassphrase: true });
    for (const name of Object.keys(CLASSES)) await world.addAccount(name);
    const { stack } = world;
    const exported: string[] = [];
    const expectSealed = async (on: PulumiStack, expected: readonly string[]) => {
      const resources = await on.resources();
      expect(listSealed(resources).sort()).toEqual([...expected].sort());
      exported.push(JSON.stringify(resources));
    };
    const expectSuccess = ({ code, text }: CliResult) => expect([code, code === 0 ? "" : text]).toEqual([0, ""]);

    expectSuccess(await stack.up(toProgram(REASONS.first)));
    await expectSealed(stack, [...ALWAYS, ...OF_STACK, ...OF_CONSUMERS]);

    await breakVerifications();
    expect((await stack.up(toProgram(REASONS.second), "--continue-on-error")).code).not.toBe(0);
    await expectSealed(stack, [...ALWAYS, ...OF_CONSUMERS, ...OF_PENDING]);
    const shown = await stack.resources("--show-secrets");
    const canaries = toCanaries(shown);
    expect(findCanaries(JSON.stringify(shown), canaries)).toEqual(Object.keys(canaries));

    expectSuccess(await stack.refresh());
    await expectSealed(stack, [...ALWAYS, ...OF_CONSUMERS, ...OF_PENDING]);

    expectSuccess(await stack.up(toProgram(REASONS.second)));
    await expectSealed(stack, [...ALWAYS, ...OF_STACK, ...OF_CONSUMERS]);

    const adopting = stack.fork(({ type }) => !type.includes(":dynamic/"));
    const file = await writeImportFile(stack, adopting.folder);
    await world.takeRequests();
    const flags = ["--generate-code=false", "--protect=false", "--skip-preview", "--yes", "--stack", "test"];
    expectSuccess(await adopting.run(["import", "--file", file, ...flags]));
    await expectSealed(adopting, [...ALWAYS, ...OF_STACK]);
    expectSuccess(await adopting.up(toProgram(REASONS.second, false), "--expect-no-changes"));
    await expectSealed(adopting, [...ALWAYS, ...OF_STACK]);
    expect(await world.takeRequests()).toEqual([]);

    expect(exported).toHaveLength(6);
    const places = { exported: exported.join(), first: stack.backendText(), second: adopting.backendText() };
    for (const [place, text] of Object.entries(places)) {
      expect(text).toContain(SECRET_SIGNATURE);
      expect([place, findCanaries(text, canaries)]).toEqual([place, []]);
    }
  });
});
