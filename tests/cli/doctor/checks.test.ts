/** The checks of `doctor`: from facts that nothing is wrong with, one thing broken at a time, on both sides of each limit. */
import { decideExitCode } from "../../../cli/src/doctor/check.js";
import { decideChecks } from "../../../cli/src/doctor/decide.js";
import type { AccountFacts, AtlasFacts, Facts, Failure, ProgramFacts } from "../../../cli/src/doctor/facts.js";
import type { Seen } from "../../../cli/src/doctor/watch.js";
import { CURRENT, rotates } from "../audit/fixtures.js";
import {
  ATLAS,
  FACTS,
  FIRST_ID,
  FREE,
  HOUR_MS,
  held,
  NOW_MS,
  PROJECT,
  recording,
  SECOND_ID,
  seen,
  USABLE,
} from "./facts.js";

/** What is not in order: `name status`. */
function wrongOf(facts: Facts): string[] {
  return decideChecks(facts).flatMap(({ name, status }) => (status === "ok" ? [] : [`${name} ${status}`]));
}

const withAtlas = (changes: Partial<AtlasFacts>): Facts => ({ ...FACTS, atlas: { ...ATLAS, ...changes } });
const withAccount = (changes: Partial<AccountFacts>): Facts => withAtlas({ accounts: [{ ...FREE, ...changes }] });
const withProgram = (changes: Partial<ProgramFacts>): Facts => ({
  ...FACTS,
  program: { ...FACTS.program, ...changes },
});

const ROTATING = [
  rotates({ current: { ...CURRENT, secretId: FIRST_ID }, previous: { secretId: SECOND_ID }, promotedAtMs: NOW_MS }),
];

/** Nothing but this came back to the mint and to the list. */
function answered(seenChanges: Partial<Seen>, failure: Failure): Facts {
  const owner = { ...PROJECT, failure: { ...failure, call: "mint" } } as const;
  return withAtlas({
    seen: [seen("mint", seenChanges)],
    owners: [owner],
    accounts: [{ ...PROJECT, clientId: FREE.clientId, resources: [] }],
  });
}

describe("the checks of facts that nothing is wrong with", () => {
  it("are all ok, one line each, and need nothing to be done", () => {
    const checks = decideChecks(FACTS);
    expect(checks.map(({ name }) => name)).toEqual([
      "settings",
      "credential",
      "base-url",
      "token",
      "ip-access-list",
      "roles",
      "slots",
      "clock",
      "pulumi-cli",
      "node",
      "packages",
    ]);
    expect(checks.every(({ status, found, advice }) => status === "ok" && found.endsWith(".") && !advice)).toBe(true);
    expect(decideExitCode(checks)).toBe(0);
  });
});

describe("the checks of Atlas", () => {
  const refused = { code: "authentication", status: 401, message: "Atlas answered 401." };
  const NO_ANSWER = { status: undefined, isAtlas: false, machineAheadMs: undefined } as unknown as Partial<Seen>;
  const gone = (noAnswer: string): [Partial<Seen>, Failure] => [
    { ...NO_ANSWER, noAnswer },
    { code: "connection", message: `No answer (${noAnswer}).` },
  ];

  it.each<[string, [Partial<Seen>, Failure], string[]]>([
    [
      "a refused pair",
      [{ status: 401 }, refused],
      ["token failed", "ip-access-list unknown", "roles unknown", "slots unknown"],
    ],
    [
      "no answer",
      gone("ECONNREFUSED"),
      [
        "base-url unknown",
        "token unknown",
        "ip-access-list unknown",
        "roles unknown",
        "slots unknown",
        "clock unknown",
      ],
    ],
    [
      "a host that does not exist",
      gone("ENOTFOUND"),
      ["base-url failed", "token unknown", "ip-access-list unknown", "roles unknown", "slots unknown", "clock unknown"],
    ],
    [
      "a rate limit",
      [{ status: 429 }, { message: "Atlas asks to wait." }],
      ["token unknown", "ip-access-list unknown", "roles unknown", "slots unknown"],
    ],
    [
      "a server that fails",
      [{ status: 503 }, { code: "connection", status: 503, message: "Atlas answered 503." }],
      ["base-url unknown", "token unknown", "ip-access-list unknown", "roles unknown", "slots unknown"],
    ],
    [
      "a page that is not Atlas's",
      [
        { isAtlas: false, deviations: ["the body is not a JSON object"] },
        { code: "connection", status: 200, message: "Not readable." },
      ],
      ["base-url failed", "token failed", "ip-access-list unknown", "roles unknown", "slots unknown"],
    ],
    [
      "a redirect",
      [
        { status: 302, isAtlas: false },
        { code: "connection", status: 302, message: "Redirects are not followed." },
      ],
      ["base-url failed", "token failed", "ip-access-list unknown", "roles unknown", "slots unknown"],
    ],
  ])("say of %s what it is", (_, [seenChanges, failure], wrong) => {
    expect(wrongOf(answered(seenChanges, failure))).toEqual(wrong);
  });

  const listFailed = (failure: Failure) =>
    withAtlas({
      owners: [{ ...PROJECT, failure }],
      accounts: [],
      seen: [seen("mint"), seen("listAccounts", { status: Number(failure.status) })],
    });

  it("tell an address that is not on the list from a role that is missing", () => {
    const ip = {
      code: "rejected",
      status: 403,
      errorCode: "IP_ADDRESS_NOT_ON_ACCESS_LIST",
      message: "Atlas answered 403.",
    };
    expect(wrongOf(listFailed(ip))).toEqual(["ip-access-list failed", "roles unknown"]);
    const role = { ...ip, errorCode: "USER_UNAUTHORIZED" };
    expect(wrongOf(listFailed(role))).toEqual(["ip-access-list unknown", "roles failed"]);
  });

  it.each([
    ["Project Owner", ["GROUP_READ_ONLY", "GROUP_OWNER"], []],
    ["a role that only reads", ["GROUP_READ_ONLY"], ["roles failed"]],
    ["no role at all", [], ["roles failed"]],
    ["roles that are not shown", undefined, ["roles warning"]],
  ])("judge %s", (_, ownRoles, wrong) => {
    expect(wrongOf(withAtlas({ owners: [{ ...PROJECT, ...(ownRoles && { ownRoles }) }] }))).toEqual(wrong);
  });

  it("ask for Organization Owner where the account is an organization's", () => {
    const owner = { level: "organization", ownerId: PROJECT.ownerId } as const;
    const wrongWith = (role: string) => wrongOf(withAtlas({ owners: [{ ...owner, ownRoles: [role] }] }));
    expect([wrongWith("ORG_OWNER"), wrongWith("GROUP_OWNER")]).toEqual([[], ["roles failed"]]);
  });

  it.each<[string, Partial<AccountFacts>, string[]]>([
    ["no secret", { held: [], resources: [] }, []],
    ["one secret that nobody here records", { resources: [] }, []],
    [
      "two, each of a resource of its own",
      { held: [held(FIRST_ID), held(SECOND_ID)], resources: recording(FIRST_ID, SECOND_ID) },
      ["slots warning"],
    ],
    ["two, of one rotating resource", { held: [held(FIRST_ID), held(SECOND_ID)], resources: ROTATING }, []],
    [
      "two, of which one ends before the other is due",
      { held: [held(FIRST_ID), held(SECOND_ID, { expiresAtMs: NOW_MS + HOUR_MS })] },
      [],
    ],
    ["two, one recorded", { held: [held(FIRST_ID), held(SECOND_ID)] }, ["slots warning"]],
    ["two, none recorded", { held: [held(FIRST_ID), held(SECOND_ID)], resources: [] }, ["slots failed"]],
    [
      "two, one expired for ten minutes",
      { held: [held(FIRST_ID), held(SECOND_ID, { expiresAtMs: NOW_MS - 600_000 })], resources: [] },
      [],
    ],
    [
      "two, one expired for less",
      { held: [held(FIRST_ID), held(SECOND_ID, { expiresAtMs: NOW_MS - 599_000 })], resources: [] },
      ["slots failed"],
    ],
    ["an account that is not listed", { held: null }, ["slots failed"]],
  ])("judge the slots of an account with %s", (_, changes, wrong) => {
    expect(wrongOf(withAccount(changes))).toEqual(wrong);
  });

  it.each([
    ["a minute ahead", 60_000, []],
    ["more than a minute ahead", 60_001, ["clock warning"]],
    ["a minute behind", -60_000, []],
    ["more than a minute behind", -60_001, ["clock warning"]],
  ])("judge a clock %s", (_, machineAheadMs, wrong) => {
    expect(wrongOf(withAtlas({ seen: [seen("mint"), seen("listAccounts", { machineAheadMs })] }))).toEqual(wrong);
  });

  it("say how far the clock is away, and to which side", () => {
    const foundOf = (machineAheadMs: number) =>
      decideChecks(withAtlas({ seen: [seen("mint", { machineAheadMs })] })).find(({ name }) => name === "clock")?.found;
    expect(foundOf(3 * HOUR_MS)).toBe("this machine's clock is 3 h ahead of Atlas's.");
    expect(foundOf(-3 * HOUR_MS)).toBe("this machine's clock is 3 h behind Atlas's.");
  });

  it("cannot tell of a project when none is named", () => {
    expect(wrongOf(withAtlas({ seen: [seen("mint")], owners: [], accounts: [] }))).toEqual([
      "ip-access-list unknown",
      "roles unknown",
    ]);
  });

  it("need no mint for another kind of credential, and warn of a token that ends", () => {
    const withKind = (kind: "api-key" | "access-token"): Facts => ({
      ...FACTS,
      settings: { ...USABLE, kind },
      atlas: { ...ATLAS, seen: [seen("listAccounts")] },
    });
    expect(wrongOf(withKind("api-key"))).toEqual([]);
    expect(wrongOf(withKind("access-token"))).toEqual(["credential warning"]);
  });
});

describe("the checks of this machine", () => {
  it.each<[string, Facts, string[]]>([
    ["the oldest Node that will do", { ...FACTS, tools: { ...FACTS.tools, node: "22.21.0" } }, []],
    ["an older Node", { ...FACTS, tools: { ...FACTS.tools, node: "22.20.9" } }, ["node failed"]],
    ["the oldest CLI that will do", { ...FACTS, tools: { ...FACTS.tools, pulumi: "3.249.0" } }, []],
    ["an older CLI", { ...FACTS, tools: { ...FACTS.tools, pulumi: "3.248.9" } }, ["pulumi-cli failed"]],
    ["no CLI and no Node", { ...FACTS, tools: {} }, ["pulumi-cli failed", "node failed"]],
    ["no project", withProgram({ hasProject: false }), ["packages unknown"]],
    ["no package", withProgram({ packages: { "@pulumi/pulumi": "3.259.0" } }), ["packages failed"]],
    ["a package without its handlers", withProgram({ hasHandlers: false }), ["packages failed"]],
    ["no SDK", withProgram({ packages: { "pulumi-atlas-secrets": "0.1.0" } }), ["packages failed"]],
    [
      "an older SDK",
      withProgram({ packages: { "pulumi-atlas-secrets": "0.1.0", "@pulumi/pulumi": "3.248.0" } }),
      ["packages failed"],
    ],
    [
      "a credential in plaintext",
      { ...FACTS, settings: { ...USABLE, inPlaintext: ["mongodbatlas:clientSecret"] } },
      ["credential failed"],
    ],
  ])("judge %s", (_, facts, wrong) => {
    expect(wrongOf(facts)).toEqual(wrong);
  });

  it("say every problem of settings that cannot be used, and go on with the machine", () => {
    const problems = ["A is set without B.", "C is not a URL."];
    const { atlas: _, ...facts } = FACTS;
    const checks = decideChecks({ ...facts, settings: { isUsable: false, problems } });
    expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "settings failed",
      "pulumi-cli ok",
      "node ok",
      "packages ok",
    ]);
    expect(checks[0]?.found).toBe("A is set without B. C is not a URL.");
  });
});

describe("decideExitCode", () => {
  const check = (status: "ok" | "warning" | "failed" | "unknown") => ({ name: "x", status, found: "y." });
  it.each([
    ["0 for what is fine", ["ok", "ok"], 0],
    ["0 for a warning", ["ok", "warning"], 0],
    ["2 for what could not be told", ["ok", "unknown", "warning"], 2],
    ["1 for what fails, whatever else could not be told", ["unknown", "failed", "ok"], 1],
  ] as const)("is %s", (_, statuses, code) => {
    expect(decideExitCode(statuses.map(check))).toBe(code);
  });
});

describe("the checks of the program and its stacks", () => {
  const account = { level: "project", ownerId: PROJECT.ownerId, clientId: FREE.clientId } as const;
  const other = { ...account, clientId: `mdb_sa_id_${"9".repeat(24)}` };
  const done = { isDone: true, stack: "dev", accounts: [account, account, other], undetermined: [] } as const;
  const last = (facts: Partial<Facts>) => decideChecks({ ...FACTS, ...facts }).at(-1);

  it("count secrets and accounts of a preview", () => {
    const found = "the program of stack dev declares 3 secrets of service accounts, on 2 accounts.";
    expect(last({ preview: done })).toEqual({ name: "preview", status: "ok", found });
  });

  it.each([
    [
      "fails",
      { isDone: false, stack: "dev", problem: "Could not preview stack dev: x." } as const,
      "failed",
      /^Could not preview stack dev: x\.$/,
    ],
    ["declares none", { ...done, accounts: [] }, "warning", /declares 0 secrets of service accounts\.$/],
    [
      "knows an account only in the run",
      { ...done, undetermined: ["backend"] },
      "warning",
      /declares 4 secrets of service accounts; the account of backend is not known before the run\.$/,
    ],
  ])("tell that a preview %s, and what to do", (_, preview, status, found) => {
    expect(last({ preview })).toMatchObject({ name: "preview", status, found: expect.stringMatching(found) });
    expect(last({ preview })?.advice).toMatch(/\.$/);
  });

  it("name an account of another credential as not looked at, and a stack that cannot be read in the CLI's words", () => {
    const unasked = [{ ...account, provider: "other" }];
    expect(last({ unasked })).toMatchObject({
      name: "providers",
      status: "unknown",
      found: expect.stringMatching(/was not looked at: provider other signs in with a credential of its own\.$/),
      advice: `Set it as PREFIX_CLIENT_ID and PREFIX_CLIENT_SECRET, and add --credential ${account.ownerId}=PREFIX.`,
    });
    const { atlas: _, ...facts } = FACTS;
    const stackProblems = ["Could not export stack dev: no stack named 'dev' found."];
    const unread = { ...facts, settings: { isUsable: false, problems: [] }, stackProblems } as const;
    expect(wrongOf(unread)).toEqual(["settings unknown", "stack failed"]);
    expect(decideExitCode(decideChecks(unread))).toBe(1);
  });

  it("name each thing that could not be read of a state, which leaves the whole untold", () => {
    const unreadSources = [{ source: "state.json", message: "urn:x names no account and secret that can be read." }];
    expect(wrongOf({ ...FACTS, unreadSources })).toEqual(["sources unknown"]);
    expect(last({ unreadSources })?.found).toBe(
      "not read, state.json: urn:x names no account and secret that can be read.",
    );
    expect(decideExitCode(decideChecks({ ...FACTS, unreadSources }))).toBe(2);
  });
});

describe("the checks of this machine for a program in another language", () => {
  it.each(["python", "go", "dotnet"])("say why a program in %s needs Node and the npm packages", (runtime) => {
    const facts = { ...withProgram({ runtime, packages: {}, hasHandlers: false }), tools: { pulumi: "3.259.0" } };
    const advice = decideChecks(facts).flatMap(({ name, status, advice = "" }) =>
      status === "failed" ? [[name, advice]] : [],
    );
    expect(advice).toEqual([
      ["node", expect.stringContaining(`A program in ${runtime} needs it too`)],
      [
        "packages",
        expect.stringContaining(
          `Run 'npm install pulumi-atlas-secrets @pulumi/pulumi' there: the engine loads the handlers of a program in ${runtime}`,
        ),
      ],
    ]);
  });

  it.each([{}, { runtime: "nodejs" }])("say nothing of it for %j", (runtime) => {
    const facts = { ...withProgram({ ...runtime, packages: {}, hasHandlers: false }), tools: { pulumi: "3.259.0" } };
    expect(
      decideChecks(facts)
        .map(({ advice = "" }) => advice)
        .join(),
    ).not.toMatch(/program in|@pulumi\/pulumi/);
  });
});
