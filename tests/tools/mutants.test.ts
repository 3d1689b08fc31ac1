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
  readonly invariant?: string;
}

/** What the tools say: Jest cannot load their modules. */
async function evaluate(expression: string): Promise<unknown> {
  const program = `Promise.all(["defects", "invariants"].map((name) => import(\`./tools/mutants/\${name}.mjs\`)))
    .then(([{ DEFECTS }, { INVARIANTS, renderInvariants }]) => console.log(JSON.stringify(${expression})))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { cwd: ROOT });
  return JSON.parse(stdout) as unknown;
}

const readDefects = () => evaluate("DEFECTS") as Promise<Defect[]>;

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
    expect(new Set(defects.map(({ name }) => name)).size).toBe(defects.length);
    expect(defects.filter(({ test }) => !existsSync(join(ROOT, test.file))).map(({ name }) => name)).toEqual([]);
  });

  it("break each invariant, and docs/invariants.md is made from them", async () => {
    const broken = new Set((await readDefects()).flatMap(({ invariant }) => invariant ?? []));
    expect(Object.keys((await evaluate("INVARIANTS")) as object).filter((id) => !broken.has(id))).toEqual([]);
    // The formatter aligns tables.
    const squeeze = (text: string) => text.replace(/-+/g, "-").replace(/ +/g, " ");
    const page = readFileSync(join(ROOT, "docs/invariants.md"), "utf8");
    expect(squeeze(page)).toBe(squeeze(String(await evaluate("renderInvariants(DEFECTS)"))));
  });
});
