/**
 * What the handlers throw and report when Atlas repeats confidential values in its errors: for each call of the engine, each
 * request in it and each kind of answer, nothing of them can be seen, however the error is turned into text.
 */
import { inspect } from "node:util";
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { ProviderProcess } from "../../../provider/src/account/process.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { createSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { createRotatingHandlers } from "../../../provider/src/handlers/rotating-secret.js";
import { PROVIDER_KEY, type Properties } from "../../../provider/src/protocol.js";
import { PROJECT } from "../../../provider/src/records/scope.js";
import { findCanaries } from "../../helpers/canaries.js";
import { toClear } from "../../model/stored-outputs.js";
import { createVirtualAtlas } from "../../model/virtual-atlas.js";
import { Echo, type EchoedOperation, MARKER } from "../fixtures/echo.js";

const KINDS = { single: createSecretHandlers, rotating: createRotatingHandlers } as const;

type Handlers = ReturnType<(typeof KINDS)["single"]>;

/** Calls of the engine, each on a resource of its own; `stored` are the outputs of the last run. */
const CALLS: Record<string, (handlers: Handlers, inputs: Properties, stored: Properties) => Promise<unknown>> = {
  create: async (handlers, inputs) => handlers.create(inputs),
  "update of a secret that is not proven": async (handlers, inputs, stored) =>
    handlers.update("id", { ...stored, status: "pending-verification", ...toPending(stored) }, inputs),
  "update with other triggers": async (handlers, inputs, stored) =>
    handlers.update("id", stored, { ...inputs, triggers: { now: "yes" } }),
  read: async (handlers, _inputs, stored) => handlers.read("id", stored),
  delete: async (handlers, _inputs, stored) => handlers.delete("id", stored),
};

function toPending({ secretId, secret, createdAt, expiresAt }: Properties): Properties {
  return { pendingSecretId: secretId, pendingSecret: secret, pendingCreatedAt: createdAt, pendingExpiresAt: expiresAt };
}

const OPERATIONS: readonly EchoedOperation[] = [
  "mint",
  "verification",
  "getAccount",
  "listAccounts",
  "createSecret",
  "deleteSecret",
];

const STATUSES = [200, 307, 400, 401, 403, 404, 409, 429, 500, 503];

/** Everything that a person or a log could see of what a call threw. */
function toShown(error: unknown): string[] {
  const { message, stack, reasons } = error as { message?: string; stack?: string; reasons?: unknown };
  return [
    inspect(error, { depth: 10 }),
    inspect(error, { depth: 10, showHidden: true, getters: false, compact: false, maxStringLength: null }),
    JSON.stringify(error),
    String(error),
    `${message} ${stack} ${JSON.stringify(reasons)}`,
  ];
}

/** A provider that has made a secret, and a new process of it whose server repeats what it knows once it is armed. */
async function createEchoedProvider(kind: keyof typeof KINDS) {
  const { control, transport, clock } = await createVirtualAtlas("local", {
    switches: { mintLimitPerMinute: null, rateLimits: false },
  });
  const admin = await control.addAccount({
    ownerId: DEMO_PROJECT_ID,
    roles: ["GROUP_OWNER"],
    initialSecret: { hours: 8760 },
  });
  const env = {
    MONGODB_ATLAS_BASE_URL: control.url,
    MONGODB_ATLAS_CLIENT_ID: admin.clientId,
    MONGODB_ATLAS_CLIENT_SECRET: String(admin.secret?.value),
  };
  const lines: string[] = [];
  const report = (line: string) => void lines.push(line);
  const before = KINDS[kind](PROJECT, new ProviderProcess({ clock, env, transport, report }));
  const toInputs = async () => {
    const { clientId } = await control.addAccount({ ownerId: DEMO_PROJECT_ID });
    const inputs = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 720, [PROVIDER_KEY]: "fake" };
    return before.check({}, inputs).inputs;
  };
  const inputs = await toInputs();
  const stored = toClear((await before.create(inputs)).outs);
  const echo = new Echo(transport, admin.clientId);
  const handlers = KINDS[kind](PROJECT, new ProviderProcess({ clock, env, transport: echo.transport, report }));
  lines.length = 0;
  return { handlers, echo, lines, clock, inputs, stored, newInputs: await toInputs() };
}

/** What a person can see of a call that fails, or does not. */
async function toAllShown(work: Promise<unknown>, lines: readonly string[]): Promise<string[]> {
  const thrown = await work.then(
    () => [],
    (error: unknown) => toShown(error),
  );
  return [...thrown, ...lines];
}

const CASES = Object.keys(KINDS).flatMap((kind) =>
  Object.keys(CALLS)
    // A replacement asks for nothing in its update.
    .filter((call) => kind === "rotating" || call !== "update with other triggers")
    .map((call) => ({ kind: kind as keyof typeof KINDS, call })),
);

describe("an Atlas that repeats confidential values", () => {
  it.each(CASES)("in whatever answer shows none of them at $call of a $kind secret", async ({ kind, call }) => {
    let [echoes, marked] = [0, 0];
    for (const operation of OPERATIONS) {
      for (const status of STATUSES) {
        const { handlers, echo, lines, inputs, stored, newInputs } = await createEchoedProvider(kind);
        echo.note(String(stored.clientId), String(stored.secret));
        echo.arm({ operation, status });
        const work = CALLS[call]?.(handlers, call === "create" ? newInputs : inputs, stored) ?? Promise.reject();
        const shown = await toAllShown(work, lines);
        for (const text of shown) {
          const found = findCanaries(text, echo.values());
          expect({ operation, status, found }).toEqual({ operation, status, found: [] });
        }
        echoes += echo.count;
        if (shown.some((text) => text.includes(MARKER))) marked += 1;
      }
    }
    // The errors did arrive, and their texts are shown but for the values.
    expect(echoes).toBeGreaterThanOrEqual(STATUSES.length);
    expect(marked).toBeGreaterThan(0);
  });

  it("in the answer to a renewal does not show the token before it", async () => {
    const { handlers, echo, lines, clock, stored } = await createEchoedProvider("single");
    await handlers.read("id", stored);
    await clock.sleep(2 * HOUR_MS);
    echo.arm({ operation: "mint", status: 400 });
    const shown = await toAllShown(handlers.read("id", stored), lines);
    expect(Object.values(echo.values())).toEqual([
      expect.stringMatching(/^mdb_sa_sk_/),
      expect.stringMatching(/^FAKE\./),
    ]);
    expect(shown.join("\n")).toContain(MARKER);
    expect(findCanaries(shown.join("\n"), echo.values())).toEqual([]);
  });
});

describe("the search in an error", () => {
  it("finds a value in each of the texts that are made of it", () => {
    const value = "FAKE-value-canary-7Kq2ZwV9xT4mRb8L";
    const error = Object.assign(new Error(value), { deep: { deeper: [value] }, reasons: [value] });
    for (const text of toShown(error)) expect(findCanaries(text, { value })).toEqual(["value"]);
  });
});
