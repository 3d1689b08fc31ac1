/**
 * `node tools/sdk/generate.mjs [--check]`: writes the sources of the Python and Go SDKs that come of the description of the resources,
 * from the built provider (`npm run build`). With `--check` it writes nothing and fails when a file differs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { GO_FILES } from "./go.mjs";
import { PYTHON_FILES } from "./python.mjs";

const isCheck = process.argv[2] === "--check";
const differing = [];
for (const [path, text] of Object.entries({ ...PYTHON_FILES, ...GO_FILES })) {
  const file = new URL(`../../${path}`, import.meta.url);
  if (!isCheck) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) differing.push(path);
}
if (differing.length > 0) {
  process.stderr.write(
    `Run 'npm run build && node tools/sdk/generate.mjs': ${differing.join(", ")} differ from the description.\n`,
  );
  process.exitCode = 1;
}
