/** Each finding: one inventory that nothing is wrong with, one thing broken, both sides of each limit. */
import { FINDING_CODES } from "../../../cli/src/audit/codes.js";
import type { Inventory } from "../../../cli/src/audit/inventory.js";

import { CASES, DUE_MS, late, toUnused, withCredential } from "./finding-cases.js";
import {
  CLIENT_ID,
  CURRENT_ID,
  codesOf,
  FOREIGN_ID,
  findingsOf,
  LISTED_CURRENT,
  LISTED_PREVIOUS,
  listed,
  manual,
  NOW_MS,
  OWNER_ID,
  plain,
  recorded,
  rotates,
} from "./fixtures.js";

describe("classify, when nothing is wrong", () => {
  it.each<[string, Inventory]>([
    ["a record and no look at Atlas", recorded(plain())],
    ["a record that Atlas confirms", listed(recorded(plain()), LISTED_CURRENT)],
    ["an overlap, recorded", recorded(rotates())],
    ["an overlap that Atlas confirms", listed(recorded(rotates()), LISTED_CURRENT, LISTED_PREVIOUS)],
    ["no source but Atlas", listed({ ...recorded(), sources: [], resources: [] }, LISTED_CURRENT)],
    ["nothing at all", { ...recorded(), resources: [] }],
  ])("finds nothing: %s", (_, inventory) => {
    expect(codesOf(inventory)).toEqual([]);
  });
});

describe("classify", () => {
  it.each(CASES)("$code: $when", ({ inventory, nowMs = NOW_MS, finds = [] }) => {
    expect(codesOf(inventory, nowMs)).toEqual(finds);
  });

  it("has a case that finds each code", () => {
    const found = new Set(CASES.flatMap(({ finds = [] }) => finds.map((one) => one.split(" ")[0])));
    expect([...found].sort()).toEqual([...FINDING_CODES].sort());
  });

  it("makes one finding of what several sources tell, and names them all", () => {
    const other = plain({}, { source: "outputs.json", location: "audit" });
    const [finding, ...more] = findingsOf(listed(recorded(plain(), other), LISTED_CURRENT), DUE_MS);
    expect(more).toEqual([]);
    expect(finding).toEqual({
      code: "inside-window",
      severity: "warning",
      message: `Service account ${CLIENT_ID} of project ${OWNER_ID}: secret ${CURRENT_ID} expires at 2026-07-05T12:00:00Z and has been inside its rotation window since 2026-06-25T12:00:00Z: it is replaced.`,
      advice: expect.stringContaining("Run 'pulumi up'"),
      account: { level: "project", ownerId: OWNER_ID, clientId: CLIENT_ID },
      secretId: CURRENT_ID,
      sources: ["atlas", "outputs.json", "state.json"],
      locations: ["outputs.json audit", `state.json ${plain().location}`],
    });
  });

  it("says of each holder of a full account what it is to whom, and when it was last used", () => {
    const foreign = { ...LISTED_PREVIOUS, id: FOREIGN_ID };
    const [crowded] = findingsOf(listed(recorded(), LISTED_CURRENT, foreign));
    expect(crowded?.message).toBe(
      `Service account ${CLIENT_ID} of project ${OWNER_ID}: both slots are taken: secret ${CURRENT_ID} (created 2026-06-05T12:00:00Z, ` +
        `expires 2026-07-05T12:00:00Z, last used 2026-06-15T11:00:00Z), current by ${plain().location} of state.json; secret ${FOREIGN_ID} ` +
        "(created 2026-05-26T12:00:00Z, expires 2026-06-21T12:00:00Z, last used 2026-06-13T12:00:00Z), recorded by none of the sources.",
    );
  });

  it("advises by the kind of the record: no run rotates a secret of @pulumi/mongodbatlas", () => {
    const [found] = findingsOf(recorded(manual(DUE_MS)), DUE_MS);
    expect(found).toMatchObject({ code: "inside-window", advice: expect.stringContaining("pulumi up --replace URN") });
    expect(findingsOf(recorded(), DUE_MS)[0]?.advice).toBe("Run 'pulumi up' before it expires.");
  });

  it("offers a removal of what no source records only when every stack was read", () => {
    const expired = { ...LISTED_PREVIOUS, id: FOREIGN_ID, expiresAtMs: NOW_MS - 600_000 };
    const inventory = listed(recorded(), LISTED_CURRENT, expired);
    const offersOf = (changes: Partial<Inventory>) =>
      findingsOf({ ...inventory, ...changes }).filter(({ advice }) => advice.includes("atlas-secrets remove"));
    expect(offersOf({})).toEqual([]);
    expect(offersOf({ hasAllStacks: true, unreadSources: [{ source: "stack x", message: "y." }] })).toEqual([]);
    expect(offersOf({ hasAllStacks: true }).map(({ code }) => code)).toEqual(["expired-not-deleted", "unmanaged"]);
    expect(offersOf({ hasAllStacks: true })[0]?.advice).toContain(
      `'atlas-secrets remove ${OWNER_ID}/${CLIENT_ID}/${FOREIGN_ID} --all-stacks'`,
    );
    const accounts = inventory.accounts.map((account) => ({ ...account, credentialPrefix: "SHOP" }));
    expect(offersOf({ hasAllStacks: true, accounts })[0]?.advice).toContain(
      `'atlas-secrets remove ${OWNER_ID}/${CLIENT_ID}/${FOREIGN_ID} --credential ${OWNER_ID}=SHOP --all-stacks'`,
    );
  });

  it.each<[string, Parameters<typeof codesOf>[2], string]>([
    ["max-lifetime", { maxLifetimeHours: 719 }, `lifetime-too-long ${CURRENT_ID}`],
    ["unused-after", { unusedAfterHours: 239 }, `never-used ${CURRENT_ID}`],
    ["credential-end", { credentialHours: 480 }, `credential-near-end ${CURRENT_ID}`],
  ])("keeps to the limit --%s", (_, limits, code) => {
    const inventory = withCredential([CURRENT_ID]);
    const unused = {
      ...inventory,
      accounts: inventory.accounts.map((one) => ({ ...one, secrets: [toUnused(LISTED_CURRENT)] })),
    };
    const nothing = { maxLifetimeHours: 720, unusedAfterHours: 241, credentialHours: 479 };
    expect(codesOf(unused, NOW_MS, nothing)).toEqual([]);
    expect(codesOf(unused, NOW_MS, { ...nothing, ...limits })).toEqual([code]);
  });

  it("keeps to the limit --grace", () => {
    expect(codesOf(recorded(plain()), DUE_MS, { graceHours: 0 })).toEqual(late);
  });
});
