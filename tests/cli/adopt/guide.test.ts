/** `atlas-secrets adopt` over states of the official rotation guide for Terraform and OpenTofu. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findCanaries } from "../../helpers/canaries.js";
import { createWorkplace, type Workplace } from "../helpers/captured-run.js";
import {
  type GuideResource,
  type GuideSecret,
  toAccountResource,
  toGuideState,
  toSecretAttributes,
  toSecretResource,
} from "../helpers/guide-states.js";

const OWNER_ID = "0123456789abcdef01234567";
const NOW_MS = Date.parse("2026-03-10T08:00:00Z");
const VALUES = {
  first: "mdb_sa_sk_firstFakeValueOfTheGuide-00000000-AAAA",
  second: "mdb_sa_sk_secondFakeValueOfTheGuide-0000000-BBBB",
};
const clientIdOf = (number: number) => `mdb_sa_id_${String(number).padStart(24, "0")}`;

/** The account's first secret: 90 days, in the middle of its life. */
const FIRST: GuideSecret = {
  secretId: "aaaaaaaaaaaaaaaaaaaaaaa1",
  clientId: clientIdOf(1),
  ownerId: OWNER_ID,
  createdAt: "2026-03-01T08:00:00Z",
  expiresAt: "2026-05-30T08:00:00Z",
  value: VALUES.first,
  hours: 2160,
};
/** The second, made a week later: Atlas leaves the first one until 15 March, whatever the state still says. */
const SECOND: GuideSecret = {
  ...FIRST,
  secretId: "aaaaaaaaaaaaaaaaaaaaaaa2",
  createdAt: "2026-03-08T08:00:00Z",
  expiresAt: "2026-06-06T08:00:00Z",
  value: VALUES.second,
};
const { value: _, hours: _h, ...IMPORTED } = FIRST;

interface Imported {
  readonly name: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>> & { readonly secret: { readonly plaintext: string } };
}

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => {
  expect(findCanaries(place.printed.join("\n"), VALUES)).toEqual([]);
  place.remove();
});

async function adopt(
  resources: readonly GuideResource[],
  args: readonly string[] = [],
  tool: Parameters<typeof toGuideState>[1] = {},
) {
  writeFileSync(join(place.folder, "state.json"), toGuideState(resources, tool));
  const run = await place.run(["adopt", "state.json", ...args], {
    nowMs: NOW_MS,
    stdin: VALUES.first,
  });
  const isWritten = place.files().includes("adopted-secrets.json");
  const imported = isWritten
    ? (JSON.parse(readFileSync(join(place.folder, "adopted-secrets.json"), "utf8")) as { resources: Imported[] })
        .resources
    : [];
  return { ...run, imported, names: imported.map(({ name }) => name) };
}

const secret1 = toSecretResource("organization", "secret_1", IMPORTED);
const secret2 = toSecretResource("organization", "secret_2", SECOND);
const account = toAccountResource("organization", "this", [FIRST], 2160);
const refreshedAccount = toAccountResource("organization", "this", [IMPORTED], 2160);

describe("adopt, an imported secret, whose value is null", () => {
  it("is listed with what to do, stays where it is, and does not keep the others", async () => {
    const { code, stdout, names } = await adopt([refreshedAccount, secret1, secret2]);
    expect({ code, names }).toEqual({ code: 0, names: ["secret_2"] });
    const [steps = "", leftOut = ""] = stdout.split("Not adopted.");
    expect(steps).toContain("from = mongodbatlas_service_account_secret.secret_2");
    expect(steps).not.toContain("service_account_secret.secret_1");
    expect(leftOut).toContain("to take one out there deletes its secret");
    expect(leftOut).toContain("The value of mongodbatlas_service_account_secret.secret_1 in state.json is not there");
    expect(leftOut).toContain(
      `'... | atlas-secrets adopt state.json --piped ${OWNER_ID}/${FIRST.clientId}/${FIRST.secretId} ` +
        `--name secret_1 --organization ${OWNER_ID} --only secret_1'.`,
    );
    // What the account lists is the same secret: once is enough.
    expect(leftOut.match(/^- /gm)).toHaveLength(1);
    expect(leftOut).toContain("it works until 2026-03-15T08:00:00Z");
  });

  it("alone is the one failure, in one sentence", async () => {
    const { code, stdout, stderr } = await adopt([refreshedAccount, secret1, secret2], ["--only", "secret_1"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^\S+ The value of \S+secret_1 in state\.json is not there.*\n$/);
    expect(place.files()).toEqual(["state.json"]);
  });

  it("says nothing where --only leaves it out", async () => {
    const { code, stdout } = await adopt([refreshedAccount, secret1, secret2], ["--only", "secret_2"]);
    expect(code).toBe(0);
    expect(stdout).not.toContain("Not adopted");
  });

  it("gets its value, and its lifetime, from the list of its service account", async () => {
    const { imported } = await adopt([account, secret1]);
    expect(imported).toMatchObject([
      {
        name: "secret_1",
        type: "pulumi-nodejs:dynamic/atlas:ServiceAccountSecret",
        inputs: { orgId: OWNER_ID, secretExpiresAfterHours: 2160 },
        outputs: { secretId: FIRST.secretId, secret: { plaintext: JSON.stringify(VALUES.first) } },
      },
    ]);
  });
});

describe("adopt, the first secret of a service account", () => {
  it("is adopted with the value that the account's resource lists, and the account stays in Terraform", async () => {
    const { stdout, imported } = await adopt([account]);
    expect(imported).toMatchObject([
      {
        name: "this-initial",
        id: `${OWNER_ID}/${FIRST.clientId}/${FIRST.secretId}`,
        inputs: { secretExpiresAfterHours: 2160 },
        outputs: { createdAt: FIRST.createdAt, rotateAfter: "2026-04-30T08:00:00Z" },
      },
    ]);
    expect(stdout).toContain(
      "mongodbatlas_service_account.this in state.json, secrets[0] is adopted, its account stays where it is: to destroy that deletes all",
    );
    expect(stdout).not.toContain("removed {");
    expect(stdout).not.toContain("state rm");
  });

  it("is named with the way to pipe it when the list holds its value no more", async () => {
    const { code, stdout, stderr } = await adopt([toAccountResource("project", "this", [IMPORTED])]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("mongodbatlas_project_service_account.this in state.json, secrets[0]");
    expect(stderr).toContain(
      `--piped ${OWNER_ID}/${FIRST.clientId}/${FIRST.secretId} --name this-secrets-0 --only this-secrets-0'.`,
    );
  });

  it("is in no list of an account that was made without one", async () => {
    expect((await adopt([toAccountResource("project", "this", []), secret2])).names).toEqual(["secret_2"]);
  });
});

describe("adopt, two secrets of one account", () => {
  it("become one rotating resource: the newer is current, the older previous, its value not needed", async () => {
    const { stdout, imported } = await adopt([refreshedAccount, secret1, secret2], ["--rotating"]);
    expect(imported).toMatchObject([
      {
        name: "secret_2",
        type: "pulumi-nodejs:dynamic/atlas:RotatingServiceAccountSecret",
        id: `${OWNER_ID}/${FIRST.clientId}`,
        inputs: { secretExpiresAfterHours: 2160 },
        outputs: {
          secretId: SECOND.secretId,
          secret: { plaintext: JSON.stringify(VALUES.second) },
          status: "overlapping",
          generation: 2,
          previousSecretId: FIRST.secretId,
          previousExpiresAt: "2026-03-15T08:00:00Z",
          promotedAt: "2026-03-10T08:00:00Z",
          retireAfter: "2026-03-11T08:00:00Z",
        },
      },
    ]);
    for (const name of ["secret_1", "secret_2"])
      expect(stdout).toContain(`from = mongodbatlas_service_account_secret.${name}`);
    expect(stdout).toContain(
      `secret_1 (secret ${FIRST.secretId}) becomes the previous secret of secret_2: from 2026-03-11T08:00:00Z on 'pulumi up' deletes it, ` +
        "once nobody has signed in with it for 24 h.",
    );
    expect(stdout).not.toContain("also holds");
    expect(stdout).not.toContain("Not adopted");
  });

  it("become one of which the expired older one is no part, and that is said; Terraform forgets it too", async () => {
    const expired = { ...IMPORTED, expiresAt: "2026-03-09T08:00:00Z" };
    const { stdout, imported } = await adopt(
      [toSecretResource("organization", "secret_1", expired), secret2],
      ["--rotating"],
    );
    expect(imported).toMatchObject([{ outputs: { status: "active", generation: 1 } }]);
    expect(imported[0]?.outputs).not.toHaveProperty("previousSecretId");
    expect(stdout).toContain("has expired: secret_2 frees its slot with the first rotation");
    expect(stdout).toContain("from = mongodbatlas_service_account_secret.secret_1");
  });

  it("stay both when the value of the newer is not there", async () => {
    const { value: _v, ...valueless } = SECOND;
    const { code, stdout, stderr } = await adopt(
      [account, secret1, toSecretResource("organization", "secret_2", valueless)],
      ["--rotating"],
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`--name secret_2 --organization ${OWNER_ID} --rotating --only secret_2 secret_1'.`);
    expect(stderr).toContain("secret_1 in state.json waits for secret_2");
  });

  it("are two resources otherwise, with a warning; the older with the expiry that is left to it", async () => {
    const { stdout, imported } = await adopt([account, secret1, secret2]);
    expect(imported).toMatchObject([
      { name: "secret_1", outputs: { expiresAt: "2026-03-15T08:00:00Z", grantedHours: 336 } },
      { name: "secret_2", outputs: { expiresAt: SECOND.expiresAt } },
    ]);
    expect(stdout).toContain(`also holds secret_2 (${SECOND.secretId}) beside secret_1`);
    expect(stdout).toContain("with --rotating one resource takes both over");
    expect(stdout.match(/also holds/g)).toHaveLength(1);
  });

  it("of which one is chosen bring the warning too", async () => {
    const { stdout } = await adopt([secret1, secret2], ["--rotating", "--only", "secret_2"]);
    expect(stdout).toContain(`also holds secret_1 (${FIRST.secretId}) beside secret_2`);
    expect(stdout).toContain("the first rotation waits for that");
  });

  it("are refused when a stale state tells of three", async () => {
    const third = { ...SECOND, secretId: "aaaaaaaaaaaaaaaaaaaaaaa3", createdAt: "2026-03-09T08:00:00Z" };
    const { code, stderr } = await adopt(
      [secret1, secret2, toSecretResource("organization", "secret_3", third)],
      ["--rotating"],
    );
    expect(code).toBe(2);
    expect(stderr).toContain("No account holds all of secret_1 and secret_2 and secret_3");
  });

  it("take one name that is given for the one resource", async () => {
    expect((await adopt([secret1, secret2], ["--rotating", "--name", "backend"])).names).toEqual(["backend"]);
  });
});

describe("adopt --hours", () => {
  it("wins over the lifetime that a source tells", async () => {
    const { imported } = await adopt([secret2], ["--hours", "720"]);
    expect(imported).toMatchObject([
      {
        inputs: { secretExpiresAfterHours: 720 },
        outputs: { rotateBeforeExpiryHours: 240, grantedHours: 2160 },
      },
    ]);
  });
});

describe("adopt, names and addresses", () => {
  const named = (keys: readonly (string | number)[], module?: string) => {
    const instances = keys.map((key, index) => ({
      key,
      attributes: toSecretAttributes("project", {
        ...FIRST,
        clientId: clientIdOf(index + 1),
        secretId: `${index + 1}`.padStart(24, "a"),
      }),
    }));
    return toSecretResource("project", "s", FIRST, { instances, ...(module !== undefined && { module }) });
  };

  it.each([
    { name: "paths", keys: ["eu/west", "eu west"], names: ["s-eu-west", "s-eu-west-2"] },
    {
      name: "a number that another one has",
      keys: ["eu/west", "eu west", "eu-west-2"],
      names: ["s-eu-west", "s-eu-west-3", "s-eu-west-2"],
    },
    { name: "other scripts", keys: ["日本", "हिन्दी", "größe"], names: ["s-日本", "s-हिन्दी", "s-größe"] },
    { name: "nothing that can be in a name", keys: ["🚀", "/"], names: ["s", "s-2"] },
    { name: "numbers", keys: [0, 1], names: ["s-0", "s-1"] },
  ])("are readable and different for keys with $name", async ({ keys, names }) => {
    expect((await adopt([named(keys)])).names).toEqual(names);
  });

  it("hold the keys of modules, and one removed block stands for all", async () => {
    const one = toSecretResource("project", "s", FIRST, { module: 'module.team["eu/west"].module.a' });
    const other = toSecretResource(
      "project",
      "s",
      { ...SECOND, clientId: clientIdOf(2) },
      { module: 'module.team["日本"].module.a' },
    );
    const { names, stdout } = await adopt([one, other]);
    expect(names).toEqual(["team-eu-west-a-s", "team-日本-a-s"]);
    expect(
      stdout.match(/from = module\.team\.module\.a\.mongodbatlas_project_service_account_secret\.s\n/g),
    ).toHaveLength(1);
  });

  it("are as the commands take them when only a part of a block is adopted", async () => {
    const { stdout } = await adopt([named([`it's "\${x}"`, "\u202eb", "c"])], ["--only", "s-it-s-x", "s-b"]);
    const type = "mongodbatlas_project_service_account_secret";
    expect(stdout).not.toContain("removed {");
    expect(stdout).toContain(`$ terraform state rm '${type}.s["it'\\''s \\"$\${x}\\""]' '${type}.s["\\u202eb"]'`);
    expect(stdout).toContain("Pause every run");
  });
});

describe("adopt, the step for Terraform and OpenTofu", () => {
  const LIFECYCLE = "  lifecycle {\n         destroy = false\n       }";
  const tofu = { registry: "registry.opentofu.org" };

  it("comes first, and nothing runs before its plan was read", async () => {
    const { stdout } = await adopt([secret2]);
    const places = [
      "1. Let Terraform forget them without deleting them, before anything else",
      "removed {",
      "$ terraform plan    # must keep each",
      "$ terraform apply",
      "2. Import.",
      "$ pulumi import",
      "$ pulumi refresh",
      "$ pulumi preview --expect-no-changes",
      "$ rm adopted-secrets.json",
    ].map((text) => stdout.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it.each([
    { name: "Terraform 1.7", tool: { version: "1.7.0" }, command: "terraform", has: [LIFECYCLE], lacks: ["state rm"] },
    {
      name: "Terraform 1.6",
      tool: { version: "1.6.6" },
      command: "terraform",
      has: ["terraform state rm"],
      lacks: ["removed {"],
    },
    {
      name: "OpenTofu 1.10",
      tool: { ...tofu, version: "1.10.0" },
      command: "tofu",
      has: [LIFECYCLE],
      lacks: ["state rm"],
    },
    {
      name: "OpenTofu 1.9",
      tool: { ...tofu, version: "1.9.1" },
      command: "tofu",
      has: ["removed {"],
      lacks: ["lifecycle", "state rm"],
    },
    {
      name: "a second major version",
      tool: { version: "2.0.0" },
      command: "terraform",
      has: [LIFECYCLE],
      lacks: ["state rm"],
    },
  ])("is what $name understands", async ({ tool, command, has, lacks }) => {
    const { stdout } = await adopt([secret2], [], tool);
    for (const text of [...has, `$ ${command} plan`]) expect(stdout).toContain(text);
    for (const text of lacks) expect(stdout).not.toContain(text);
  });

  it("tells what a taint means", async () => {
    const { code, stdout } = await adopt([toSecretResource("organization", "secret_2", SECOND, { isTainted: true })]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "secret_2 is tainted: an apply of the old configuration deletes this secret and makes another. Adopted, it stays.",
    );
  });
});
