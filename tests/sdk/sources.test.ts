/** The sources of the Python and Go SDKs: what is generated is what the description gives, and what type checkers say of all of it. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  createPythonEnvironment,
  defineMissing,
  go,
  INSTALLED,
  interpreterOf,
  python,
  removeBuilt,
  replaceGoModule,
  SDK_PYTHON,
  unpackGoModule,
} from "../helpers/languages.js";
import { readManifest } from "../helpers/packed-package.js";

const ROOT = resolve(__dirname, "../..");
const has = (language: string) => INSTALLED.some(({ name }) => name === language);

const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-sdk-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeBuilt();
});

defineMissing();

/** Runs a program, and gives its exit code and what it says. */
function check(run: () => string): { readonly code: number; readonly text: string } {
  try {
    return { code: 0, text: run() };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, text: `${stdout}${stderr}` };
  }
}

/** The generator of a checkout. */
const generate = (root: string) => () =>
  execFileSync(process.execPath, [join(root, "tools/sdk/generate.mjs"), "--check"], {
    encoding: "utf8",
    stdio: "pipe",
  });

const REQUIRED = 'org_id="x", client_id="y", secret_expires_after_hours=8';

describe("the generated sources", () => {
  it("are what the description of the resources gives", () => {
    expect(check(generate(ROOT))).toEqual({ code: 0, text: "" });
  });

  it.each([
    { what: "a default", file: "records/description.js", from: "a third of the lifetime", to: "half of the lifetime" },
    { what: "a type token", file: "rotation/secret-types.js", from: "dynamic/atlas:", to: "dynamic/other:" },
    { what: "the handler's text", file: "protocol.js", from: "exports.handler", to: "exports.other" },
    { what: "what is confidential", file: "settings.js", from: '"privateKey"', to: '"publicKey"' },
  ])("differ as soon as $what does", ({ file, from, to }) => {
    const copy = join(folder, "copy");
    for (const path of ["tools/sdk", "sdk", "provider/dist", "provider/src/resources", "provider/package.json"]) {
      cpSync(join(ROOT, path), join(copy, path), { recursive: true });
    }
    cpSync(join(ROOT, "node_modules/valibot"), join(copy, "node_modules/valibot"), {
      recursive: true,
      dereference: true,
    });
    expect(check(generate(copy)).code).toBe(0);
    const changed = join(copy, "provider/dist", file);
    const text = readFileSync(changed, "utf8");
    expect(text).toContain(from);
    writeFileSync(changed, text.replaceAll(from, to));
    expect(check(generate(copy))).toEqual({ code: 1, text: expect.stringContaining("differ from the description") });
  });

  it("have the version of the npm package", () => {
    const version = String(readManifest("provider").version);
    expect(readFileSync(join(SDK_PYTHON, "pyproject.toml"), "utf8")).toContain(`\nversion = "${version}"\n`);
  });
});

if (has("Python")) {
  describe("the Python package", () => {
    let environment: string;
    beforeAll(() => {
      environment = createPythonEnvironment();
    });
    const options = () => [
      "--strict",
      "--python-executable",
      interpreterOf(environment),
      "--cache-dir",
      join(folder, "mypy"),
    ];

    it("and the programs of tests and examples pass mypy --strict, the programs with the wheel as installed", () => {
      const programs = [
        "sdk/python/pulumi_atlas_secrets",
        "tests/engine/languages/python/__main__.py",
        "examples/python",
      ];
      for (const path of programs) {
        expect(python("-m", "mypy", ...options(), join(ROOT, path))).toContain("Success: no issues found");
      }
    });

    it("can be tested with mocks, and keeps such a program from the same", () => {
      const { code, text } = check(() => {
        const script = join(ROOT, "tests/sdk/mocks.py");
        return execFileSync(interpreterOf(environment), [script], { encoding: "utf8", stdio: "pipe" });
      });
      expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
    });

    it.each([
      { what: "an input that is missing", call: 'ServiceAccountSecret("one", org_id="x", client_id="y")' },
      { what: "an input that there is not", call: `ServiceAccountSecret("one", ${REQUIRED}, lifetime=8)` },
      { what: "a value of another type", call: `ServiceAccountSecret("one", ${REQUIRED}, verify="yes")` },
      { what: "nothing that is right", call: `ServiceAccountSecret("one", ${REQUIRED}, verify=True)`, isRight: true },
    ])("refuses $what by its types", ({ call, isRight = false }) => {
      const program = join(folder, "program.py");
      writeFileSync(program, `import pulumi_atlas_secrets as atlas\n\natlas.${call}\n`);
      const found = check(() => python("-m", "mypy", ...options(), program));
      expect(found).toEqual({
        code: isRight ? 0 : 1,
        text: expect.stringContaining(isRight ? "Success" : "No overload variant"),
      });
    });
  });
}

if (has("Go")) {
  describe("the Go module", () => {
    it("can be tested with mocks, and keeps such a program from the same", () => {
      const { code, text } = check(() => go(join(ROOT, "sdk/go"), "test", "-vet=off", "."));
      expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
    });

    it("is formatted, and passes go vet with the programs of tests and examples, as unpacked from its archive", () => {
      const module = unpackGoModule();
      expect(readdirSync(module)).toEqual(expect.arrayContaining(["go.mod", "LICENSE", "README.md", "resources.go"]));
      for (const path of ["tests/engine/languages/go", "examples/go"]) {
        const program = join(folder, path);
        cpSync(join(ROOT, path), program, { recursive: true });
        replaceGoModule(program, module);
        expect(go(program, "vet", ".", "pulumi-atlas-secrets.example/sdk/go")).toBe("");
      }
      const sources = ["sdk/go", "tests/engine/languages/go", "examples/go", "tools/sdk/module-archive"];
      expect(execFileSync("gofmt", ["-l", ...sources], { cwd: ROOT, encoding: "utf8" })).toBe("");
    });
  });
}
