/**
 * A project that is gone, or not for the credential: a refresh keeps the record and goes on, a deletion fails, and both say how to let
 * go. And a credential that is refused to them: they take it as it was recorded.
 */
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { ProviderProcess } from "../../../provider/src/account/process.js";
import { createSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { createRotatingHandlers } from "../../../provider/src/handlers/rotating-secret.js";
import type { Properties, SecretHandlers } from "../../../provider/src/protocol.js";
import { PROJECT } from "../../../provider/src/records/scope.js";
import { toClear } from "../../model/stored-outputs.js";
import { createVirtualAtlas } from "../../model/virtual-atlas.js";

const CLASSES = [
  { name: "ProjectServiceAccountSecret", createHandlers: createSecretHandlers },
  { name: "RotatingProjectServiceAccountSecret", createHandlers: createRotatingHandlers },
];
const CREDENTIAL = { clientId: DEMO_ADMIN_CLIENT_ID, clientSecret: DEMO_ADMIN_SECRET };
const WRONG = { clientId: DEMO_ADMIN_CLIENT_ID, clientSecret: `mdb_sa_sk_${"x".repeat(40)}` };
const LET_GO = "Only if the project is gone for good: 'pulumi state delete URN'";
const RECORDED = "as the last 'pulumi up' recorded it: if it was changed since";

/** A recorded secret, and handlers of later runs with the given stack configuration and environment. */
async function createRecorded(createHandlers: (typeof CLASSES)[number]["createHandlers"]) {
  const { control, transport, clock } = await createVirtualAtlas("local");
  const { clientId } = await control.addAccount();
  const begin = (config: Properties, env: Readonly<Record<string, string>> = {}) => {
    const lines: string[] = [];
    const report = (line: string) => void lines.push(line);
    const all = { MONGODB_ATLAS_BASE_URL: control.url, ...env };
    const handlers = createHandlers(PROJECT, new ProviderProcess({ clock, env: all, transport, report }));
    handlers.configure({ config: { get: (key) => config[key.replace("mongodbatlas:", "")] } });
    return { handlers, lines };
  };
  const { handlers } = begin(CREDENTIAL);
  const args = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 720 };
  const { inputs } = handlers.check({}, args);
  const { id, outs } = await handlers.create(inputs);
  await control.resetLog();
  return { control, clientId, begin, id, inputs, outputs: toClear(outs) };
}

const FAULTS = [
  { status: 404, errorCode: "GROUP_NOT_FOUND", why: `Atlas knows no project ${DEMO_PROJECT_ID}` },
  { status: 401, errorCode: "NOT_IN_GROUP", why: "or the project does not exist: Atlas does not tell which" },
];

describe.each(CLASSES)(
  "$name of a project that Atlas does not know, or not for the credential",
  ({ createHandlers }) => {
    it.each(FAULTS)("keeps its record at a refresh, with one line: $status $errorCode", async ({ why, ...fault }) => {
      const { control, clientId, begin, id, outputs } = await createRecorded(createHandlers);
      await control.addFault({
        kind: "status",
        status: fault.status,
        body: { error: 0, ...fault },
        times: "always",
        match: { pathIncludes: "groups/" },
      });
      const { handlers, lines } = begin(CREDENTIAL);
      const { id: readId, props = {} } = await handlers.read(id, outputs);
      expect(readId).toBe(id);
      expect(toClear(props)).toEqual(outputs);
      expect(lines).toEqual([expect.stringMatching(/^The record stays\. Could not read service account /)]);
      for (const part of [clientId, why, LET_GO]) expect(lines[0]).toContain(part);
      expect((await control.requests()).map(({ operation }) => operation)).toEqual(["mint", "getAccount"]);
    });

    it.each(FAULTS)(
      "is not deleted, and the failure says how to let go: $status $errorCode",
      async ({ why, ...fault }) => {
        const { control, begin, id, outputs } = await createRecorded(createHandlers);
        await control.addFault({
          kind: "status",
          status: fault.status,
          body: { error: 0, ...fault },
          times: "always",
          match: { pathIncludes: "groups/" },
        });
        const { handlers, lines } = begin(CREDENTIAL);
        const failure = handlers.delete(id, outputs);
        await expect(failure).rejects.toMatchObject({ code: "rejected", errorCode: fault.errorCode });
        await expect(failure).rejects.toThrow(`Could not delete secret ${outputs.secretId} of service account`);
        await expect(failure).rejects.toThrow(why);
        await expect(failure).rejects.toThrow(LET_GO);
        expect(lines).toEqual([]);
        // Its list would be answered alike.
        expect((await control.requests()).map(({ operation }) => operation)).toEqual(["mint", "deleteSecret"]);
      },
    );

    it.each([
      { status: 401, errorCode: "USER_UNAUTHORIZED" },
      { status: 404, errorCode: "RESOURCE_NOT_FOUND" },
    ])("differs from one that cannot be read otherwise, whose refresh fails: $status $errorCode", async (fault) => {
      const { control, begin, id, outputs } = await createRecorded(createHandlers);
      await control.addFault({
        kind: "status",
        status: fault.status,
        body: { error: 0, ...fault },
        times: "always",
        match: { pathIncludes: "groups/" },
      });
      const failure = begin(CREDENTIAL).handlers.read(id, outputs);
      await expect(failure).rejects.toMatchObject(fault);
      await expect(failure).rejects.not.toThrow("state delete");
    });
  },
);

describe.each(CLASSES)("$name whose provider's credential is refused", ({ createHandlers }) => {
  const ENV = { MONGODB_ATLAS_CLIENT_ID: WRONG.clientId, MONGODB_ATLAS_CLIENT_SECRET: WRONG.clientSecret };
  const WAYS = [
    {
      name: "refresh",
      call: (handlers: SecretHandlers, { id, outputs }: Recorded) => handlers.read(id, outputs),
      isRecorded: true,
    },
    {
      name: "destroy",
      call: (handlers: SecretHandlers, { id, outputs }: Recorded) => handlers.delete(id, outputs),
      isRecorded: true,
    },
    {
      name: "up",
      call: (handlers: SecretHandlers, { inputs }: Recorded) => handlers.create(inputs),
      isRecorded: false,
    },
  ];
  type Recorded = Awaited<ReturnType<typeof createRecorded>>;

  it.each(WAYS)("says at $name whether it is the recorded one", async ({ call, isRecorded }) => {
    const recorded = await createRecorded(createHandlers);
    const settings = [
      { given: WRONG, env: {}, from: "the stack configuration", isKept: true },
      { given: { ...WRONG, explicit: "east" }, env: {}, from: "AtlasProvider east", isKept: true },
      { given: {}, env: ENV, from: "MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET", isKept: false },
    ];
    for (const { given, env, from, isKept } of settings) {
      const failure = await call(recorded.begin(given, env).handlers, recorded).then(
        String,
        (error: Error) => error.message,
      );
      expect(failure).toContain(
        `The credential was client id ${DEMO_ADMIN_CLIENT_ID} of ${from}; Atlas does not accept it`,
      );
      expect(failure).toContain(`This was for service account ${recorded.clientId} of project ${DEMO_PROJECT_ID}.`);
      expect(failure.includes(RECORDED)).toBe(isRecorded && isKept);
      expect(failure).not.toMatch(/state delete|atlas-secrets remove/);
    }
  });
});
