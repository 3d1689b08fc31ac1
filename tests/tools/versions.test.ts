/** The pinned versions agree wherever they are written. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

describe("the pinned version of Pulumi", () => {
  const pinned = /PULUMI_VERSION = "(.+)"/.exec(read("tools/setup/versions.mjs"))?.[1];

  test("is that of the npm package", () => {
    const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: Record<string, string> };
    expect(devDependencies["@pulumi/pulumi"]).toBe(pinned);
  });

  test("is that of the module that is built", () => {
    expect(read("tools/setup/go/pulumi/go.mod")).toContain(`require github.com/pulumi/pulumi/pkg/v3 v${pinned}\n`);
  });
});
