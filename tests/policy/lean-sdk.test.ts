/** That the pack loads little, and that what the SDK does without is nothing that it uses. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { PACK_FOLDER } from "../helpers/policy-pack.js";

const DIST = join(PACK_FOLDER, "dist");

/** Loads the SDK, after a module or before it, and tells whether that brought the TypeScript compiler and npm's installer. */
async function listHeavy(...modules: string[]): Promise<string[]> {
  const program = `
    for (const name of ${JSON.stringify(modules)}) require(name);
    const loaded = Object.keys(require.cache).map((path) => path.replaceAll("\\\\", "/"));
    const heavy = ["/typescript/lib/", "/@npmcli/arborist/"].filter((part) => loaded.some((path) => path.includes(part)));
    console.log(JSON.stringify(heavy));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { cwd: PACK_FOLDER });
  return JSON.parse(stdout) as string[];
}

describe("lean-sdk", () => {
  it("keeps the compiler and the installer from being loaded, which the SDK loads by itself", async () => {
    expect(await listHeavy("@pulumi/policy")).toEqual(["/typescript/lib/", "/@npmcli/arborist/"]);
    expect(await listHeavy(join(DIST, "lean-sdk.js"), "@pulumi/policy")).toEqual([]);
  });

  it("gives the SDK every name that it uses, from all of its modules that ask", () => {
    const folder = join(require.resolve("@pulumi/policy/package.json"), "..");
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    const names = new Set([...read("deserialize.js").matchAll(/\bpulumi_1\.(\w+)/g)].map(([, name]) => name));
    const parts = require(join(DIST, "sdk-parts.js")) as Record<string, unknown>;
    expect([...names].sort()).toEqual(Object.keys(parts).sort());
    expect(Object.values(parts).every((part) => part !== undefined)).toBe(true);
    const modules = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
    const asking = modules.filter((name) => /require\("@pulumi\/pulumi"\)/.test(read(name)));
    expect(asking).toEqual(["deserialize.js"]);
  });
});
