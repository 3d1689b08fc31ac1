/**
 * What always holds, and `docs/invariants.md`, which is made from the seeded defects: a row names the tests that were seen to go red
 * when its invariant was broken.
 */

/** By number. */
export const INVARIANTS = {
  I1: "One process never asks for a third live secret on an account: look and POST are one step under the account's lock.",
  I2: "A secret that the stack records is never deleted to make room, unless it has expired by Atlas's time.",
  I3: "A creation that may have been carried out is looked for before any other one, and removed only on strict evidence.",
  I4: "A live secret of somebody else is never deleted without `mayRemove` or `exclusive`.",
  I5: "Every path converges in two further runs, or stops with ids and a command.",
  I6: "A value is in memory, on the engine's channel, in ciphertext, and in the file that `adopt` writes on request only.",
  I7: "Deleting a missing secret succeeds; a 404 of the account, a 401 or a 403 is never 'the secret is gone'.",
  I8: "The credential that the provider signs in with is never deleted.",
  I9: "The policy pack asks nothing of Atlas, and the audit nothing but GET, one mint and its revocation; no message of either holds a value.",
  I10: "Time is a parameter; one function decides a rotation.",
  I11: "Outputs are plain JSON without `undefined`; a failure after the POST keeps the value.",
  I12: "Credentials and values go to the configured base URL only: https or this machine, no redirects, certificates verified.",
  I13: "No message offers for removal what the stack can record, and none says that nobody knows a value without evidence.",
  I14: "One module deletes, one creates; audit, plan and doctor say what the handlers would do.",
  I15: "A guard that cannot tell does not let pass: a mask without an end, an absent `Date`, an unreadable time, a 401.",
};

/**
 * The page.
 *
 * @param {readonly import("./defects.mjs").Defect[]} defects
 */
export function renderInvariants(defects) {
  const rows = Object.entries(INVARIANTS).flatMap(([id, text]) => {
    const own = defects.filter(({ invariant }) => invariant === id);
    const found = own.map(
      ({ name, test: { file } }) => `| ${name} | \`${file.replace(/^tests\/|\.test\.ts$/g, "")}\` |`,
    );
    return [
      "",
      `## ${id}`,
      "",
      text,
      "",
      "| a change that... | turns this red (under `tests/`) |",
      "| --- | --- |",
      ...found,
    ];
  });
  return `${HEADER}${rows.join("\n")}\n`;
}

const HEADER = `# What always holds

A change that breaks one of these turns a test red; a change that needs one of them broken needs a decision note first.

This page is made by \`node tools/mutants.mjs --docs\` from the seeded defects: \`npm run mutants\` breaks a copy of the sources in each of
these ways and fails unless the test goes red. More tests hold each of them than are named here; fault matrix, crash points and random
sequences hold all of them at once (\`faults\`, \`engine/crash\`, \`model/sequences\`).
`;
