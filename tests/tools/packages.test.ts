/** When the set-up runs npm, and when it leaves the packages alone. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { Checkout, removeCheckouts } from "./checkout";

let checkout: Checkout;

beforeEach(() => {
  checkout = new Checkout();
  checkout.pulumiOnPath("3.249.0");
});

afterEach(removeCheckouts);

const npmCalls = () => checkout.calls.filter((call) => call.startsWith("npm "));
const lockText = () => readFileSync(join(checkout.root, "package-lock.json"), "utf8");

describe("the packages", () => {
  test("are installed by npm ci when there are none, and left alone by the next run", async () => {
    expect(await checkout.setUp()).toMatchObject({ code: 0 });
    expect(npmCalls()).toEqual(["npm ci"]);
    expect(await checkout.setUp()).toMatchObject({ code: 0 });
    expect(npmCalls()).toEqual(["npm ci"]);
  });

  test("are left alone when somebody else installed what the lock file says", async () => {
    await checkout.setUp();
    rmSync(join(checkout.root, "node_modules/.setup-stamp"));
    await checkout.setUp();
    expect(npmCalls()).toEqual(["npm ci"]);
  });

  test.each([
    ["another version", { version: "1.0.1", integrity: "sha512-left" }],
    ["another content", { version: "1.0.0", integrity: "sha512-right" }],
  ])("are installed again when the lock file has %s of one", async (_title, entry) => {
    await checkout.setUp();
    checkout.lock({ "node_modules/left": entry });
    await checkout.setUp();
    expect(npmCalls()).toEqual(["npm ci", "npm ci"]);
  });

  test("are left alone when only an optional one of another platform is missing", async () => {
    await checkout.setUp();
    const { packages } = JSON.parse(lockText()) as { packages: Record<string, unknown> };
    checkout.lock({ ...packages, "node_modules/other-platform": { version: "1.0.0", optional: true } });
    await checkout.setUp();
    expect(npmCalls()).toEqual(["npm ci"]);
  });

  test("are installed once by two set-ups at once", async () => {
    const results = await Promise.all([checkout.setUp(), checkout.setUp()]);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(npmCalls()).toEqual(["npm ci"]);
  });
});

describe("the lock of a checkout", () => {
  test("takes a lock over that a killed set-up left", async () => {
    // The set-up knows its folder with a slash at the end.
    const key = createHash("sha256").update(`${checkout.root}/`).digest("hex").slice(0, 16);
    const lock = join(checkout.cache, "locks", key);
    mkdirSync(lock, { recursive: true });
    const then = new Date(Date.now() - 60_000);
    utimesSync(lock, then, then);
    const { code, text } = await checkout.setUp();
    expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining("Waiting for another set-up") });
    expect(npmCalls()).toEqual(["npm ci"]);
  }, 60_000);
});

describe("npm ci that fails", () => {
  /** Lets `npm ci` fail with these complaints, and everything else do as before. */
  const failWith = (...complaints: string[]) => {
    const install = readFileSync(join(checkout.folder, "bin/npm.cjs"), "utf8").split("\n").slice(1).join("\n");
    checkout.program(
      "npm",
      `if (args[0] === "ci") { console.error(${JSON.stringify(complaints.join("\n"))}); process.exit(1); }\n${install}`,
    );
  };

  test("ends the set-up with npm's own words", async () => {
    failWith("npm error code ENOSPC", "npm error no space left on device");
    const { code, text } = await checkout.setUp();
    expect(code).toBe(1);
    expect(text).toContain("npm ci ended with code 1");
    expect(text).toContain("no space left on device");
    expect(npmCalls()).toEqual(["npm ci"]);
  });

  test("gives way to npm install where only packages of other platforms are missing in the lock file", async () => {
    failWith("npm error code EUSAGE", "npm error Missing: @scope/other-platform@ from lock file");
    expect(await checkout.setUp()).toMatchObject({ code: 0 });
    expect(npmCalls()).toEqual(["npm ci", "npm install --no-save"]);
  });

  test("does not give way where the lock file is really out of date", async () => {
    failWith(
      "npm error Missing: @scope/other-platform@ from lock file",
      "npm error Missing: right@2.0.0 from lock file",
    );
    expect(await checkout.setUp()).toMatchObject({ code: 1 });
    expect(npmCalls()).toEqual(["npm ci"]);
  });
});

describe("a file that cannot be written", () => {
  test("ends the set-up with one sentence that names it, and no stack", async () => {
    const npm = readFileSync(join(checkout.folder, "bin/npm.cjs"), "utf8").split("\n").slice(1).join("\n");
    checkout.program("npm", `${npm}\nfs.mkdirSync(root + "/node_modules/.setup-stamp");`);
    const { code, text } = await checkout.setUp();
    expect(code).toBe(1);
    expect(text).toMatch(/The set-up cannot go on \(EISDIR: .*\.setup-stamp'\)\. Let this user write to the checkout/);
    expect(text).not.toContain("    at ");
  });
});
