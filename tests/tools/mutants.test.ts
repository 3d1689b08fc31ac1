/** That each seeded defect of `npm run mutants` still fits the source that it breaks, and names tests that are there. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(__dirname, "../..");

interface Defect {
  readonly name: string;
  readonly edits: readonly { readonly file: string; readonly find: string }[];
  readonly test: { readonly file: string };
}

async function readDefects(): Promise<Defect[]> {
  const program =
    'import("./tools/mutants/defects.mjs").then((all) => console.log(JSON.stringify(Object.values(all))))';
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { cwd: ROOT });
  return (JSON.parse(stdout) as unknown[]).flat().filter((one): one is Defect => typeof one === "object");
}

describe("the seeded defects", () => {
  it("are at least twenty, and each breaks text that stands once in its file", async () => {
    const defects = await readDefects();
    expect(defects.length).toBeGreaterThanOrEqual(20);
    const misfits = defects.flatMap(({ name, edits }) =>
      edits
        .filter(({ file, find }) => readFileSync(join(ROOT, file), "utf8").split(find).length !== 2)
        .map(({ file }) => `${name}: ${file}`),
    );
    expect(misfits).toEqual([]);
    expect(defects.filter(({ test }) => !existsSync(join(ROOT, test.file))).map(({ name }) => name)).toEqual([]);
  });
});
