/**
 * Where a value could show when something fails: Atlas repeats every value that it has seen in its errors, and what the
 * engine prints, logs and stores of that holds none of them.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findCanaries } from "../../helpers/canaries.js";
import type { CliResult, DeclaredSecret, ExportedResource } from "../../helpers/pulumi-stack.js";
import { type EchoRule, MARKER } from "../../provider/fixtures/echo.js";
import { type EchoServer, startEchoServer } from "./echo-server.js";
import { WatchedStack, withTrigger } from "./watched-stack.js";

/** Has every character that one of the encodings changes. */
const WRONG = 'FAKE+wrong/credential="&%<\\>Qm7zTf2KxWc9LdR4vHyBn';

/** What every run is asked for. */
const LOGS = ["--logtostderr", "-v=8", "--event-log", "events.json"];

let watched: WatchedStack;
let server: EchoServer;
let secrets: Record<string, DeclaredSecret>;

beforeAll(async () => {
  watched = await WatchedStack.create();
  server = await startEchoServer(watched.atlas.url, watched.adminClientId);
  watched.stack.setEnv({ MONGODB_ATLAS_BASE_URL: server.url, PULUMI_DEBUG_COMMANDS: "1" });
  secrets = {
    single: withTrigger(await watched.declare(), "1"),
    rotating: withTrigger(await watched.declare({}, "RotatingProjectServiceAccountSecret"), "1"),
  };
});

afterAll(async () => {
  await server.close();
  await watched.close();
});

/** Lets the server answer so in the next run, whose process knows of earlier ones only what is recorded. */
function arm(rule: EchoRule | undefined, recorded: readonly ExportedResource[] = []): void {
  server.echo.forget();
  server.echo.arm(rule);
  for (const { outputs } of recorded) server.echo.note(String(outputs.clientId), toValue(outputs));
}

const toValue = (outputs: Record<string, unknown>) => String(outputs.secret ?? outputs.pendingSecret);

/** Everything that could show of a run and of all before it. */
function toTexts({ stdout, stderr }: CliResult): Record<string, string> {
  return {
    stdout,
    stderr,
    events: readFileSync(join(watched.stack.programFolder, "events.json"), "utf8"),
    backend: watched.readFolder("backend"),
    home: watched.readFolder("home"),
    temporary: watched.readFolder("tmp"),
  };
}

/** The run failed with Atlas's text, and nothing of it is a value. */
function expectHidden(result: CliResult, texts: Record<string, string> = toTexts(result)): void {
  expect(result.code).not.toBe(0);
  expect(`${result.text}\n${texts.events}`).toContain(MARKER);
  for (const [place, text] of Object.entries(texts)) {
    const found = findCanaries(text, { ...watched.values(), wrong: WRONG });
    expect({ place, found }).toEqual({ place, found: [] });
  }
}

const program = (changes: Partial<Record<string, DeclaredSecret>> = {}) => ({
  consumers: false,
  secrets: { ...secrets, ...changes } as Record<string, DeclaredSecret>,
});

describe("a failure", () => {
  it("of the provider's own sign-in hides the credential that was refused", async () => {
    const right = watched.stack.environment.MONGODB_ATLAS_CLIENT_SECRET ?? "";
    watched.stack.setEnv({ MONGODB_ATLAS_CLIENT_SECRET: WRONG });
    arm({ operation: "mint", status: 401 });
    expectHidden(await watched.stack.up(program(), ...LOGS));
    watched.stack.setEnv({ MONGODB_ATLAS_CLIENT_SECRET: right });
  });

  it("of a creation hides the credential and its token", async () => {
    arm({ operation: "createSecret", status: 400 });
    expectHidden(await watched.stack.up(program(), "--json", ...LOGS));
    expect(watched.created()).toEqual([]);
  });

  it("of a verification hides the new secret, which is saved, and once more in the next run", async () => {
    for (const status of [500, 401]) {
      arm({ operation: "verification", status }, await watched.stack.secrets());
      expectHidden(await watched.stack.up(program(), "--diff", ...LOGS));
      expect(watched.created()).toHaveLength(2);
    }
    const saved = await watched.stack.secrets();
    expect(saved.map(({ outputs }) => toValue(outputs)).sort()).toEqual(watched.created().sort());
  });

  it("of a refresh hides the recorded secrets", async () => {
    arm(undefined);
    expect(await watched.stack.up(program())).toMatchObject({ code: 0 });
    arm({ operation: "getAccount", status: 403 }, await watched.stack.secrets());
    expectHidden(await watched.stack.refresh(...LOGS));
  });

  it("of a deletion hides the secret to delete", async () => {
    arm({ operation: "deleteSecret", status: 403 }, await watched.stack.secrets());
    expectHidden(await watched.stack.destroy(...LOGS));
  });
});

describe("a secret in the wrong argument", () => {
  it("is not repeated when it is refused", async () => {
    arm(undefined);
    const [value = ""] = watched.created();
    const args = {
      ...secrets.single?.args,
      projectId: value,
      clientId: value,
      secretExpiresAfterHours: value,
      verify: value,
      mayRemove: [value],
      secretValue: value,
      [value]: true,
    };
    const result = await watched.stack.up({ consumers: false, secrets: { wrong: { args } } }, "--logtostderr", "-v=8");
    expect(result.code).not.toBe(0);
    for (const name of ["projectId", "clientId", "secretExpiresAfterHours", "verify", "mayRemove"]) {
      expect(result.text).toMatch(new RegExp(`problem: ${name} is a [a-z ]+(\\d+ characters)?, and must be`));
    }
    expect(result.text).toContain("secretValue is not a property of this resource");
    expect(result.text).toContain("[redacted] is not a property of this resource");
    expect(findCanaries(result.text, watched.values())).toEqual([]);
    expect(findCanaries(watched.readFolder("backend"), watched.values())).toEqual([]);
  });
});
