/** Who may do what: https://www.mongodb.com/docs/atlas/configure-api-access/ and https://www.rfc-editor.org/rfc/rfc7616 */
import { createHash } from "node:crypto";
import { type AccountAddress, DEMO_PROJECT_ID } from "atlas-simulator";
import { type Api, closeApis, openApi, toPath } from "./helpers.js";

afterEach(closeApis);

describe("roles", () => {
  it.each([
    { roles: ["GROUP_OWNER"], read: 200, write: 201 },
    { roles: ["GROUP_READ_ONLY"], read: 200, write: 403 },
    { roles: [], read: 401, write: 401 },
  ])("$roles may read with $read and create with $write", async ({ roles, read, write }) => {
    const api = await openApi();
    const account = await api.add();
    const authorization = `Bearer ${await api.simulator.issueAccessToken({ ownerId: DEMO_PROJECT_ID, roles })}`;
    expect((await api.get(account, { authorization })).status).toBe(read);
    expect((await api.create(account, 8, { authorization })).status).toBe(write);
  });

  it("of one project do not count in another", async () => {
    const api = await openApi();
    const account = await api.add({ ownerId: "0".repeat(23).concat("c") });
    const authorization = `Bearer ${await api.simulator.issueAccessToken({ ownerId: DEMO_PROJECT_ID })}`;
    expect((await api.get(account, { authorization })).status).toBe(401);
  });

  it.each([
    { name: "no header", authorization: null },
    { name: "an unknown token", authorization: "Bearer FAKE" },
    { name: "another scheme", authorization: "Basic RkFLRTpGQUtF" },
  ])("are none with $name: 401 without a code", async ({ authorization }) => {
    const api = await openApi();
    const { status, body } = await api.get(await api.add(), { authorization });
    expect([status, body.errorCode, body.reason]).toEqual([401, undefined, "Unauthorized"]);
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
