import { createProjectSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { PROVIDER_KEY, UNKNOWN_VALUE } from "../../../provider/src/protocol.js";
import {
  BIRTH_MS,
  CLIENT_ID,
  createFakeClock,
  DESIRED,
  DUE_MS,
  IDS,
  OTHER_CLIENT_ID,
  OTHER_PROJECT_ID,
  OUTPUTS,
  PROJECT_ID,
  SECRET_VALUE,
} from "../fixtures/values.js";

const ID = `${PROJECT_ID}/${CLIENT_ID}/${IDS[0]}`;
const CREATE_FIRST = { deleteBeforeReplace: false };

/** Handlers at `nowMs` that may not send anything, and the lines they show. */
function createHandlers(nowMs = BIRTH_MS) {
  const lines: string[] = [];
  const handlers = createProjectSecretHandlers({
    clock: createFakeClock(nowMs),
    env: {},
    report: (line) => void lines.push(line),
    transport: async () => {
      throw new Error("a request was sent");
    },
  });
  return { handlers, lines };
}

describe("createProjectSecretHandlers, check", () => {
  it("finds nothing wrong, and gives the inputs back without defaults, which the state need not hold", () => {
    const { handlers } = createHandlers();
    const given = { projectId: PROJECT_ID, clientId: CLIENT_ID, secretExpiresAfterHours: 720, [PROVIDER_KEY]: "x" };
    expect(handlers.check({}, given)).toEqual({
      inputs: given,
      failures: [],
    });
  });

  it("names each problem in its text and not as a property, of which the engine would print the value", () => {
    const { handlers } = createHandlers();
    const { failures } = handlers.check({}, { ...DESIRED, projectId: SECRET_VALUE, misspelt: SECRET_VALUE });
    expect(failures).toEqual([
      { property: "", reason: expect.stringMatching(/^projectId is a text of 46 characters, and must be /) },
      { property: "", reason: expect.stringMatching(/^misspelt is not a property /) },
    ]);
    expect(JSON.stringify(failures)).not.toContain(SECRET_VALUE);
  });
});

describe("createProjectSecretHandlers, diff", () => {
  it("finds no change in a secret that is not due, and says nothing", () => {
    const { handlers, lines } = createHandlers(DUE_MS - 1);
    expect(handlers.diff(ID, OUTPUTS, DESIRED)).toEqual({ changes: false, replaces: [], ...CREATE_FIRST });
    expect(lines).toEqual([]);
  });

  it("replaces a due secret, and shows one line with its account and its id", () => {
    const { handlers, lines } = createHandlers(DUE_MS);
    expect(handlers.diff(ID, OUTPUTS, DESIRED)).toEqual({ changes: true, replaces: ["rotateAfter"], ...CREATE_FIRST });
    expect(lines).toEqual([expect.stringContaining(IDS[0])]);
    expect(lines[0]).toContain(`service account ${CLIENT_ID} of project ${PROJECT_ID}`);
    expect(lines[0]).toContain("2026-03-31T08:00:00Z");
  });

  it.each([
    { name: "projectId", value: OTHER_PROJECT_ID },
    { name: "clientId", value: OTHER_CLIENT_ID },
    { name: "secretExpiresAfterHours", value: 721 },
    { name: "triggers", value: { owner: "team-b" } },
    { name: "projectId", value: UNKNOWN_VALUE },
    { name: "clientId", value: UNKNOWN_VALUE },
    { name: "secretExpiresAfterHours", value: UNKNOWN_VALUE },
    { name: "triggers", value: UNKNOWN_VALUE },
    { name: "triggers", value: { owner: UNKNOWN_VALUE } },
  ])("replaces for $name of $value, with a line that names the secret", ({ name, value }) => {
    const { handlers, lines } = createHandlers();
    const result = handlers.diff(ID, OUTPUTS, { ...DESIRED, [name]: value });
    expect(result).toEqual({ changes: true, replaces: [name], ...CREATE_FIRST });
    expect(lines).toEqual([expect.stringContaining(IDS[0])]);
  });

  it.each([
    { name: "rotateBeforeExpiryHours", value: 100 },
    { name: "rotateBeforeExpiryHours", value: UNKNOWN_VALUE },
  ])("updates in place for $name of $value without a line, since the plan shows the input", ({ name, value }) => {
    const { handlers, lines } = createHandlers();
    expect(handlers.diff(ID, OUTPUTS, { ...DESIRED, [name]: value })).toEqual({
      changes: true,
      replaces: [],
      ...CREATE_FIRST,
    });
    expect(lines).toEqual([]);
  });

  it.each([
    { name: "verify", value: false },
    { name: "reclaimExpired", value: false },
    { name: "mayRemove", value: [IDS[1]] },
    { name: "exclusive", value: true },
    { name: "mayRemove", value: [UNKNOWN_VALUE] },
  ])("has nothing to do for $name of $value: the engine keeps the inputs itself", ({ name, value }) => {
    const { handlers } = createHandlers();
    expect(handlers.diff(ID, OUTPUTS, { ...DESIRED, [name]: value }).changes).toBe(false);
  });

  it("updates a pending secret and never replaces it, whatever else changed", () => {
    const { handlers, lines } = createHandlers(DUE_MS);
    const result = handlers.diff(
      ID,
      { ...OUTPUTS, status: "pending-verification" },
      { ...DESIRED, secretExpiresAfterHours: 8 },
    );
    expect(result).toEqual({ changes: true, replaces: [], ...CREATE_FIRST });
    expect(lines).toEqual([expect.stringContaining("not verified")]);
  });

  it("replaces a rejected secret, deleting first", () => {
    const { handlers } = createHandlers();
    const result = handlers.diff(ID, { ...OUTPUTS, status: "rejected" }, DESIRED);
    expect(result).toEqual({ changes: true, replaces: ["status"], deleteBeforeReplace: true });
  });

  it("finds no change when the program leaves out what the state holds as defaults", () => {
    const { handlers } = createHandlers();
    const given = {
      projectId: PROJECT_ID,
      clientId: CLIENT_ID,
      secretExpiresAfterHours: 720,
      triggers: DESIRED.triggers,
    };
    expect(handlers.diff(ID, OUTPUTS, given).changes).toBe(false);
  });

  it("answers at once, not by a promise, and the same each time, with its line once: a preview with a refresh asks twice", () => {
    const { handlers, lines } = createHandlers(DUE_MS);
    expect(handlers.diff(ID, OUTPUTS, DESIRED)).toEqual(handlers.diff(ID, OUTPUTS, DESIRED));
    expect(lines).toHaveLength(1);
  });
});

describe("createProjectSecretHandlers, update", () => {
  it("records settings of an active secret without a request, and keeps what it was issued for", async () => {
    const { handlers } = createHandlers();
    const news = { ...DESIRED, rotateBeforeExpiryHours: 100, secretExpiresAfterHours: 900 };
    const { outs } = await handlers.update(ID, OUTPUTS, news);
    expect(outs).toMatchObject({
      rotateBeforeExpiryHours: 100,
      rotateAfter: "2026-03-27T04:00:00Z",
      secretId: IDS[0],
      issuedForHours: 720,
    });
  });
});
