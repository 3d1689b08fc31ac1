/**
 * What `toAdoptedResource` gives is what the handlers would have recorded had they made the secret: compared with the outputs of
 * a real creation, and put through the handlers' own check and diff.
 */

import { ProviderProcess } from "../../../provider/src/account/process.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { createSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { createRotatingHandlers } from "../../../provider/src/handlers/rotating-secret.js";
import { mapSecretOutputs, PROVIDER_KEY, SIGNATURE_KEY, toProviderText } from "../../../provider/src/protocol.js";
import {
  type AdoptionInputs,
  type ExistingSecret,
  Sensitive,
  toAdoptedResource,
} from "../../../provider/src/records/adopted.js";
import { ORGANIZATION, PROJECT } from "../../../provider/src/records/scope.js";
import { createScriptedTransport, HEALTHY } from "../fixtures/scripted-transport.js";
import { BIRTH_MS, CLIENT_ID, createFakeClock, IDS, PROJECT_ID, SECRET_VALUE } from "../fixtures/values.js";

const PLAIN: AdoptionInputs = { isRotating: false, secretExpiresAfterHours: 720 };
const ROTATING: AdoptionInputs = { isRotating: true, secretExpiresAfterHours: 720 };
const CIPHERTEXT = "v1:not-a-real-nonce:not-a-real-ciphertext";

const SECRET: ExistingSecret = {
  level: "project",
  ownerId: PROJECT_ID,
  clientId: CLIENT_ID,
  secretId: IDS[1],
  value: new Sensitive(SECRET_VALUE),
  createdAtMs: BIRTH_MS,
  expiresAtMs: BIRTH_MS + 720 * HOUR_MS,
  verifiedAtMs: BIRTH_MS,
};

function adopt(changes: Partial<ExistingSecret> = {}, inputs: AdoptionInputs = PLAIN, nowMs = BIRTH_MS) {
  return toAdoptedResource({ ...SECRET, ...changes }, inputs, nowMs);
}

/** Handlers that may send what a creation sends. */
function createHandlers(level: ExistingSecret["level"], isRotating: boolean, nowMs = BIRTH_MS) {
  const { transport, sent } = createScriptedTransport(HEALTHY);
  const env = { MONGODB_ATLAS_ACCESS_TOKEN: "not-a-real-token-of-the-provider" };
  const lines: string[] = [];
  const provider = new ProviderProcess({
    clock: createFakeClock(nowMs),
    env,
    report: (line) => void lines.push(line),
    transport,
  });
  const scope = level === "project" ? PROJECT : ORGANIZATION;
  const create = isRotating ? createRotatingHandlers : createSecretHandlers;
  return { handlers: create(scope, provider), sent, lines };
}

/** Outputs of a state in clear, as the engine passes them to a handler. */
function toClear(outputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(outputs).map(([name, output]) => {
    const { plaintext, ciphertext } = (output ?? {}) as { plaintext?: string; ciphertext?: string };
    if (ciphertext !== undefined) return [name, SECRET_VALUE];
    return [name, plaintext === undefined ? output : (JSON.parse(plaintext) as unknown)];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

describe("toAdoptedResource, beside a creation by the handlers", () => {
  it.each([
    { name: "one that is replaced", inputs: PLAIN, handler: "projectSecret" },
    { name: "one that rotates", inputs: ROTATING, handler: "rotatingProjectSecret" },
  ])("has the same id, inputs and outputs for $name", async ({ inputs, handler }) => {
    const { handlers } = createHandlers("project", inputs.isRotating);
    const given = { projectId: PROJECT_ID, clientId: CLIENT_ID, secretExpiresAfterHours: 720 };
    const checked = handlers.check({}, { ...given, [PROVIDER_KEY]: toProviderText(handler) });
    const made = await handlers.create(checked.inputs);
    const adopted = adopt({}, inputs, BIRTH_MS + HOUR_MS);
    expect(adopted.id).toBe(made.id);
    expect(adopted.inputs).toEqual(checked.inputs);
    const { [PROVIDER_KEY]: text, ...outputs } = adopted.outputs;
    expect(text).toBe(toProviderText(handler));
    expect(toClear(outputs)).toEqual(mapSecretOutputs(made.outs, (value) => value));
  });

  it.each([
    { level: "project", isRotating: false, className: "ProjectServiceAccountSecret" },
    { level: "project", isRotating: true, className: "RotatingProjectServiceAccountSecret" },
    { level: "organization", isRotating: false, className: "ServiceAccountSecret" },
    { level: "organization", isRotating: true, className: "RotatingServiceAccountSecret" },
  ] as const)("is a $className that its handlers neither change nor speak of", ({ level, isRotating, className }) => {
    const { handlers, sent, lines } = createHandlers(level, isRotating, BIRTH_MS + 479 * HOUR_MS);
    const adopted = adopt({ level }, { ...PLAIN, isRotating });
    expect(adopted).toMatchObject({ className, type: `pulumi-nodejs:dynamic/atlas:${className}` });
    expect(adopted.inputs).toHaveProperty(level === "project" ? "projectId" : "orgId", PROJECT_ID);
    const checked = handlers.check(adopted.inputs, adopted.inputs);
    expect(checked).toEqual({ inputs: adopted.inputs, failures: [] });
    const diff = handlers.diff(adopted.id, toClear(adopted.outputs), checked.inputs);
    expect(diff).toEqual({ changes: false, replaces: [], deleteBeforeReplace: false });
    expect(sent).toEqual([]);
    expect(lines).toEqual([]);
  });
});

describe("toAdoptedResource, the value", () => {
  it("is marked for the engine to encrypt when it is known", () => {
    expect(adopt().outputs.secret).toEqual({
      [SIGNATURE_KEY]: "1b47061264138c4ac30d75fd1eb44270",
      plaintext: JSON.stringify(SECRET_VALUE),
    });
  });

  it.each([PLAIN, ROTATING])("is carried as the ciphertext that it was given as (%j)", (inputs) => {
    const { outputs } = adopt({ value: { ciphertext: CIPHERTEXT } }, inputs);
    expect(outputs.secret).toEqual({
      [SIGNATURE_KEY]: "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: CIPHERTEXT,
    });
    expect(outputs).not.toHaveProperty("maskedSecretValue");
  });

  it("stands in no other output and in no input", () => {
    const { inputs, outputs, ...rest } = adopt();
    const { secret: _, ...others } = outputs;
    expect(JSON.stringify([inputs, others, rest])).not.toContain(SECRET_VALUE.slice(10, 22));
  });
});

describe("toAdoptedResource, what Atlas tells of a secret", () => {
  const told = { lastUsedAtMs: BIRTH_MS + HOUR_MS, maskedSecretValue: "mdb_sa_sk_...****" };

  it.each([PLAIN, ROTATING])("is recorded, and nothing that it does not tell (%j)", (inputs) => {
    const times = { createdAt: "2026-03-01T08:00:00Z", expiresAt: "2026-03-31T08:00:00Z" };
    const { verifiedAtMs: _, ...bare } = SECRET;
    const value = { ciphertext: CIPHERTEXT };
    expect(toAdoptedResource({ ...bare, value, ...told }, inputs, BIRTH_MS).outputs).toMatchObject({
      ...times,
      lastUsedAt: "2026-03-01T09:00:00Z",
      maskedSecretValue: told.maskedSecretValue,
    });
    const { outputs } = toAdoptedResource({ ...bare, value }, inputs, BIRTH_MS);
    expect(outputs).toMatchObject(times);
    for (const name of ["lastUsedAt", "verifiedAt", "maskedSecretValue"]) expect(outputs).not.toHaveProperty(name);
  });

  it.each([`x${IDS[0]}`, `${IDS[0]}x`, IDS[0].toUpperCase(), ""])(
    "has an id of Atlas's form, which %j is not",
    (id) => {
      expect(() => adopt({ secretId: id })).toThrow("The id of a secret must be 24 digits of a-f0-9.");
    },
  );
});

describe("toAdoptedResource, an older secret of the account", () => {
  const adoptedMs = BIRTH_MS + 48 * HOUR_MS;
  const previous = { secretId: IDS[0], expiresAtMs: BIRTH_MS + 168 * HOUR_MS, lastUsedAtMs: BIRTH_MS };

  it("is the previous one, with the whole overlap from the adoption on, which the handlers leave alone", () => {
    const { id, inputs, outputs, nextUp } = adopt({ previous }, ROTATING, adoptedMs);
    expect(outputs).toMatchObject({
      secretId: IDS[1],
      status: "overlapping",
      generation: 2,
      previousSecretId: IDS[0],
      previousExpiresAt: "2026-03-08T08:00:00Z",
      previousLastUsedAt: "2026-03-01T08:00:00Z",
      promotedAt: "2026-03-03T08:00:00Z",
      retireAfter: "2026-03-04T08:00:00Z",
    });
    expect(nextUp.action).toBe("keep");
    const { handlers, sent, lines } = createHandlers("project", true, adoptedMs + 23 * HOUR_MS);
    expect(handlers.diff(id, toClear(outputs), inputs).changes).toBe(false);
    expect([sent, lines]).toEqual([[], []]);
  });

  it("is nothing to a resource with one secret", () => {
    expect(adopt({ previous }, PLAIN, adoptedMs)).toEqual(adopt({}, PLAIN, adoptedMs));
  });
});

describe("toAdoptedResource, the next run", () => {
  it.each([
    { name: "a minute before the window", hours: 480 - 1 / 60, action: "keep" },
    { name: "inside the window", hours: 480, action: "replace" },
    { name: "after the expiry", hours: 720, action: "replace" },
  ])("is told for $name", ({ hours, action }) => {
    expect(adopt({}, PLAIN, BIRTH_MS + hours * HOUR_MS).nextUp.action).toBe(action);
  });

  it("is told for a rotating one too", () => {
    expect(adopt({}, ROTATING, BIRTH_MS + 479 * HOUR_MS).nextUp.action).toBe("keep");
    expect(adopt({}, ROTATING, BIRTH_MS + 480 * HOUR_MS).nextUp.action).toBe("rotate");
  });

  it("follows a smaller window", () => {
    const inputs = { ...PLAIN, rotateBeforeExpiryHours: 24 };
    expect(adopt({}, inputs, BIRTH_MS + 600 * HOUR_MS).nextUp.action).toBe("keep");
  });

  it("scales the window to the lifetime that is left of one whose expiry was shortened", () => {
    const shortened = { expiresAtMs: BIRTH_MS + 168 * HOUR_MS };
    const { outputs, nextUp } = adopt(shortened, PLAIN, BIRTH_MS + HOUR_MS);
    expect(outputs).toMatchObject({ grantedHours: 168, rotateAfter: "2026-03-06T00:00:00Z" });
    expect(nextUp.action).toBe("keep");
  });
});

describe("toAdoptedResource refuses", () => {
  it.each([
    { name: "a lifetime out of range", inputs: { ...PLAIN, secretExpiresAfterHours: 7 }, says: /8 to 8760/ },
    {
      name: "a window as long as the lifetime",
      inputs: { ...PLAIN, rotateBeforeExpiryHours: 720 },
      says: /less than secretExpiresAfterHours/,
    },
  ])("$name", ({ inputs, says }) => {
    expect(() => adopt({}, inputs)).toThrow(expect.objectContaining({ code: "adoption" }) as Error);
    expect(() => adopt({}, inputs)).toThrow(says);
  });

  it("a client id that is none, and does not repeat it, since it can be a value in the wrong place", () => {
    expect(() => adopt({ clientId: SECRET_VALUE })).toThrow(/clientId is .*, and must be a client id/);
    expect(() => adopt({ clientId: SECRET_VALUE })).not.toThrow(SECRET_VALUE);
  });

  it("an id that is none, and does not repeat it", () => {
    expect(() => adopt({ secretId: SECRET_VALUE })).toThrow("The id of a secret must be 24 digits of a-f0-9.");
  });

  it("a secret that expires before it was created", () => {
    expect(() => adopt({ expiresAtMs: BIRTH_MS })).toThrow("expires before it was created");
  });
});
