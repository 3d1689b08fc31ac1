/** What the set-up does for programs in Python and Go, and what it says where a language is missing. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout, removeCheckouts } from "./checkout";

let checkout: Checkout;

beforeEach(() => {
  checkout = new Checkout();
  checkout.pulumiOnPath("3.274.1");
  checkout.program("pulumi-resource-pulumi-nodejs", "");
});
afterEach(removeCheckouts);

interface Found {
  readonly missing?: string;
  readonly interpreter?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Sets up for the tests, as `npm test` does, and gives what these are told. */
async function setUp(): Promise<{ python: Found; go: Found; text: string }> {
  const script = `
    const { setUp } = await import(${JSON.stringify(join(checkout.root, "tools/setup/index.mjs"))});
    const { env } = await setUp({ languages: true });
    console.log("FOUND" + env.ATLAS_SECRETS_LANGUAGES);`;
  const { code, text } = await checkout.run(["--input-type=module", "-e", script]);
  expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
  return { ...(JSON.parse(/^FOUND(.*)$/m.exec(text)?.[1] ?? "{}") as { python: Found; go: Found }), text };
}

/** Puts a Python on PATH, which makes environments that hold a copy of it. */
function pythonOnPath(version: string, { pipCode = 0 } = {}): void {
  checkout.program(
    "python3",
    `if (args[0] === "--version") console.log("Python ${version}");
     else if (args[1] === "venv") { fs.mkdirSync(args[2] + "/bin", { recursive: true }); fs.copyFileSync(${JSON.stringify(join(checkout.folder, "bin/python3"))}, args[2] + "/bin/python"); }
     else if (args[1] === "pip") { console.error("no such package"); process.exit(${pipCode}); }`,
  );
}

/** Puts a Go on PATH that has compiled everything. */
function goOnPath(version = "1.27.0"): void {
  checkout.program(
    "go",
    `if (args[0] === "version") console.log("go version go${version} linux/amd64");
     else if (args[0] === "env") console.log(args.slice(1).map((name) => "/of/" + name).join("\\n"));`,
  );
  for (const module of ["examples/go", "tests/engine/languages/go", "tools/sdk/module-archive"]) {
    checkout.write(`${module}/go.mod`, "module x\n");
  }
}

const callsOf = (name: string) => checkout.calls.filter((call) => call.startsWith(`${name} `));

describe("a machine without Python and Go", () => {
  test("is set up all the same, and each language says what is missing", async () => {
    const { python, go, text } = await setUp();
    expect(python).toEqual({ missing: "no Python: there is no python3 on PATH" });
    expect(go).toEqual({ missing: "no Go: there is no go on PATH" });
    expect(text).toContain("The tests that need it will not run.");
  });

  test("says so of a Python and a Go that are too old", async () => {
    pythonOnPath("3.9.18");
    goOnPath("1.26.5");
    const { python, go } = await setUp();
    expect(python.missing).toMatch(/^no Python 3\.10\.0 or later: .* is 3\.9\.18$/);
    expect(go.missing).toMatch(/^no Go: .* is 1\.26\.5, older than 1\.26\.6$/);
  });
});

describe("a machine with Python, Go and the language hosts", () => {
  beforeEach(() => {
    pythonOnPath("3.10.0");
    goOnPath();
    for (const name of ["pulumi-language-python", "pulumi-language-go"]) checkout.program(name, "");
  });

  test("gets an environment with the pinned packages in the cache, and nothing a second time", async () => {
    const { python, go } = await setUp();
    expect(python.missing).toBeUndefined();
    expect(python.interpreter?.startsWith(join(checkout.cache, "python-"))).toBe(true);
    expect(existsSync(python.interpreter ?? "")).toBe(true);
    const pip = callsOf("python3").filter((call) => call.includes("-m pip"));
    expect(pip).toEqual([expect.stringMatching(/ install .*-r .*tools\/setup\/python\/requirements\.txt$/)]);
    expect(go).toEqual({ env: { GOPATH: "/of/GOPATH", GOCACHE: "/of/GOCACHE", GOMODCACHE: "/of/GOMODCACHE" } });
    expect(callsOf("go").filter((call) => call.startsWith("go build"))).toEqual([]);

    const before = callsOf("python3").length;
    expect((await setUp()).python).toEqual(python);
    expect(callsOf("python3").slice(before)).toEqual(["python3 --version"]);
  });

  test("says what failed when the packages cannot be had, and keeps no half environment", async () => {
    pythonOnPath("3.10.0", { pipCode: 1 });
    const { python, text } = await setUp();
    expect(python).toEqual({ missing: "no Python packages: python -m pip ended with code 1" });
    expect(text).toContain("no such package");
    pythonOnPath("3.10.0");
    expect((await setUp()).python.interpreter).toBeDefined();
  });
});

describe("the pinned Python packages", () => {
  test("are exact, each of them", () => {
    const lines = readFileSync(join(checkout.root, "tools/setup/python/requirements.txt"), "utf8").trim().split("\n");
    expect(lines.filter((line) => !/^([\w.-]+==[\w.]+|#.*)$/.test(line))).toEqual([]);
    expect(lines).toEqual(
      expect.arrayContaining([expect.stringMatching(/^pulumi==3\./), expect.stringMatching(/^mypy==/)]),
    );
  });
});
