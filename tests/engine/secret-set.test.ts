/** A set on the real engine: its life, an account that fails alone, what its state holds and shows, and the reports of it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeWorlds, createWorld, HOUR_MS, type World } from "../helpers/atlas.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";

const NAMES = ["main", "search", "billing"] as const;
const CLI = join(__dirname, "../../cli/bin/atlas-secrets.cjs");

let world: World;

beforeEach(async () => {
  world = await createWorld();
  for (const name of NAMES.slice(1)) await world.addAccount(name);
});
afterEach(closeWorlds);

function setOf(names: readonly string[], changes: Readonly<Record<string, unknown>> = {}): TestProgram {
  const accounts = Object.fromEntries(
    names.map((name) => [name, { projectId: world.projectId, clientId: world.clientIdOf(name) }]),
  );
  const args = { accounts, secretExpiresAfterHours: 720, ...changes };
  return { secrets: { fleet: { args, class: "ProjectServiceAccountSecretSet" } } };
}

async function expectUp(program: TestProgram, ...flags: string[]): Promise<string> {
  const { code, text } = await world.stack.up(program, ...flags);
  expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
  return text;
}

const recorded = async () => (await world.recorded("fleet")) as Record<string, Record<string, Record<string, unknown>>>;
const recordedValue = async (name: string) => (await recorded()).secrets?.[name];

describe("a set", () => {
  it("lives from its first secrets through a rotation to its end", async () => {
    const preview = await world.stack.preview(setOf(NAMES));
    expect([preview.code, await world.takeRequests()]).toEqual([0, []]);
    await expectUp(setOf(NAMES));
    for (const name of NAMES) expect(await world.signIn(await recordedValue(name), name)).toBe(true);
    await world.takeRequests();
    await expectUp(setOf(NAMES), "--expect-no-changes");
    expect(await world.takeRequests()).toEqual([]);

    await world.advance(481 * HOUR_MS);
    const due = await world.stack.preview(setOf(NAMES));
    expect(due.text.replaceAll(/\s+/g, " ")).toMatch(
      /inside its rotation window since \S+: it is rotated\. The same goes for 2 more: main, search\./,
    );
    const before = (await recorded()).secrets;
    await expectUp(setOf(NAMES));
    for (const name of NAMES) {
      expect(await world.heldIds(name)).toHaveLength(2);
      expect(await world.signIn(before?.[name], name)).toBe(true);
    }
    await world.advance(50 * HOUR_MS);
    await expectUp(setOf(NAMES));
    for (const name of NAMES) expect(await world.heldIds(name)).toHaveLength(1);

    // A name that changes, and an account that leaves.
    const renamed = setOf(["main", "search"]);
    await expectUp(renamed);
    expect(await world.heldIds("billing")).toHaveLength(1);
    expect((await world.stack.destroy()).code).toBe(0);
    for (const name of NAMES) expect(await world.heldIds(name)).toEqual([]);
  });

  it("saves what was made when an account fails, and hands it out in the next run", async () => {
    const body = { error: 403, errorCode: "FAKE_FORBIDDEN", detail: "A fake detail.", reason: "Fake" };
    const match = { operation: "createSecret", clientId: world.clientIdOf("search") } as const;
    await world.atlas.addFault({ kind: "status", status: 403, body, match, times: "always" });
    const first = await world.stack.up(setOf(NAMES));
    expect(first.code).not.toBe(0);
    expect(first.text).toContain("search: ");
    expect(Object.keys((await recorded()).secrets ?? {}).sort()).toEqual(["billing", "main"]);
    await world.takeRequests();
    const second = await expectUp({ ...setOf(NAMES), failing: [], consumers: false });
    expect(second).toContain("This run hands out the values of the others.");
    const posts = (await world.takeRequests()).filter(({ operation }) => operation === "createSecret");
    expect(posts.map(({ clientId }) => clientId)).toEqual([world.clientIdOf("search")]);
    expect((await world.stack.up({ ...setOf(NAMES), consumers: false })).code).not.toBe(0);
    await world.atlas.clearFaults();
    await expectUp(setOf(NAMES));
    expect(Object.keys((await recorded()).secrets ?? {}).sort()).toEqual([...NAMES].sort());
  });

  it("shows no value in its state, its outputs, its records and the reports of them", async () => {
    const body = { error: 500, reason: "Fake" };
    const match = { operation: "mint", clientId: world.clientIdOf("billing") } as const;
    await world.atlas.addFault({ kind: "status", status: 500, body, match, times: "always" });
    const program = setOf(NAMES, { triggers: { secretReason: "why-we-rotate" } });
    expect((await world.stack.up(program)).code).not.toBe(0);
    const pending = await recorded();
    await world.atlas.clearFaults();
    await expectUp(program);
    const { secrets = {} } = await recorded();
    const shown = await world.stack.run(["stack", "output", "--json", "--stack", "test"]);
    const { "fleet-audit": audit } = JSON.parse(shown.stdout) as Record<string, Record<string, unknown>[]>;
    expect(audit?.map(({ name, status }) => [name, status]).sort()).toEqual(
      NAMES.map((name) => [`fleet[${name}]`, "active"]).sort(),
    );
    const file = join(world.stack.folder, "state.json");
    writeFileSync(file, (await world.stack.run(["stack", "export", "--stack", "test"])).stdout);
    const report = await world.stack.shell(`node '${CLI}' audit --live '${file}'`);
    expect(report.text).toContain("fleet[billing]");
    expect(report).toMatchObject({
      code: 0,
      text: expect.stringContaining("3 secrets of 3 accounts: 0 errors, 0 warnings, 0 info."),
    });
    const everything = [world.stack.backendText(), ...world.stack.transcript, report.text].join("\n");
    const values = [...Object.values(secrets), ...Object.values(pending.secrets ?? {})].map(String);
    expect(values.length).toBe(5);
    for (const value of values) {
      expect(value).toMatch(/^mdb_sa_sk_/);
      expect(everything).not.toContain(value);
    }
    expect(everything).not.toMatch(/mdb_sa_sk_[A-Za-z0-9_-]{8}/);
    expect(world.stack.backendText()).not.toContain("why-we-rotate");
  });
});
