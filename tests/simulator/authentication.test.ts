/** Who may do what: https://www.mongodb.com/docs/atlas/configure-api-access/ and https://www.rfc-editor.org/rfc/rfc7616 */
import { createHash } from "node:crypto";
import { type AccountAddress, DEMO_ORG_ID, DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { type Api, closeApis, openApi, type Reply, toPath } from "./helpers.js";

afterEach(closeApis);

const OTHER_PROJECT_ID = "0".repeat(23).concat("c");

/** A header with a token for one owner. */
async function signFor(api: Api, ownerId: string, roles: readonly string[]): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await api.simulator.issueAccessToken({ ownerId, roles })}` };
}

const toCode = ({ status, body }: Reply) => body.errorCode ?? status;

describe("roles", () => {
  const [PROJECT, ORG] = [
    { level: "project", ownerId: DEMO_PROJECT_ID },
    { level: "organization", ownerId: DEMO_ORG_ID },
  ] as const;

  // The codes of https://www.mongodb.com/docs/atlas/reference/api-errors/
  it.each([
    { owner: PROJECT, roles: ["GROUP_OWNER"], read: 200, write: 201 },
    { owner: PROJECT, roles: ["GROUP_READ_ONLY"], read: 200, write: "USER_UNAUTHORIZED" },
    { owner: PROJECT, roles: [], read: "USER_CANNOT_ACCESS_GROUP", write: "USER_CANNOT_ACCESS_GROUP" },
    { owner: ORG, roles: ["ORG_OWNER"], read: 200, write: 201 },
    { owner: ORG, roles: ["ORG_READ_ONLY"], read: 200, write: "USER_UNAUTHORIZED" },
    { owner: ORG, roles: ["ORG_MEMBER"], read: "USER_UNAUTHORIZED", write: "USER_UNAUTHORIZED" },
    { owner: ORG, roles: [], read: "USER_CANNOT_ACCESS_ORG", write: "USER_CANNOT_ACCESS_ORG" },
  ])("$roles of a $owner.level read with $read and create with $write", async ({ owner, roles, read, write }) => {
    const api = await openApi();
    const account = await api.add(owner);
    const signed = await signFor(api, owner.ownerId, roles);
    expect(toCode(await api.get(account, signed))).toBe(read);
    expect(toCode(await api.create(account, 8, signed))).toBe(write);
  });

  it.each([401, 403] as const)(
    "that are missing are told by %i when the switch says so, with the same code",
    async (missingRole) => {
      const api = await openApi({ missingRole });
      const { status, body, headers } = await api.create(
        await api.add(),
        8,
        await signFor(api, DEMO_PROJECT_ID, ["GROUP_READ_ONLY"]),
      );
      expect([status, body.error, headers.get("x-error-code")]).toEqual([
        missingRole,
        missingRole,
        "USER_UNAUTHORIZED",
      ]);
    },
  );

  it.each([
    { name: "of the organization", level: "organization", roles: ["GROUP_OWNER"], needed: true, code: "NOT_ORG_OWNER" },
    { name: "of two projects", level: "project", roles: ["GROUP_OWNER"], needed: true, code: "NOT_ORG_OWNER" },
    { name: "of two projects", level: "project", roles: ["GROUP_READ_ONLY"], needed: true, code: "USER_UNAUTHORIZED" },
    { name: "of the organization", level: "organization", roles: ["GROUP_OWNER"], needed: false, code: 201 },
  ] as const)(
    "$roles create secrets of an account $name with $code when it needs more: $needed",
    async ({ level, roles, needed, code }) => {
      const api = await openApi({ sharedAccountNeedsOrgOwner: needed });
      const other = (await api.add({ ownerId: OTHER_PROJECT_ID })).ownerId;
      const { clientId } = await api.add({ level });
      await api.simulator.reassign(clientId, level === "project" ? other : DEMO_PROJECT_ID);
      const account = { ownerId: DEMO_PROJECT_ID, clientId };
      const signed = await signFor(api, DEMO_PROJECT_ID, roles);
      expect((await api.get(account, signed)).status).toBe(200);
      const refused = await api.create(account, 8, signed);
      expect(toCode(refused)).toBe(code);
      if (code === "NOT_ORG_OWNER") expect([refused.status, refused.body.parameters]).toEqual([401, [DEMO_ORG_ID]]);
      expect((await api.create(account, 8)).status).toBe(201);
    },
  );

  it("of one project do not count in another", async () => {
    const api = await openApi();
    const account = await api.add({ ownerId: OTHER_PROJECT_ID });
    const authorization = `Bearer ${await api.simulator.issueAccessToken({ ownerId: DEMO_PROJECT_ID })}`;
    expect((await api.get(account, { authorization })).status).toBe(401);
  });

  it.each([
    { name: "no header", authorization: null, code: "UNEXPECTED_ERROR" },
    { name: "an unknown token", authorization: "Bearer FAKE", code: undefined },
    { name: "another scheme", authorization: "Basic RkFLRTpGQUtF", code: "UNEXPECTED_ERROR" },
  ])("are none with $name: 401 with the code $code", async ({ authorization, code }) => {
    const api = await openApi();
    const { status, body, headers } = await api.get(await api.add(), { authorization });
    expect([status, body.errorCode, body.reason]).toEqual([401, code, "Unauthorized"]);
    expect([headers.get("x-error-code"), headers.get("ratelimit-limit")]).toEqual([null, null]);
    expect(headers.has("www-authenticate")).toBe(code !== undefined);
  });

  it("are those that the account has at the request, not those at the mint", async () => {
    const api = await openApi();
    const account = await api.add({ roles: ["GROUP_OWNER"] });
    const { secret } = await api.created(account);
    const authorization = `Bearer ${(await api.mint(account.clientId, secret)).body.access_token}`;
    const create = async () => toCode(await api.create(account, 8, { authorization }));
    expect(await create()).toBe(201);
    await api.simulator.reassign(account.clientId, account.ownerId, ["GROUP_READ_ONLY"]);
    expect(await create()).toBe("USER_UNAUTHORIZED");
    await api.simulator.unassign(account.clientId, account.ownerId);
    expect(await create()).toBe("USER_CANNOT_ACCESS_GROUP");
  });
});

describe("HTTP digest", () => {
  /** Asks for a challenge. */
  async function challenge(
    api: Api,
    account: AccountAddress,
  ): Promise<{ nonce: string; realm: string; header: string }> {
    const { status, headers } = await api.get(account, { authorization: null });
    expect(status).toBe(401);
    const header = headers.get("www-authenticate") ?? "";
    const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(header)?.[1] ?? "";
    return { nonce: field("nonce"), realm: field("realm"), header };
  }

  /** Signs a GET as RFC 7616, section 3.4 describes. */
  function sign(
    { nonce, realm }: { nonce: string; realm: string },
    account: AccountAddress,
    key: { publicKey: string; privateKey: string },
    { count = 1, algorithm = "MD5" }: { count?: number; algorithm?: "MD5" | "SHA-256" } = {},
  ): string {
    const hash = (text: string) =>
      createHash(algorithm === "MD5" ? "md5" : "sha256")
        .update(text)
        .digest("hex");
    const nc = count.toString(16).padStart(8, "0");
    const [ha1, ha2] = [hash(`${key.publicKey}:${realm}:${key.privateKey}`), hash(`GET:${toPath(account)}`)];
    const response = hash(`${ha1}:${nonce}:${nc}:fake:auth:${ha2}`);
    return (
      `Digest username="${key.publicKey}", realm="${realm}", nonce="${nonce}", uri="${toPath(account)}", ` +
      `algorithm=${algorithm}, qop=auth, nc=${nc}, cnonce="fake", response="${response}"`
    );
  }

  it.each(["MD5", "SHA-256"] as const)("accepts a signature with %s", async (algorithm) => {
    const api = await openApi({ digestAlgorithms: [algorithm] });
    const [account, key] = [await api.add(), await api.simulator.addApiKey()];
    const asked = await challenge(api, account);
    expect(asked.header).toContain(`algorithm=${algorithm}`);
    const authorization = sign(asked, account, key, { algorithm });
    expect((await api.get(account, { authorization })).status).toBe(200);
  });

  it("refuses a wrong key, a used count, an unknown nonce and a stale one, which it calls stale", async () => {
    const api = await openApi();
    const [account, key] = [await api.add(), await api.simulator.addApiKey()];
    const asked = await challenge(api, account);
    const send = (authorization: string) => api.get(account, { authorization });
    expect((await send(sign(asked, account, { ...key, privateKey: "FAKE" }))).status).toBe(401);
    expect((await send(sign(asked, account, key, { count: 1 }))).status).toBe(200);
    expect((await send(sign(asked, account, key, { count: 1 }))).status).toBe(401);
    expect((await send(sign(asked, account, key, { count: 2 }))).status).toBe(200);
    expect((await send(sign({ ...asked, nonce: "FAKE" }, account, key))).status).toBe(401);
    await api.simulator.advance(3_600_000);
    const stale = await send(sign(asked, account, key, { count: 3 }));
    expect(stale.status).toBe(401);
    expect(stale.headers.get("www-authenticate")).toContain("stale=true");
  });
});
