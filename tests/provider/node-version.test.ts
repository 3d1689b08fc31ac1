/** Which Node will do, and what an entry says that is loaded by another one. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { isNodeSupported } from "../../provider/src/node-version.js";

const ROOT = join(__dirname, "../..");

/** Loads an entry in a Node that says it is another version. */
async function load(entry: string, version: string): Promise<string> {
  const program = `Object.defineProperty(process.versions, "node", { value: ${JSON.stringify(version)} });
    try { require(${JSON.stringify(entry)}); console.log("loaded"); } catch (error) { console.log(error.message); }`;
  return (await promisify(execFile)(process.execPath, ["-e", program], { cwd: ROOT })).stdout.trim();
}

describe("isNodeSupported", () => {
  it.each(["22.21.0", "22.22.3", "24.5.0", "24.21.0", "25.0.0", "26.1.0"])("takes %s", (version) => {
    expect(isNodeSupported(version)).toBe(true);
  });

  it.each(["20.19.0", "22.20.9", "23.11.1", "24.4.1", ""])("refuses %s", (version) => {
    expect(isNodeSupported(version)).toBe(false);
  });
});

describe.each(["pulumi-atlas-secrets", "pulumi-atlas-secrets/handlers"])("%s", (entry) => {
  it("says in one sentence that Node is too old", async () => {
    expect(await load(entry, "24.4.0")).toBe(
      "pulumi-atlas-secrets needs Node.js 22.21 or a later 22, or 24.5 or later, and this is 24.4.0: install one from https://nodejs.org.",
    );
  });

  it("loads in one that will do", async () => {
    expect(await load(entry, "22.21.0")).toBe("loaded");
  });
});
