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

/** Runs a copy of the generator, and gives its exit code and what it says. */
function check(root: string): { readonly code: number; readonly text: string } {
  try {
    const script = join(root, "tools/sdk/generate.mjs");
    return { code: 0, text: execFileSync(process.execPath, [script, "--check"], { encoding: "utf8", stdio: "pipe" }) };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: string };
    return { code: status, text: stderr };
  }
}

describe("the generated sources", () => {
  it("are what the description of the resources gives", () => {
    expect(check(ROOT)).toEqual({ code: 0, text: "" });
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
    expect(check(copy).code).toBe(0);
    const changed = join(copy, "provider/dist", file);
    const text = readFileSync(changed, "utf8");
    expect(text).toContain(from);
    writeFileSync(changed, text.replaceAll(from, to));
    expect(check(copy)).toEqual({ code: 1, text: expect.stringContaining("differ from the description") });
  });

  it("have the version of the npm package", () => {
    const version = String(readManifest("provider").version);
    expect(readFileSync(join(SDK_PYTHON, "pyproject.toml"), "utf8")).toContain(`\nversion = "${version}"\n`);
  });
});

if (has("Python")) {
  describe("the Python package", () => {
    it("and the programs of tests and examples pass mypy --strict, against the installed wheel", () => {
      const environment = createPythonEnvironment();
      const options = [
        "--strict",
        "--python-executable",
        interpreterOf(environment),
        "--cache-dir",
        join(folder, "mypy"),
      ];
      const programs = ["tests/engine/languages/python/__main__.py", "examples/python/__main__.py"];
      for (const path of [join(SDK_PYTHON, "pulumi_atlas_secrets"), ...programs.map((path) => join(ROOT, path))]) {
        expect(python("-m", "mypy", ...options, path)).toContain("Success: no issues found");
      }
    });

    it("refuses what the resources do not have, by its types", () => {
      const program = join(folder, "wrong.py");
      const lines = ["import pulumi_atlas_secrets as atlas", "", 'atlas.ServiceAccountSecret("one", org_id="x")'];
      writeFileSync(program, lines.join("\n"));
      const environment = interpreterOf(createPythonEnvironment());
      expect(() => python("-m", "mypy", "--strict", "--python-executable", environment, program)).toThrow(
        /call-overload|/,
      );
    });
  });
}

if (has("Go")) {
  describe("the Go module", () => {
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
