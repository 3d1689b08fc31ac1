import { canMeanMissing, fetchSighting } from "../../../provider/src/account/missing.js";
import type { AccountRef } from "../../../provider/src/atlas/account-ref.js";
import { AuthenticationError, ConnectionError, RejectionError } from "../../../provider/src/errors.js";
import { CLIENT_ID, IDS, OTHER_CLIENT_ID, PROJECT_ID, toHeld } from "../fixtures/values.js";

const ACCOUNT: AccountRef = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID };
const notFound = new RejectionError("not found", { status: 404 });

/** A client whose account holds `held` or fails, and whose project lists `listed` or fails. */
function createClient(
  held: readonly string[] | Error,
  listed: readonly string[] | Error = new Error("not to be asked"),
) {
  return {
    fetchAccount: async () => {
      if (held instanceof Error) throw held;
      return { value: { clientId: CLIENT_ID, secrets: held.map((id) => toHeld({ id })) } };
    },
    fetchAccountIds: async () => {
      if (listed instanceof Error) throw listed;
      return new Set(listed);
    },
  };
}

const look = (client: ReturnType<typeof createClient>) => fetchSighting(client, ACCOUNT, IDS[0]);

describe("fetchSighting", () => {
  it("finds a secret that the account lists", async () => {
    expect(await look(createClient([IDS[1], IDS[0]]))).toEqual({ kind: "present", secret: toHeld() });
  });

  it.each([
    { name: "another secret", held: [IDS[1]] },
    { name: "none", held: [] },
  ])("takes the secret for missing when the account lists $name", async ({ held }) => {
    expect(await look(createClient(held))).toEqual({ kind: "secret-missing" });
  });

  it.each([
    { name: "another account", listed: [OTHER_CLIENT_ID] },
    { name: "no account", listed: [] },
  ])("takes the account for missing when it answers 404 and the project lists $name", async ({ listed }) => {
    expect(await look(createClient(notFound, listed))).toEqual({ kind: "account-missing" });
  });

  it.each([400, 404, 410])("takes it for missing also when %i is how Atlas says so", async (status) => {
    const refusal = new RejectionError("no such account", { status });
    expect(await look(createClient(refusal, []))).toEqual({ kind: "account-missing" });
  });

  it.each([400, 404, 410])("concludes nothing from a %i of an account that the project lists", async (status) => {
    const work = look(createClient(new RejectionError("no such account", { status }), [CLIENT_ID]));
    await expect(work).rejects.toMatchObject({ code: "rejected", status, message: expect.stringContaining(IDS[0]) });
  });

  it.each([
    { name: "401", error: new AuthenticationError("no", { status: 401 }) },
    { name: "403", error: new RejectionError("no", { status: 403 }) },
    { name: "409", error: new RejectionError("no", { status: 409 }) },
    { name: "no answer", error: new ConnectionError("no", {}, false) },
  ])("concludes nothing from $name, of the account or of the list", async ({ error }) => {
    await expect(look(createClient(error, []))).rejects.toBe(error);
    await expect(look(createClient(notFound, error))).rejects.toBe(error);
  });

  it("concludes nothing when the list answers 404 as well", async () => {
    await expect(look(createClient(notFound, notFound))).rejects.toBe(notFound);
  });
});

describe("canMeanMissing", () => {
  it.each([
    { name: "a 404", error: notFound, expected: true },
    { name: "a 400", error: new RejectionError("x", { status: 400 }), expected: true },
    { name: "a 410", error: new RejectionError("x", { status: 410 }), expected: true },
    { name: "a 403", error: new RejectionError("x", { status: 403 }), expected: false },
    { name: "a 409", error: new RejectionError("x", { status: 409 }), expected: false },
    { name: "a rejection without a status", error: new RejectionError("x", {}), expected: false },
    { name: "an unreadable answer", error: new ConnectionError("x", { status: 404 }, false), expected: false },
    { name: "another error", error: Object.assign(new Error("x"), { status: 404 }), expected: false },
    { name: "no error", error: undefined, expected: false },
  ])("is $expected for $name", ({ error, expected }) => {
    expect(canMeanMissing(error)).toBe(expected);
  });
});
