/** Four values that must not be seen anywhere: searched for in all that the real engine prints, logs and stores. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET } from "atlas-simulator";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import { findCanaries } from "../helpers/canaries.js";

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(closeWorlds);

const BEARER = "FAKE-bearer-canary-9f31c2d07b6e4a58";
const TRIGGER = "FAKE-trigger-canary-73b0d1f8a2c94e65";
const TOKEN_ANSWER = "FAKE-token-answer-canary-51d7e09c3b2f";

describe("findCanaries", () => {
  it("finds a value that is there in any of its forms, and nothing else", () => {
    const canaries = { one: "mdb_sa_sk_FAKE+value/with signs", two: "FAKE-not-there-at-all" };
    const forms = [
      canaries.one,
      encodeURIComponent(canaries.one),
      Buffer.from(canaries.one).toString("base64"),
      Buffer.from(`client:${canaries.one}`).toString("base64"),
      Buffer.from(`id:${canaries.one}!`).toString("base64url"),
    ];
    for (const form of forms) expect(findCanaries(`before ${form} after`, canaries)).toEqual(["one"]);
    expect(findCanaries("before and after", canaries)).toEqual([]);
  });
});

describe("output, plan, event log and state", () => {
  it("hold none of the four canaries, whatever Atlas repeats in its errors", async () => {
    const { stack, atlas } = world;
    // Both open hidden flags of the CLI: `--save-plan` and `--event-log`.
    stack.setEnv({ PULUMI_EXPERIMENTAL: "1", PULUMI_DEBUG_COMMANDS: "1" });
    const mintFor = async (clientId: string, token: string, times: number) =>
      atlas.addFault({
        kind: "status",
        status: 200,
        body: { access_token: token, expires_in: 3600, token_type: "Bearer" },
        match: { operation: "mint", clientId },
        times,
      });
    const repeat = async (operation: "createSecret" | "deleteSecret" | "getAccount", status: number, text: string) =>
      atlas.addFault({
        kind: "status",
        status,
        body: {
          error: status,
          errorCode: `CODE ${text}`,
          reason: text,
          detail: `You sent ${text} and ${encodeURIComponent(text)}.`,
        },
        match: { operation },
        // A deletion is tried four times.
        times: 4,
      });

    // The administrator's secret and bearer come back in the errors of a creation.
    await mintFor(DEMO_ADMIN_CLIENT_ID, BEARER, 2);
    await repeat(
      "getAccount",
      400,
      `${BEARER} ${DEMO_ADMIN_SECRET} ${Buffer.from(`x:${DEMO_ADMIN_SECRET}`).toString("base64")}`,
    );
    expect((await stack.up(world.program(), "--event-log", "failed.json")).code).not.toBe(0);
    await atlas.clearFaults();

    // A replacement's verification is answered with a token, which comes back in the errors of the old one's deletion,
    // together with that one's value.
    expect((await stack.preview(world.program(), "--json", "--save-plan", "plan.json")).code).toBe(0);
    expect((await stack.up(world.program(), "--json", "--event-log", "created.json")).code).toBe(0);
    const secret = String((await world.recorded())?.secret);
    await mintFor(world.clientId, TOKEN_ANSWER, 1);
    await repeat("deleteSecret", 500, `${secret} ${TOKEN_ANSWER}`);
    expect(
      (
        await stack.up(
          world.program({ triggers: { secretRequest: TRIGGER } }),
          "--diff",
          "--event-log",
          "replaced.json",
        )
      ).code,
    ).not.toBe(0);
    expect((await stack.preview(world.program({ secretExpiresAfterHours: 8 }), "--diff")).code).toBe(0);
    // The same trigger in a creation that is saved, but not proven.
    await world.addAccount("unproven");
    const match = { operation: "mint", clientId: world.clientIdOf("unproven") } as const;
    await atlas.addFault({ kind: "status", status: 500, body: {}, match, times: 3 });
    const unproven = world.programOf({
      main: { secretExpiresAfterHours: 8 },
      unproven: { triggers: { secretRequest: TRIGGER } },
    });
    expect((await stack.up(unproven, "--continue-on-error", "--json")).code).not.toBe(0);
    await stack.run(["stack", "--show-ids", "--show-urns", "--stack", "test"]);
    await stack.run(["stack", "output", "--json", "--stack", "test"]);
    await stack.run(["stack", "history", "--json", "--stack", "test"]);
    const second = String((await world.recorded())?.secret);
    expect(second).not.toBe(secret);

    const canaries = {
      admin: DEMO_ADMIN_SECRET,
      bearer: BEARER,
      token: TOKEN_ANSWER,
      created: secret,
      replaced: second,
      trigger: TRIGGER,
    };
    const files = ["failed.json", "created.json", "replaced.json", "plan.json"].map((name) =>
      join(stack.programFolder, name),
    );
    for (const file of files) expect(existsSync(file)).toBe(true);
    const texts = [...stack.transcript, ...files.map((file) => readFileSync(file, "utf8")), stack.backendText()];
    for (const text of texts) expect(findCanaries(text, canaries)).toEqual([]);

    // The search does see what is there: ids, in every kind of text.
    const ids = { account: world.clientId };
    for (const text of [stack.transcript.join("\n"), readFileSync(String(files[1]), "utf8"), stack.backendText()]) {
      expect(findCanaries(text, ids)).toEqual(["account"]);
    }
  });
});
