/**
 * `npm run mutants [-- <part of a name or invariant> ... | --sample <count> | --docs]`: breaks a copy of the sources on purpose, one
 * defect at a time, and fails unless the test that is named for it goes red. `--docs` writes docs/invariants.md instead.
 */
import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { DEFECTS } from "./mutants/defects.mjs";
import { hunt } from "./mutants/hunt.mjs";
import { renderInvariants } from "./mutants/invariants.mjs";
import { runWithTools } from "./setup/tasks.mjs";

const [first, ...rest] = process.argv.slice(2);

if (first === "--docs") {
  writeFileSync(new URL("../docs/invariants.md", import.meta.url), renderInvariants(DEFECTS));
} else {
  const defects = first === "--sample" ? draw(Number(rest[0])) : select(first === undefined ? [] : [first, ...rest]);
  await runWithTools(async (tools) => {
    if (defects.length > 0) return hunt(tools, defects);
    process.stderr.write("No defect has such a name, or breaks such an invariant.\n");
    return 1;
  });
}

function select(wanted) {
  const isWanted = ({ name, invariant }) => wanted.some((one) => one === invariant || name.includes(one));
  return wanted.length === 0 ? DEFECTS : DEFECTS.filter(isWanted);
}

/** So many of them, others each time: what is printed names those that escaped. */
function draw(count) {
  const left = [...DEFECTS];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(randomInt(left.length), 1)).flat();
}
