/**
 * What the public documentation leaves open must not matter: with every variant of the server, each call meets each fault once
 * and for the rest of its run, in virtual time. The same must hold as over a real connection.
 */
import type { Switches } from "pulumi-atlas-secrets-simulator";
import { CALLS } from "./calls.js";
import { runCell } from "./cell.js";
import { ROTATING_CALLS } from "./rotating-calls.js";
import { FAULTS } from "./wire-faults.js";

const refusing = (status: number) => ({ status, errorCode: "FAKE_CODE" });

/** One at a time, of those on which the next step depends. */
const SINGLE: readonly (readonly [string, Partial<Switches>])[] = [
  ["no use is ever shown", { lastUsedAfterSeconds: null }],
  ["a use shows after five seconds", { lastUsedAfterSeconds: 5 }],
  ["a third secret is refused with 403", { thirdSecret: refusing(403) }],
  ["a third secret is refused with 409", { thirdSecret: refusing(409) }],
  ["an unknown secret is refused with 400", { unknownSecret: refusing(400) }],
  ["an unknown account is refused with 400", { unknownAccount: refusing(400) }],
  ["a second DELETE succeeds", { repeatedDelete: "no-content" }],
  ["a value works after two seconds", { valueWorksAfterSeconds: 2 }],
  ["a new secret shows after five seconds", { readLagSeconds: 5 }],
];

/** Together: each setting that is not the default is in one of them. */
const JOINT: readonly (readonly [string, Partial<Switches>])[] = [
  [
    "everything is late, and said as sparsely as can be",
    {
      lastUsedAfterSeconds: 5,
      valueWorksAfterSeconds: 2,
      readLagSeconds: 5,
      cutShowsAfterSeconds: 5,
      unusedLastUsedAt: "absent",
      maskAtCreation: false,
      listHoldsSecrets: false,
      unknownSecret: refusing(400),
      unknownAccount: refusing(410),
      thirdSecret: refusing(403),
    },
  ],
  [
    "nothing shows a use, and more is said than is described",
    {
      lastUsedAfterSeconds: null,
      extraFields: true,
      cutShowsAfterSeconds: 3600,
      repeatedDelete: "no-content",
      unknownSecret: refusing(410),
      unknownAccount: refusing(400),
      thirdSecret: refusing(409),
    },
  ],
];

describe.each([
  { name: "once", isPersistent: false, variants: SINGLE, calls: CALLS },
  { name: "once", isPersistent: false, variants: JOINT, calls: [...CALLS, ...ROTATING_CALLS] },
  { name: "for the rest of its run", isPersistent: true, variants: JOINT, calls: [...CALLS, ...ROTATING_CALLS] },
])("a request that goes amiss $name", ({ isPersistent, variants, calls }) => {
  it.each(variants)("breaks nothing and comes to its end when %s", async (_name, switches) => {
    const failures: string[] = [];
    for (const call of calls) {
      for (const fault of FAULTS) {
        const { end, open, breaches, problems } = await runCell(call, fault, { kind: "local", isPersistent, switches });
        const wrong = [...open, ...breaches, ...problems];
        if (end === "stuck" || wrong.length > 0) failures.push(`${call.name}, ${fault.name}: ${wrong.join("; ")}`);
      }
    }
    expect(failures).toEqual([]);
  });
});
