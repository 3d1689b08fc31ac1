/**
 * Two sets on the real engine, through the same runs: an account of each fails alone, what the state holds and shows, and the reports of
 * it. The life of a set is in lifecycle.test.ts.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import { type Outcome, observe } from "../helpers/outcomes.js";
import type { DeclaredSecret, TestProgram } from "../helpers/pulumi-stack.js";

/** Accounts by their set. Atlas refuses a secret to one of the first, and the mint that proves that of one of the second. */
const REFUSED = ["main", "search", "billing"];
const UNVERIFIED = ["orders", "stock", "mail"];
const CLI = join(__dirname, "../../cli/bin/atlas-secrets.cjs");

let world: World;

beforeAll(async () => {
  world = await createWorld();
  for (const name of [...REFUSED.slice(1), ...UNVERIFIED]) await world.addAccount(name);
});
afterAll(closeWorlds);

function toSet(names: readonly string[], changes: Readonly<Record<string, unknown>> = {}): DeclaredSecret {
  const accounts = names.map((name) => [name, { projectId: world.projectId, clientId: world.clientIdOf(name) }]);
  const args = { accounts: Object.fromEntries(accounts), secretExpiresAfterHours: 720, ...changes };
  return { args, class: "ProjectServiceAccountSecretSet" };
}

const toProgram = (): TestProgram["secrets"] => ({
  refused: toSet(REFUSED),
  unverified: toSet(UNVERIFIED, { triggers: { secretReason: "why-we-rotate" } }),
});

const secretsOf = (outcome: Outcome, name: string) =>
  (outcome.of(name).recorded?.secrets ?? {}) as Record<string, string>;

async function refuse(operation: "createSecret" | "mint", name: string, status: number, times: number | "always") {
  const body = { error: status, errorCode: "FAKE_CODE", detail: "A fake detail.", reason: "Fake" };
  const match = { operation, clientId: world.clientIdOf(name) } as const;
  await world.atlas.addFault({ kind: "status", status, body, match, times });
}

describe("sets of which an account fails", () => {
  let first: Outcome;
  let second: Outcome;
  let third: Outcome;
  let last: Outcome;

  beforeAll(async () => {
    await refuse("createSecret", "search", 403, "always");
    // As often as one verification tries.
    await refuse("mint", "mail", 500, 4);
    first = await observe(world, () => world.stack.up({ secrets: toProgram() }, "--continue-on-error"));
    // A consumer of all accounts would wait for the one that has no secret yet.
    const withoutConsumers = { secrets: toProgram(), consumers: false };
    second = await observe(world, () => world.stack.up(withoutConsumers));
    third = await observe(world, () => world.stack.up(withoutConsumers));
    await world.atlas.clearFaults();
    last = await observe(world, () => world.stack.up({ secrets: toProgram() }));
  });

  it("save what was made", () => {
    expect(first.code).not.toBe(0);
    expect(first.text).toContain("search: ");
    expect(first.text).toContain("mail: ");
    expect(Object.keys(secretsOf(first, "refused")).sort()).toEqual(["billing", "main"]);
    expect(Object.keys(secretsOf(first, "unverified")).sort()).toEqual(["orders", "stock"]);
    for (const name of UNVERIFIED) expect(first.of(name).held).toHaveLength(1);
  });

  it("hand that out in the next run, which verifies what was made and creates what was not", () => {
    expect([second.code, second.code === 0 ? "" : second.text]).toEqual([0, ""]);
    expect(second.text).toContain("This run hands out the values of the others.");
    const posts = second.requests.filter(({ operation }) => operation === "createSecret");
    expect(posts.map(({ clientId }) => clientId)).toEqual([world.clientIdOf("search")]);
    expect(Object.keys(secretsOf(second, "unverified")).sort()).toEqual([...UNVERIFIED].sort());
  });

  it("fail again when there is nothing new to hand out, and are complete once nothing fails", () => {
    expect(third.code).not.toBe(0);
    expect([last.code, last.code === 0 ? "" : last.text]).toEqual([0, ""]);
    expect(Object.keys(secretsOf(last, "refused")).sort()).toEqual([...REFUSED].sort());
  });

  it("show no value in their state, their outputs, their records and the reports of them", async () => {
    const shown = await world.stack.run(["stack", "output", "--json", "--stack", "test"]);
    const { "unverified-audit": audit } = JSON.parse(shown.stdout) as Record<string, Record<string, unknown>[]>;
    expect(audit?.map(({ name, status }) => [name, status]).sort()).toEqual(
      UNVERIFIED.map((name) => [`unverified[${name}]`, "active"]).sort(),
    );
    const file = join(world.stack.folder, "state.json");
    writeFileSync(file, (await world.stack.run(["stack", "export", "--stack", "test"])).stdout);
    const report = await world.stack.shell(`node '${CLI}' audit --live '${file}'`);
    expect(report.text).toContain("unverified[mail]");
    expect(report).toMatchObject({
      code: 0,
      text: expect.stringContaining("6 secrets of 6 accounts: 0 errors, 0 warnings, 0 info."),
    });
    const everything = [world.stack.backendText(), ...world.stack.transcript, report.text].join("\n");
    const values = [first, last].flatMap((outcome) =>
      ["refused", "unverified"].flatMap((name) => Object.values(secretsOf(outcome, name))),
    );
    expect(values).toHaveLength(4 + 6);
    for (const value of values) {
      expect(value).toMatch(/^mdb_sa_sk_/);
      expect(everything).not.toContain(value);
    }
    expect(everything).not.toMatch(/mdb_sa_sk_[A-Za-z0-9_-]{8}/);
    expect(world.stack.backendText()).not.toContain("why-we-rotate");
  });
});
