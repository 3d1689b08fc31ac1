/** What every example has beside its program. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");
const EXAMPLES = join(ROOT, "examples");
const NAMES = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, "package.json")));

it.each(NAMES)("examples/%s has a project file, a lock file of its manifest, and a README", (name) => {
  const read = (file: string) => readFileSync(join(EXAMPLES, name, file), "utf8");
  for (const file of ["Pulumi.yaml", "README.md"]) expect(read(file)).not.toBe("");
  const { dependencies, devDependencies = {} } = JSON.parse(read("package.json")) as Record<
    string,
    Record<string, string>
  >;
  const { packages } = JSON.parse(read("package-lock.json")) as {
    packages: Record<string, { version: string; integrity?: string; dependencies?: object; devDependencies?: object }>;
  };
  const { "": root } = packages;
  expect([root?.dependencies, root?.devDependencies ?? {}]).toEqual([dependencies, devDependencies]);
  for (const [dependency, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    expect(packages[`node_modules/${dependency}`]?.version).toBe(version);
  }
  // This package has no checksum before its first release.
  const without = Object.entries(packages).filter(([path, { integrity }]) => path !== "" && !integrity);
  expect(without.map(([path]) => path)).toEqual(["node_modules/pulumi-atlas-secrets"]);
});

it("the project at the root is examples/basic", () => {
  const root = readFileSync(join(ROOT, "Pulumi.yaml"), "utf8").replace("main: examples/basic\n", "");
  expect(readFileSync(join(EXAMPLES, "basic/Pulumi.yaml"), "utf8")).toBe(root);
});
