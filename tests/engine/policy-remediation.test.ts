/** Remediations on the real engine: the inputs change in place, secrets stay secret, the handler stays named, no value is shown. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { closeWorlds, createWorld, type World } from "../helpers/atlas.js";
import { findCanaries } from "../helpers/canaries.js";
import { listViolations, POLICY_PROGRAM, type PolicyProgram, runProgram, usePack } from "../helpers/policy-pack.js";

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const TRIGGER = "FAKE-remediation-trigger-canary-51c0";
const REMEDIATE = { "lifetime-too-long": "remediate", "rotation-window-too-short": "remediate" };

let world: World;

beforeAll(async () => {
  world = await createWorld(POLICY_PROGRAM);
});
afterAll(closeWorlds);

describe("an up with remediations", () => {
  it("creates a secret of the longest lifetime and the shortest window that are allowed, and keeps what it does not touch", async () => {
    const { stack, projectId } = world;
    const args = { projectId, secretExpiresAfterHours: 8760, triggers: { request: TRIGGER } };
    const program: PolicyProgram = {
      secrets: {
        long: { args: { ...args, clientId: await world.addAccount("long") } },
        off: { args: { ...args, clientId: await world.addAccount("off"), rotateBeforeExpiryHours: 0 } },
      },
    };
    // Opens the hidden flag `--event-log`.
    stack.setEnv({ PULUMI_DEBUG_COMMANDS: "1" });
    const flags = [...usePack(stack, REMEDIATE), "--diff", "--event-log", "events.json"];
    const up = await runProgram(stack, "up", program, flags);
    expect([listViolations(up.text), up.code]).toEqual([[], 0]);
    expect(up.text).toContain("[remediate]");

    const secrets = await stack.secrets();
    const find = (name: string) => secrets.find(({ urn }) => urn.endsWith(`::${name}`));
    const [long, off] = [find("long"), find("off")];
    expect(long?.inputs).toMatchObject({ secretExpiresAfterHours: 720 });
    expect(long?.outputs).toMatchObject({
      secretExpiresAfterHours: 720,
      rotateBeforeExpiryHours: 240,
      status: "active",
    });
    expect(off?.inputs).toMatchObject({ secretExpiresAfterHours: 720, rotateBeforeExpiryHours: 48 });
    const stored = (stack.storedState().resources ?? []).filter(({ type }) => type.endsWith("ServiceAccountSecret"));
    expect(stored).toHaveLength(2);
    for (const { inputs } of stored) {
      expect(inputs.__provider).toMatch(/^exports\.handler = /);
      expect(JSON.stringify(inputs.triggers)).toContain(SIGNATURE_KEY);
    }
    const canaries = { TRIGGER, long: String(long?.outputs.secret) };
    const events = readFileSync(join(stack.programFolder, "events.json"), "utf8");
    for (const text of [...stack.transcript, events, stack.backendText()])
      expect(findCanaries(text, canaries)).toEqual([]);

    const keep = [...usePack(stack, REMEDIATE), "--skip-preview", "--expect-no-changes"];
    const kept = await runProgram(stack, "up", program, keep);
    expect([listViolations(kept.text), kept.code]).toEqual([[], 0]);
  });
});
