/**
 * The classifier against a second one that was written from its documentation. `ORACLE_RUNS` and `ORACLE_SEED` ask for more, or
 * for others.
 */
import { isDeepStrictEqual } from "node:util";
import { classify } from "../../../cli/src/audit/classify.js";
import { FINDING_CODES } from "../../../cli/src/audit/codes.js";
import type { Finding } from "../../../cli/src/audit/finding.js";
import { NOW_MS } from "./fixtures.js";
import { expectFindings } from "./oracle.js";
import { Random, toRandomInventory, toRandomLimits, toShuffled } from "./random-inventory.js";

const RUNS = Number(process.env.ORACLE_RUNS ?? 10_000);
const SEED = Number(process.env.ORACLE_SEED ?? 20_260_615);

function toIdentity({ severity, code, account, secretId = "", sources }: Finding): string {
  const subject = account ? [account.clientId, account.ownerId, secretId] : [sources[0]];
  return [severity, code, ...subject].join(" ");
}

describe("classify, on random inventories", () => {
  it("finds what the documentation says, no more and no less, whatever the order of records and pages", () => {
    const met = new Map<string, number>();
    const wrong: unknown[] = [];
    for (let run = 0; run < RUNS; run++) {
      const random = new Random(SEED + run);
      const inventory = toRandomInventory(random);
      const limits = toRandomLimits(random);
      const findings = classify(inventory, NOW_MS, limits);
      const found = findings.map(toIdentity).sort();
      const expected = [...expectFindings(inventory, NOW_MS, limits)].sort();
      if (!isDeepStrictEqual(found, expected)) wrong.push({ run, found, expected });

      const resources = toShuffled(random, inventory.resources);
      const accounts = toShuffled(random, inventory.accounts).map((account) => ({
        ...account,
        secrets: toShuffled(random, account.secrets),
      }));
      const again = classify({ ...inventory, resources, accounts }, NOW_MS, limits);
      if (!isDeepStrictEqual(again, findings)) wrong.push({ run, again, findings });
      for (const { code } of findings) met.set(code, (met.get(code) ?? 0) + 1);
    }
    expect(wrong).toEqual([]);
    // A comparison says something only about what comes up often enough, and stays away often enough.
    for (const code of FINDING_CODES) {
      expect({ code, isMet: (met.get(code) ?? 0) >= RUNS / 100 }).toEqual({ code, isMet: true });
    }
  });
});
