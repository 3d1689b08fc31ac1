/** `atlas-secrets remove` over HTTP: what it shows, asks and deletes, and what is left when it refuses. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_ADMIN_SECRET, DEMO_PROJECT_ID, type SeededAccount } from "pulumi-atlas-secrets-simulator";
import { toRemoveCommand } from "../../../provider/src/rotation/account-view.js";
import { type CheckedSimulator, startCheckedSimulator } from "../../contract/checked-simulator.js";
import { adminEnvironment, HOUR_MS, toOperations } from "../../helpers/atlas.js";
import { findCanaries } from "../../helpers/canaries.js";
import { untilFound } from "../../helpers/poll.js";
import { createWorkplace, type RunOptions, type Workplace } from "../helpers/captured-run.js";

const VALUE = "mdb_sa_sk_removedFakeValueOfTheTests-0000-AA-bcde";
const KEPT = "mdb_sa_sk_keptFakeValueOfTheTests-1111-AAAAA-fghi";

let atlas: CheckedSimulator;
let account: SeededAccount;
/** What a killed run left, and what the stack records. */
let left: string;
let recorded: string;
let place: Workplace;

async function open(level: "project" | "organization" = "project"): Promise<void> {
  atlas = await startCheckedSimulator({ startAt: "2026-03-01T08:00:00Z", switches: { mintLimitPerMinute: null } });
  account = await atlas.addAccount({ level, ...(level === "project" && { ownerId: DEMO_PROJECT_ID }) });
  recorded = (await atlas.createForeignSecret(account, { hours: 720, value: KEPT })).id;
  left = (await atlas.createForeignSecret(account, { hours: 720, value: VALUE })).id;
  await atlas.advance(HOUR_MS);
}

beforeEach(async () => {
  place = createWorkplace();
  await open();
  writeFileSync(join(place.folder, "state.json"), toState(recorded));
});
afterEach(async () => {
  place.remove();
  await atlas.close();
  expect(findCanaries(place.printed.join("\n"), { VALUE, KEPT, admin: DEMO_ADMIN_SECRET })).toEqual([]);
});

/** A state that records a secret of the account. */
function toState(secretId: string, more: object = {}): string {
  const { ownerId, clientId, level } = account;
  const name = level === "project" ? "ProjectServiceAccountSecret" : "ServiceAccountSecret";
  const type = `pulumi-nodejs:dynamic/atlas:${name}`;
  const owner = level === "project" ? { projectId: ownerId } : { orgId: ownerId };
  const times = { createdAt: "2026-03-01T08:00:00Z", expiresAt: "2026-03-31T08:00:00Z" };
  const outputs = {
    ...owner,
    clientId,
    secretId,
    status: "active",
    ...times,
    secret: { "4dabf18193072939515e22adb298388d": "x", value: KEPT },
  };
  const resource = { urn: `urn:pulumi:prod::shop::${type}::main`, type, id: `${ownerId}/${clientId}/${secretId}` };
  return JSON.stringify({ version: 3, deployment: { resources: [{ ...resource, ...more, inputs: owner, outputs }] } });
}

function toAddress(secretId: string): string {
  return `${account.ownerId}/${account.clientId}/${secretId}`;
}

async function remove(args: readonly string[], options: RunOptions = {}) {
  await atlas.resetLog();
  const nowMs = Date.parse(await atlas.now());
  return place.run(["remove", ...args], { env: adminEnvironment(atlas), nowMs, ...options });
}

async function heldIds(): Promise<string[]> {
  const { accounts } = await atlas.inventory();
  return accounts.find(({ clientId }) => clientId === account.clientId)?.secrets.map(({ id }) => id) ?? [];
}

async function operations(): Promise<string[]> {
  return toOperations(await atlas.requests());
}

describe("remove", () => {
  it("shows the secret and who records it, deletes it, and says what is left", async () => {
    const { code, stdout, stderr } = await remove([toAddress(left), "state.json", "--yes"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`Secret ${left} (created 2026-03-01T08:00:00Z, expires 2026-03-31T08:00:00Z, never used)`);
    expect(stdout).toContain("recorded in none of: state.json");
    expect(stdout).toContain(`Secret ${left} is deleted.`);
    expect(stdout).toMatch(new RegExp(`holds also ${recorded} \\(created[^)]*\\), current`));
    expect(await heldIds()).toEqual([recorded]);
    expect(await operations()).toEqual(["mint", "getAccount", "getAccount", "deleteSecret", "getAccount"]);
  });

  it.each(["\u001b[2J", "\u009b2J", "\u202e"])("writes the control character %j of a name out", async (sign) => {
    const name = `state${sign}.json`;
    writeFileSync(join(place.folder, name), toState(recorded));
    const said = await remove([toAddress(left), name, "--yes"]);
    expect(said.code).toBe(0);
    const refused = await remove([toAddress(recorded), name, "--yes"]);
    expect(refused.code).toBe(2);
    for (const text of [said.stdout, refused.stdout, refused.stderr]) {
      expect(text).toContain("state\\u{");
      expect(text).not.toContain(sign);
    }
  });

  it("works for an organization's service account", async () => {
    await atlas.close();
    await open("organization");
    writeFileSync(join(place.folder, "state.json"), toState(recorded));
    const { code } = await remove([toAddress(left), "--organization", account.ownerId, "state.json", "--yes"]);
    expect(code).toBe(0);
    expect(await heldIds()).toEqual([recorded]);
  });

  it("signs in with the credential that is named for its owner", async () => {
    const { MONGODB_ATLAS_BASE_URL, ...admin } = adminEnvironment(atlas);
    const named = Object.entries(admin).map(([name, value]) => [name.replace("MONGODB_ATLAS", "TEAM_B"), value]);
    const env = { MONGODB_ATLAS_BASE_URL, ...Object.fromEntries(named) } as Record<string, string>;
    const args = [toAddress(left), "state.json", "--yes"];
    expect(await remove(args, { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("No credential for Atlas: set MONGODB_ATLAS_CLIENT_ID"),
    });
    const stranger = await atlas.addAccount({ ownerId: "5".repeat(24), roles: ["GROUP_OWNER"] });
    const value = "mdb_sa_sk_FAKE-of-the-other-organization-0000000000";
    await atlas.createForeignSecret(stranger, { value });
    const wrong = { ...env, MONGODB_ATLAS_CLIENT_ID: stranger.clientId, MONGODB_ATLAS_CLIENT_SECRET: value };
    const credential = ["--credential", `${account.ownerId}=TEAM_B`];
    expect((await remove(args, { env: wrong })).stderr).toMatch(
      new RegExp(`If another credential is needed for it: --credential ${account.ownerId}=PREFIX\\.$`, "m"),
    );
    const kept = await remove([toAddress(recorded), ...args.slice(1), ...credential], { env });
    expect(kept).toMatchObject({ code: 2, stderr: expect.stringContaining("It is in use there") });
    expect(kept.stderr).not.toContain("--force");
    expect((await remove([...args, "--credential", `${account.ownerId}=TEAM_B`], { env })).code).toBe(0);
    expect(await heldIds()).toEqual([recorded]);
  });

  it("deletes nothing when one of the states cannot be read", async () => {
    const { code, stderr } = await remove([toAddress(left), "state.json", "gone.json", "--yes"]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("gone.json") });
    expect(await heldIds()).toEqual([recorded, left]);
  });

  it("has nothing to do when the secret is gone", async () => {
    await atlas.deleteSecret(left);
    const { code, stdout } = await remove([toAddress(left), "state.json", "--yes"]);
    expect(code).toBe(0);
    expect(stdout).toContain("there is nothing to delete");
    expect(await operations()).toEqual(["mint", "getAccount"]);
  });

  it.each([
    { name: "y", stdin: "y\n", code: 0 },
    { name: "n", stdin: "n\n", code: 2 },
    { name: "nothing", stdin: "\n", code: 2 },
    { name: "the end of the input", stdin: "", code: 2 },
  ])("asks on a terminal, and takes $name for what it is", async ({ stdin, code }) => {
    const result = await remove([toAddress(left), "state.json"], { stdin, isTerminal: true });
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(`Delete secret ${left}? [y/N]`);
    expect(await heldIds()).toEqual(code === 0 ? [recorded] : [recorded, left]);
  });

  it("looks once more before it deletes, and refuses what was used meanwhile", async () => {
    await atlas.addFault({ kind: "hold", stage: "before", match: { operation: "getAccount" }, skip: 1 });
    const running = remove([toAddress(left), "state.json", "--yes"]);
    const isHeld = async () => ((await atlas.held()).length > 0 ? "held" : undefined);
    // A run that ends before it looks again must not keep the test waiting.
    expect(await Promise.race([untilFound(isHeld), running.then(({ code }) => `ended with ${code}`)])).toBe("held");
    await atlas.setLastUsed(left, "2026-03-01T08:59:00Z");
    await atlas.releaseHeld();
    expect((await running).code).toBe(2);
    expect(await heldIds()).toEqual([recorded, left]);
  });

  it("takes a deletion whose answer was lost for done when the secret is gone", async () => {
    await atlas.addFault({ kind: "cut-after", match: { operation: "deleteSecret" } });
    expect((await remove([toAddress(left), "state.json", "--yes"])).code).toBe(0);
    expect(await heldIds()).toEqual([recorded]);
  });
});

describe("the command that messages print", () => {
  it.each(["project", "organization"] as const)("is one that remove takes, for a secret of a %s", async (level) => {
    const [program, ...args] = toRemoveCommand({ ...account, level }, left).split(" ");
    expect(program).toBe("atlas-secrets");
    const { stderr } = await place.run(args, {
      env: { ...adminEnvironment(atlas), PULUMI_BACKEND_URL: "file:///nowhere" },
    });
    // It gets as far as the backend, which is not there.
    expect(stderr).toMatch(/^atlas-secrets: Could not (list|read) .*stacks/);
  });
});

describe("remove refuses, in one sentence, with nothing deleted,", () => {
  async function refuse(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stderr } = await remove(args, options);
    expect(code).toBe(2);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(await heldIds()).toEqual([recorded, left]);
    expect(await operations()).not.toContain("deleteSecret");
    return stderr;
  }

  it("a recorded secret, and names where; its repeated id overrules that", async () => {
    const args = [toAddress(recorded), "state.json", "--yes"];
    expect(await refuse(args)).toMatch(/ProjectServiceAccountSecret::main \(state\.json, current\) records it/);
    expect((await remove([...args, "--force", recorded])).code).toBe(0);
    expect(await heldIds()).toEqual([left]);
  });

  it("one that waits for its deletion by a state", async () => {
    writeFileSync(join(place.folder, "state.json"), toState(left, { delete: true }));
    const said = await refuse([toAddress(left), "state.json", "--yes"]);
    expect(said).toMatch(/::main \(state\.json, pending-deletion\) records it/);
  });

  it("one whose age cannot be told, since Atlas's answer holds no time", async () => {
    const times = { createdAt: "2026-03-01T08:00:00Z", expiresAt: "2026-03-31T08:00:00Z" };
    const body = { clientId: account.clientId, secrets: [{ id: left, ...times }] };
    const fault = { kind: "status", status: 200, body, headers: { date: "unknown" } } as const;
    await atlas.addFault({ ...fault, match: { operation: "getAccount" } });
    expect(await refuse([toAddress(left), "state.json", "--yes"])).toMatch(/holds no time/);
  });

  it("one that a resource of the state replaced, by its id alone", async () => {
    const state = JSON.parse(toState(recorded)) as { deployment: { resources: { outputs: object }[] } };
    const [resource] = state.deployment.resources;
    if (resource) resource.outputs = { ...resource.outputs, supersedes: [left] };
    writeFileSync(join(place.folder, "state.json"), JSON.stringify(state));
    const said = await refuse([toAddress(left), "state.json", "--yes"]);
    expect(said).toMatch(/\(state\.json, pending-deletion\) records it/);
  });

  it("one that was used since it was created", async () => {
    await atlas.setLastUsed(left, "2026-03-01T08:30:00Z");
    expect(await refuse([toAddress(left), "state.json", "--yes"])).toMatch(/used since it was created/);
  });

  it("when no state was named", async () => {
    expect(await refuse([toAddress(left), "--yes"])).toMatch(/no state was read/);
  });

  it("without a terminal and without --yes", async () => {
    expect(await refuse([toAddress(left), "state.json"])).toMatch(/no terminal to ask on/);
  });

  it("when another id stands after --force", async () => {
    expect(await refuse([toAddress(left), "--yes", "--force", recorded])).toMatch(/not that of the secret/);
  });

  it("what the command signs in with, whatever is repeated", async () => {
    const env = {
      ...adminEnvironment(atlas),
      MONGODB_ATLAS_CLIENT_ID: account.clientId,
      MONGODB_ATLAS_CLIENT_SECRET: VALUE,
    };
    const args = [toAddress(left), "state.json", "--yes", "--force", left];
    expect(await refuse(args, { env })).toMatch(/the credential that this command signs in with/);
  });

  it.each([
    { name: "an address that is none", args: ["x/y/z"], says: /named as PROJECT\/CLIENT\/SECRET/ },
    { name: "a value in its place, which is not repeated", args: [VALUE], says: /named as/ },
  ])("$name", async ({ args, says }) => {
    expect(await refuse(args)).toMatch(says);
  });

  it("without a credential, before anything is asked", async () => {
    expect(await refuse([toAddress(left), "state.json"], { env: {} })).toMatch(/No credential for Atlas/);
  });

  it("outputs in place of a state, which do not tell what waits for its deletion", async () => {
    const record = { projectId: account.ownerId, clientId: account.clientId, secretId: recorded, status: "active" };
    writeFileSync(join(place.folder, "outputs.json"), JSON.stringify({ audit: record }));
    const args = [toAddress(left), "state.json", "outputs.json", "--yes"];
    expect(await refuse(args)).toMatch(/Could not read outputs\.json: it is not a state/);
  });

  it("when a record of a state is damaged", async () => {
    writeFileSync(join(place.folder, "odd.json"), toState(recorded).replace('"active"', '"odd"'));
    const said = await refuse([toAddress(left), "odd.json", "--yes"]);
    expect(said).toMatch(/not everything could be read: odd\.json: urn:.*: its status cannot be read/);
  });

  it("when a stack of the backend cannot be read, though nothing that was read records it", async () => {
    const args = [toAddress(left), "state.json", "--all-stacks", "--yes"];
    expect(await refuse(args)).toMatch(
      /not everything could be read: backend: Could not read stacks: the Pulumi CLI is not on the PATH/,
    );
  });

  it("when a state cannot be read", async () => {
    writeFileSync(join(place.folder, "half.json"), toState(recorded).slice(0, 100));
    expect(await refuse([toAddress(left), "half.json", "--yes"])).toMatch(/ends in the middle/);
  });

  it("when the account is not in its project's list", async () => {
    await atlas.unassign(account.clientId, DEMO_PROJECT_ID);
    expect(await refuse([toAddress(left), "state.json", "--yes"])).toMatch(/is not in its project's list/);
  });
});
