/** The secret that an account was made with: it holds a slot, and nobody but the user knows whether it may go. */

import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { ProviderProcess } from "../../../provider/src/account/process.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { createSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { PROJECT } from "../../../provider/src/records/scope.js";
import { ModelStack, type RunResult } from "../../model/model-stack.js";
import { createRotatingWorld, type RotatingWorld } from "../fixtures/rotating-world.js";

const CLIENT_ID = "mdb_sa_id_1417a11417a11417a11417a1";
const WARNING = "holds the slot that the successor of";

let world: RotatingWorld;
let stack: ModelStack;
let initialId: string;

afterEach(() => expect(world.atlas.contract.problems).toEqual([]));

async function begin(kind: string): Promise<void> {
  world = await createRotatingWorld();
  const { secret } = await world.atlas.control.addAccount({ clientId: CLIENT_ID, initialSecret: { hours: 8760 } });
  initialId = secret?.id ?? "";
  const { transport, clock } = world.atlas;
  const createHandlers: ConstructorParameters<typeof ModelStack>[0]["createHandlers"] = (options) =>
    createSecretHandlers(PROJECT, new ProviderProcess(options));
  const replaced = new ModelStack({ name: "replaced", transport, clock, env: world.stack.env, createHandlers });
  stack = kind === "replaced" ? replaced : world.stack;
}

const up = (changes: Record<string, unknown>): Promise<RunResult> =>
  stack.up(world.toProgram({ clientId: CLIENT_ID, ...changes }));

const outputs = () => stack.resources.get("main")?.outputs ?? {};

async function heldIds(): Promise<string[]> {
  const { accounts } = await world.atlas.control.inventory();
  return accounts.find(({ clientId }) => clientId === CLIENT_ID)?.secrets.map(({ id }) => id) ?? [];
}

function linesWith(text: string, { lines }: RunResult): string[] {
  return lines.filter((line) => line.includes(text));
}

describe.each([{ kind: "rotating" }, { kind: "replaced" }])(
  "a $kind resource beside the account's initial secret",
  ({ kind }) => {
    const short = { secretExpiresAfterHours: 48 };

    beforeEach(() => begin(kind));

    it("says with its first secret, for 48 h, from when on the initial one will block, and until when there is time", async () => {
      const first = await up(short);
      expect(first.outcome).toBe("succeeded");
      const { secretId } = outputs();
      const [line, ...more] = linesWith(WARNING, first);
      expect(more).toEqual([]);
      for (const text of [
        `secret ${initialId} (`,
        `the successor of ${secretId} needs from 2026-03-02T16:00:00Z on`,
        `${secretId} expires at 2026-03-03T08:00:00Z`,
        `'atlas-secrets remove ${DEMO_PROJECT_ID}/${CLIENT_ID}/${initialId} --all-stacks' deletes it after looking`,
      ]) {
        expect(line).toContain(text);
      }

      // It was right: at that time the rotation is stopped, and the secret still works.
      await world.atlas.clock.sleep(32 * HOUR_MS - 1000);
      expect(await up(short)).toMatchObject({ outcome: "succeeded", steps: [] });
      await world.atlas.clock.sleep(1000);
      const blocked = await up(short);
      expect(blocked.outcome).toBe("failed");
      expect(blocked.errors.join("\n")).toContain("both slots are taken");
      expect(await heldIds()).toEqual([initialId, secretId]);
      const released = await up({ ...short, mayRemove: [initialId] });
      expect(released.outcome).toBe("succeeded");
      expect(linesWith("mayRemove names it", released)).toHaveLength(1);
      expect(await heldIds()).not.toContain(initialId);
      expect(outputs().secretId).not.toBe(secretId);
    });

    it("takes its slot when mayRemove names it, and only when it is needed", async () => {
      const settings = { ...short, mayRemove: [initialId] };
      expect(linesWith(WARNING, await up(settings))).toEqual([]);
      const { secretId } = outputs();
      expect(await heldIds()).toEqual([initialId, secretId]);
      await world.atlas.clock.sleep(32 * HOUR_MS);
      expect((await up(settings)).outcome).toBe("succeeded");
      expect(await heldIds()).not.toContain(initialId);
      expect(outputs().secretId).not.toBe(secretId);
    });

    it("has nothing to say for 720 h, since the initial one has expired by the next rotation and makes room", async () => {
      expect(linesWith(WARNING, await up({}))).toEqual([]);
      await world.atlas.clock.sleep(480 * HOUR_MS);
      expect((await up({})).outcome).toBe("succeeded");
      expect(await heldIds()).not.toContain(initialId);
    });
  },
);
