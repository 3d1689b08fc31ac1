/** The steps that `adopt` prints, in the language of the program as Pulumi.yaml tells it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findCanaries } from "../../helpers/canaries.js";
import { createWorkplace, type Workplace } from "../helpers/captured-run.js";
import { CANARIES, RECORDED_MS, STACK_EXPORT } from "../helpers/recorded.js";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => {
  expect(findCanaries(place.printed.join("\n"), CANARIES)).toEqual([]);
  place.remove();
});

async function adopt(project: string, ...flags: string[]): Promise<string> {
  writeFileSync(join(place.folder, "Pulumi.yaml"), project);
  const { code, stdout } = await place.run(["adopt", STACK_EXPORT, "--only", "s0", ...flags], { nowMs: RECORDED_MS });
  expect(code).toBe(0);
  return stdout;
}

const PROJECTS = {
  typescript: [
    "name: shop\nruntime: nodejs\n",
    "name: shop\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
    "name: shop\n",
  ],
  python: [
    "name: shop\nruntime: python\n",
    "name: shop\nruntime: 'python' # the runtime\ndescription: go\n",
    "name: nodejs\nruntime:\n  name: python\n  options:\n    virtualenv: venv\n",
    "name: shop\nruntime:\n  options:\n    virtualenv: go\n  name: python\n",
    "name: shop\nruntime: { name: python, options: { virtualenv: venv } }\n",
  ],
  go: [
    "name: shop\nruntime: go\r\n",
    '{\n  "name": "shop",\n  "runtime": { "name": "go" }\n}\n',
    '{ "runtime": "go", "name": "shop" }',
  ],
};

const LINES = {
  typescript: {
    old: 'new mongodbatlas.ProjectServiceAccountSecret("s0", { ... }, { ..., retainOnDelete: true });',
    use: 'import { ProjectServiceAccountSecret } from "pulumi-atlas-secrets";',
    declaration:
      /^ +new ProjectServiceAccountSecret\("s0", \{ projectId: "\w+", clientId: "\w+", secretExpiresAfterHours: \d+ \}\); \/\/ due 20/m,
    set: /^ +new ProjectServiceAccountSecretSet\("fleet", \{\n +accounts: \{\n +"s0": \{"projectId":"\w+",.*\},\n +\},\n +secretExpiresAfterHours: \d+,\n +\}\);$/m,
  },
  python: {
    old: 'mongodbatlas.ProjectServiceAccountSecret("s0", ..., opts=pulumi.ResourceOptions(..., retain_on_delete=True))',
    use: "import pulumi_atlas_secrets as atlas",
    declaration:
      /^ +atlas\.ProjectServiceAccountSecret\("s0", project_id="\w+", client_id="\w+", secret_expires_after_hours=\d+\) # due 20/m,
    set: /^ +atlas\.ProjectServiceAccountSecretSet\(\n +"fleet",\n +accounts=\{\n +"s0": atlas\.ProjectSetAccountArgs\(project_id="\w+", .*\),\n +\},\n +secret_expires_after_hours=\d+,\n +\)$/m,
  },
  go: {
    old: 'mongodbatlas.NewProjectServiceAccountSecret(ctx, "s0", ..., pulumi.RetainOnDelete(true))',
    use: 'import atlas "pulumi-atlas-secrets.example/sdk/go"',
    declaration:
      /^ +atlas\.NewProjectServiceAccountSecret\(ctx, "s0", &atlas\.ProjectServiceAccountSecretArgs\{ProjectId: pulumi\.String\("\w+"\), ClientId: pulumi\.String\("\w+"\), SecretExpiresAfterHours: pulumi\.Int\(\d+\)\}\) \/\/ due 20/m,
    set: /^ +atlas\.NewProjectServiceAccountSecretSet\(ctx, "fleet", &atlas\.ProjectServiceAccountSecretSetArgs\{\n\s+Accounts: map\[string\]atlas\.ProjectSetAccountArgs\{\n\s+"s0": \{ProjectId: pulumi\.String\("\w+"\), .*\},\n\s+\},\n\s+SecretExpiresAfterHours: pulumi\.Int\(\d+\),\n +\}\)$/m,
  },
};

describe.each(["typescript", "python", "go"] as const)("the steps for a program in %s", (language) => {
  const { old, use, declaration, set } = LINES[language];

  it.each(PROJECTS[language])("are in its words: %j", async (project) => {
    const stdout = await adopt(project);
    expect(stdout).toContain(old);
    expect(stdout).toContain(use);
    expect(stdout).toMatch(declaration);
    const others = Object.entries(LINES).filter(([name]) => name !== language);
    for (const [, lines] of others) expect(stdout).not.toContain(lines.use);
  });

  it("declare a set in its words", async () => {
    expect(await adopt(PROJECTS[language][0] ?? "", "--set", "fleet")).toMatch(set);
  });

  it("say what the engine needs beside the program, unless the program has it anyway", async () => {
    const stdout = await adopt(PROJECTS[language][0] ?? "");
    const [isSaid, importAt] = ["$ npm install pulumi-atlas-secrets @pulumi/pulumi", "$ pulumi import"].map((text) =>
      stdout.indexOf(text),
    );
    if (language === "typescript") expect(isSaid).toBe(-1);
    else expect(isSaid).toBeGreaterThan(0);
    expect(importAt).toBeGreaterThan(isSaid ?? 0);
  });
});
