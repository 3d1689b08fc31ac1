/** Two organizations in one stack, each with an explicit provider and its own credential; secrets of both levels. */
import type { RequestRecord } from "pulumi-atlas-secrets-simulator";
import { closeWorlds, createWorld, HOUR_MS, toOperations, type World } from "../helpers/atlas.js";
import type { TestProgram } from "../helpers/pulumi-stack.js";

const ORGS = { east: "e0e0e0e0e0e0e0e0e0e0e0e0", west: "f0f0f0f0f0f0f0f0f0f0f0f0" };

interface Organization {
  readonly orgId: string;
  readonly credential: { readonly clientId: string; readonly clientSecret: string };
  readonly managed: readonly string[];
}

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(closeWorlds);

async function addOrganization(orgId: string): Promise<Organization> {
  const account = { level: "organization", ownerId: orgId } as const;
  const owner = await world.atlas.addAccount({ ...account, roles: ["ORG_OWNER"], initialSecret: true });
  const managed = await Promise.all([world.atlas.addAccount(account), world.atlas.addAccount(account)]);
  return {
    orgId,
    credential: { clientId: owner.clientId, clientSecret: owner.secret?.value ?? "" },
    managed: managed.map(({ clientId }) => clientId),
  };
}

function toProgram(organizations: Readonly<Record<string, Organization>>, changes = {}): TestProgram {
  const declared = Object.entries(organizations).flatMap(([name, { orgId, managed }]) => {
    const args = { orgId, secretExpiresAfterHours: 720, ...changes };
    return [
      [`${name}-one`, { class: "ServiceAccountSecret", provider: name, args: { ...args, clientId: managed[0] } }],
      [
        `${name}-two`,
        { class: "RotatingServiceAccountSecret", provider: name, args: { ...args, clientId: managed[1] } },
      ],
    ];
  });
  const providers = Object.entries(organizations).map(([name, { credential }]) => [name, credential]);
  return { secrets: Object.fromEntries(declared), providers: Object.fromEntries(providers) };
}

describe("two organizations in one stack", () => {
  let organizations: { readonly east: Organization; readonly west: Organization };
  const requests: RequestRecord[] = [];

  beforeAll(async () => {
    organizations = { east: await addOrganization(ORGS.east), west: await addOrganization(ORGS.west) };
  });

  it("fail apart: a credential that is not accepted stops its own organization only", async () => {
    const { east, west } = organizations;
    const wrong = { ...west, credential: { ...west.credential, clientSecret: "mdb_sa_sk_notTheRealOne" } };
    const result = await world.stack.up(toProgram({ east, west: wrong }), "--continue-on-error");
    expect(result.code).not.toBe(0);
    expect(result.text).not.toContain("notTheRealOne");
    const { "east-two": good, "west-two": bad } = await world.recordedAll();
    expect([good, bad]).toEqual([expect.objectContaining({ status: "active" }), undefined]);
    requests.push(...(await world.takeRequests()));
    expect(requests.filter(({ path, status }) => path.includes(ORGS.west) && status === 200)).toEqual([]);
  });

  it("are managed with their own credentials, which no state shows, without any credential of the stack", async () => {
    world.stack.setEnv({ MONGODB_ATLAS_CLIENT_ID: "", MONGODB_ATLAS_CLIENT_SECRET: "" });
    const up = await world.stack.up(toProgram(organizations));
    expect([up.code, up.code === 0 ? "" : up.text]).toEqual([0, ""]);
    const sentNow = await world.takeRequests();
    // The organization that has its secrets has nothing to do.
    expect(sentNow.filter(({ path }) => path.includes(ORGS.east))).toEqual([]);
    expect(up.text).not.toMatch(/\beast(-one|-two|-\w+-consumer)? .*(creat|updat|replac|delet)/);
    expect(up.text).toMatch(/\bwest-two .*created/);
    requests.push(...sentNow);
    for (const { orgId, credential, managed } of Object.values(organizations)) {
      const mints = requests.filter(
        ({ operation, clientId }) => operation === "mint" && clientId === credential.clientId,
      );
      expect(mints.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const clientId of managed) {
        const sent = requests.filter((request) => request.clientId === clientId && request.operation !== "mint");
        expect(sent.every(({ path }) => path.startsWith(`/api/atlas/v2/orgs/${orgId}/`))).toBe(true);
        // What the organization's list shows of it may stand for the look.
        expect(toOperations(sent).filter((operation) => operation !== "getAccount")).toEqual(["createSecret"]);
      }
      expect(world.stack.backendText()).not.toContain(credential.clientSecret);
    }
  });

  it("rotate and go with their own", async () => {
    await world.advance(481 * HOUR_MS);
    expect((await world.stack.up(toProgram(organizations))).code).toBe(0);
    const { "west-two": west, "east-one": east } = await world.recordedAll();
    expect(west).toMatchObject({ orgId: ORGS.west, generation: 2, status: "overlapping" });
    expect(east?.orgId).toBe(ORGS.east);
    expect((await world.stack.destroy()).code).toBe(0);
    const { accounts } = await world.atlas.inventory();
    const managed = Object.values(organizations).flatMap((organization) => organization.managed);
    expect(accounts.filter(({ clientId, secrets }) => managed.includes(clientId) && secrets.length > 0)).toEqual([]);
  });
});
