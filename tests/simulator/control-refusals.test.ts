/** The control interface refuses what it does not know, so that a test with a typo fails instead of testing nothing. */
import {
  type Control,
  connectControl,
  createLocalSimulator,
  DEMO_ORG_ID,
  DEMO_PROJECT_ID,
  startSimulator,
} from "pulumi-atlas-secrets-simulator";
import { closeApis, openApi } from "./helpers.js";

afterEach(closeApis);

const CLIENT_ID = `mdb_sa_id_${"f".repeat(24)}`;
const ID = "f".repeat(24);

/** A call of any method with any arguments. */
type Call = readonly [method: keyof Control, ...args: unknown[]];

const CALLS: readonly { readonly call: Call; readonly says: string }[] = [
  { call: ["advance", "1"], says: 'advance must be a number, not "1"' },
  { call: ["advance", 1, 2], says: "advance takes 1 arguments at most, not 2" },
  { call: ["advance"], says: "advance must be a number, not undefined" },
  { call: ["setTime", "soon"], says: 'setTime must be a time in ISO 8601, not "soon"' },
  { call: ["setTime", "2026-02-30T00:00:00Z"], says: "ISO 8601" },
  { call: ["setTime", "2026-02-28T24:01:00Z"], says: "ISO 8601" },
  { call: ["setTime", "2026-02-28T08:00:00"], says: "ISO 8601" },
  { call: ["setExpiry", ID, "tomorrow"], says: "setExpiry, argument 2 must be a time in ISO 8601" },
  { call: ["setLastUsed", ID, "never"], says: "must be a time in ISO 8601" },
  { call: ["addFault", { kind: "cut" }], says: 'addFault.kind must be one of "refuse", "cut-before"' },
  { call: ["addFault", { kind: "delay" }], says: "addFault.ms must be a number from 0, not undefined" },
  { call: ["addFault", { kind: "refuse", ms: 5 }], says: 'addFault has no "ms"; it may have match, skip, times, kind' },
  { call: ["addFault", { kind: "hold", stage: "middle" }], says: 'addFault.stage must be one of "before", "after"' },
  {
    call: ["addFault", { kind: "status", status: "503" }],
    says: "addFault.status must be a whole number from 200 to 599",
  },
  {
    call: ["addFault", { kind: "status", status: 503, headers: { a: 1 } }],
    says: "headers must be an object of texts",
  },
  {
    call: ["addFault", { kind: "redirect", location: "/", status: 200 }],
    says: "must be a whole number from 300 to 399",
  },
  { call: ["addFault", { kind: "refuse", times: "allways" }], says: 'times must be one of "always"' },
  { call: ["addFault", { kind: "refuse", skip: -1 }], says: "addFault.skip must be a whole number from 0, not -1" },
  {
    call: ["addFault", { kind: "refuse", match: { operation: "creation" } }],
    says: 'addFault.match.operation must be one of "createSecret"',
  },
  { call: ["addFault", { kind: "refuse", match: { path: "/x" } }], says: 'addFault.match has no "path"' },
  { call: ["releaseHeld", { verb: "GET" }], says: 'releaseHeld has no "verb"' },
  { call: ["setSwitches", { maxDays: 1 }], says: 'setSwitches has no "maxDays"; it may have lastUsedAfterSeconds' },
  { call: ["setSwitches", { maxHours: "8" }], says: "setSwitches.maxHours must be a number" },
  { call: ["setSwitches", { missingRole: 404 }], says: "setSwitches.missingRole must be one of 401, 403, not 404" },
  { call: ["setSwitches", { retryAfter: "none" }], says: 'one of "true", "zero", "absent", "alternating"' },
  {
    call: ["setSwitches", { thirdSecret: { status: 400 } }],
    says: "thirdSecret.errorCode must be a text, not undefined",
  },
  {
    call: ["setSwitches", { thirdSecret: { status: 200, errorCode: "X" } }],
    says: "must be a whole number from 400 to 599",
  },
  { call: ["setSwitches", { rateLimits: { capacity: 1 } }], says: "rateLimits.refill must be a whole number from 0" },
  { call: ["setSwitches", { digestAlgorithms: ["MD5", "MD4"] }], says: 'digestAlgorithms[1] must be one of "MD5"' },
  { call: ["setSwitches", { appUpgrade: "on" }], says: "appUpgrade must be true or false" },
  { call: ["setSwitches", []], says: "setSwitches must be an object, not []" },
  { call: ["addAccount", { owner: ID }], says: 'addAccount has no "owner"' },
  { call: ["addAccount", { ownerId: DEMO_ORG_ID }], says: `${DEMO_ORG_ID} is not the id of a project` },
  {
    call: ["addAccount", { level: "organization", ownerId: DEMO_PROJECT_ID }],
    says: `${DEMO_PROJECT_ID} is not the id of an organization`,
  },
  { call: ["addAccount", { ownerId: "x" }], says: "addAccount.ownerId must be 24 digits of a-f and 0-9" },
  { call: ["addAccount", { roles: ["GROUP_OWNR"] }], says: "addAccount.roles[0] must be a role such as GROUP_OWNER" },
  { call: ["addAccount", { roles: "GROUP_OWNER" }], says: "addAccount.roles must be a list" },
  { call: ["seed", { projects: 1 }], says: "seed.accountsPerProject must be a whole number from 0, not undefined" },
  { call: ["addApiKey", { key: "fake" }], says: 'addApiKey has no "key"' },
  { call: ["issueAccessToken", { lifetimeSeconds: -1 }], says: "lifetimeSeconds must be a number from 0, not -1" },
  { call: ["createForeignSecret", { clientId: CLIENT_ID }], says: "createForeignSecret, argument 1.ownerId" },
  { call: ["createForeignSecret", { ownerId: ID, clientId: CLIENT_ID }], says: `no account ${CLIENT_ID}` },
  {
    call: ["createForeignSecret", { ownerId: ID, clientId: CLIENT_ID }, { hour: 8 }],
    says: 'argument 2 has no "hour"',
  },
  { call: ["unassign", CLIENT_ID, ID], says: `no account ${CLIENT_ID}` },
  { call: ["reassign", CLIENT_ID, ID], says: `no project ${ID}` },
  { call: ["deleteAccount", CLIENT_ID], says: `no account ${CLIENT_ID}` },
  { call: ["deleteAccount", "mdb_sa_id_x"], says: "deleteAccount must be mdb_sa_id_ and 24 hexadecimal digits" },
  { call: ["deleteProject", ID], says: `no project ${ID}` },
  { call: ["deleteSecret", ID], says: `no secret ${ID}` },
];

describe.each([{ over: "the process" }, { over: "HTTP" }])("control over $over", ({ over }) => {
  it.each(CALLS)("refuses $call: $says", async ({ call: [method, ...args], says }) => {
    const { simulator } = await openApi();
    const control = over === "HTTP" ? connectControl(simulator.url) : simulator;
    const before = await control.inventory();
    const act = control[method] as (...values: unknown[]) => Promise<unknown>;
    await expect(act(...args)).rejects.toThrow(says);
    expect(await control.inventory()).toEqual(before);
  });
});

describe("control over HTTP", () => {
  it.each([
    { name: "unknown", body: "[]", status: 404, says: "there is no control unknown; there are now, advance" },
    { name: "url", body: "[]", status: 404, says: "there is no control url" },
    { name: "advance", body: "{", status: 400, says: "JSON" },
    { name: "advance", body: "{}", status: 400, says: "advance takes its arguments as a JSON list" },
  ])("answers $status to $name with $body", async ({ name, body, status, says }) => {
    const { simulator } = await openApi();
    const answer = await fetch(`${simulator.url}/_control/${name}`, { method: "POST", body });
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(says)]);
  });
});

describe.each([{ start: startSimulator }, { start: createLocalSimulator }])("$start.name", ({ start }) => {
  it.each([
    { options: { switchs: {} }, says: 'options has no "switchs"' },
    { options: { switches: { maxDays: 1 } }, says: 'options.switches has no "maxDays"' },
    { options: { startAt: "soon" }, says: "options.startAt must be a time in ISO 8601" },
    { options: { seed: "demonstration" }, says: 'options.seed must be one of "demo"' },
  ])("refuses $options", async ({ options, says }) => {
    await expect(start(options as object)).rejects.toThrow(says);
  });
});
