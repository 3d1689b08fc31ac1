/** What a user reads when Atlas says no, on the real engine. */
import { join } from "node:path";
import { closeWorlds, createWorld, HOUR_MS, toOperations, type World } from "../helpers/atlas.js";
import { HeldWaits } from "./crash/site.js";

/** Lets the waits of the provider's process pass at once. */
const HELD_WAITS = join(__dirname, "../helpers/held-waits.cjs");

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(closeWorlds);

const STATUSES = [
  [400, "VALIDATION_ERROR"],
  [401, "NOT_ORG_GROUP_CREATOR"],
  [403, "IP_ADDRESS_NOT_ON_ACCESS_LIST"],
  [404, "RESOURCE_NOT_FOUND"],
] as const;

describe("an error of Atlas at the creation", () => {
  it("that is final is a failure whose text carries errorCode and detail; nothing is recorded, nothing sent twice", async () => {
    for (const [status, errorCode] of STATUSES) {
      const clientId = await world.addAccount(`answers${status}`);
      const body = { error: status, errorCode, detail: `A fake detail of ${status}.`, reason: "Fake" };
      const match = { operation: "createSecret", clientId } as const;
      await world.atlas.addFault({ kind: "status", status, body, match, times: "always" });
    }
    const program = world.programOf(Object.fromEntries(STATUSES.map(([status]) => [`answers${status}`, {}])));

    const result = await world.stack.up(program, "--continue-on-error");
    expect(result.code).not.toBe(0);
    const requests = await world.takeRequests();
    for (const [status, errorCode] of STATUSES) {
      const clientId = world.clientIdOf(`answers${status}`);
      const what = `Could not create a secret for service account ${clientId} of project ${world.projectId}`;
      expect(result.text).toContain(`${what}: Atlas answered ${status} ${errorCode}: A fake detail of ${status}.`);
      const posts = requests.filter((sent) => sent.clientId === clientId && sent.operation === "createSecret");
      // After a 401 the token is renewed once: the request was definitely not carried out.
      expect(posts.length).toBeLessThanOrEqual(status === 401 ? 2 : 1);
    }
    expect(result.text).toContain("Nothing was created. The next 'pulumi up' starts over.");
    expect(await world.stack.secrets()).toEqual([]);
  });
});

describe("a creation whose response is lost, and what it left cannot be deleted", () => {
  it("is a failure that names the secret and the command that deletes it; the next run goes on", async () => {
    const { clientId } = world;
    const waits = new HeldWaits(join(world.stack.folder, "waits"));
    waits.release();
    world.stack.preload(HELD_WAITS);
    world.stack.setEnv({ HELD_WAITS: waits.folder });
    await world.atlas.addFault({ kind: "cut-after", match: { operation: "createSecret", clientId } });
    const match = { operation: "deleteSecret", clientId } as const;
    await world.atlas.addFault({ kind: "status", status: 403, body: { error: 403 }, match });

    const failed = await world.stack.up(world.program());
    expect(failed.code).not.toBe(0);
    const [left = ""] = await world.heldIds();
    expect(failed.text).toContain(`It had created secret ${left} (created`);
    expect(failed.text).toContain(
      `'atlas-secrets remove ${world.projectId}/${clientId}/${left} --all-stacks' deletes it after looking`,
    );
    expect(toOperations(await world.takeRequests()).filter((operation) => operation === "createSecret")).toHaveLength(
      1,
    );
    expect(await world.stack.secrets()).toEqual([]);

    const next = await world.stack.up(world.program());
    expect(next.code).toBe(0);
    expect(next.text).toContain(`also holds secret ${left}`);
    expect(await world.heldIds()).toEqual([left, (await world.recorded())?.secretId]);
  });
});

describe("a full account", () => {
  it("fails before any POST and names both holders; it gives way to mayRemove and to an expiry", async () => {
    const ids: Record<string, [string, string]> = {};
    for (const name of ["full", "removable", "expired"]) {
      const clientId = await world.addAccount(name);
      const create = async (hours: number) =>
        (await world.atlas.createForeignSecret({ ownerId: world.projectId, clientId }, { hours })).id;
      ids[name] = [await create(8), await create(8760)];
      if (name !== "expired") {
        for (const id of ids[name]) await world.atlas.setExpiry(id, "2999-01-01T00:00:00Z");
      }
    }
    await world.advance(9 * HOUR_MS);
    const program = world.programOf({ full: {}, removable: { mayRemove: [ids.removable?.[1]] }, expired: {} });
    const result = await world.stack.up(program, "--continue-on-error");
    expect(result.code).not.toBe(0);
    const [one = "", two = ""] = ids.full ?? [];
    expect(result.text).toMatch(
      new RegExp(`both slots are taken. ${one} \\(created .*, expires .*, never used\\) is untracked: .* ${two} `),
    );
    for (const id of [one, two]) {
      expect(result.text).toContain(
        `'atlas-secrets remove ${world.projectId}/${world.clientIdOf("full")}/${id} --all-stacks' reads every state`,
      );
    }
    expect(/both slots are taken.*/.exec(result.text)?.[0]).not.toContain("mayRemove");
    const sent = (await world.takeRequests()).filter(({ clientId }) => clientId === world.clientIdOf("full"));
    expect(toOperations(sent)).toEqual(["getAccount"]);
    expect(await world.heldIds("full")).toEqual([one, two]);
    const removable = await world.heldIds("removable");
    expect(removable).toContain(ids.removable?.[0]);
    expect(removable).not.toContain(ids.removable?.[1]);
    const expired = await world.heldIds("expired");
    expect(expired).not.toContain(ids.expired?.[0]);
    expect(expired).toContain(ids.expired?.[1]);
    expect(result.text).toContain(`secret ${ids.expired?.[0]} (created`);
  });
});

describe("bad input", () => {
  it("is reported by property name and without its value before anything is sent, all of it at once", async () => {
    const bad = {
      projectId: "not-an-id",
      clientId: "mdb_sa_sk_FAKE-value",
      secretExpiresAfterHours: 8761,
      mayremove: [],
    };
    const result = await world.stack.up({ ...world.program(bad), consumers: false });
    expect(result.code).not.toBe(0);
    for (const name of Object.keys(bad)) expect(result.text).toMatch(new RegExp(`problem: ${name} is `));
    expect(result.text).not.toContain("not-an-id");
    expect(result.text).not.toContain("FAKE-value");
    expect(await world.takeRequests()).toEqual([]);
  });
});
