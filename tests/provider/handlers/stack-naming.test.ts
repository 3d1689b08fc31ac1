/** The stack's `pulumi:autonaming`, which the classes of Node.js look at in the program, and the check for programs in other languages. */
import { ProviderProcess } from "../../../provider/src/account/process.js";
import { createSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { createRotatingHandlers } from "../../../provider/src/handlers/rotating-secret.js";
import { createSetHandlers } from "../../../provider/src/handlers/secret-set.js";
import type { Properties, SecretHandlers } from "../../../provider/src/protocol.js";
import { ORGANIZATION, PROJECT, type Scope } from "../../../provider/src/records/scope.js";
import { toSecretClass } from "../../../provider/src/rotation/secret-types.js";
import { CLIENT_ID, PROJECT_ID } from "../fixtures/values.js";

const CREATORS: Readonly<
  Record<"plain" | "rotating" | "set", (scope: Scope, process: ProviderProcess) => SecretHandlers>
> = {
  plain: createSecretHandlers,
  rotating: createRotatingHandlers,
  set: createSetHandlers,
};

const KINDS = ([PROJECT, ORGANIZATION] as const).flatMap((scope) =>
  (["plain", "rotating", "set"] as const).map((form) => ({ ...toSecretClass(scope.level, form), scope, form })),
);

function check(kind: (typeof KINDS)[number], config: Properties) {
  const handlers = CREATORS[kind.form](kind.scope, new ProviderProcess());
  handlers.configure({ config: { get: (key) => config[key] } });
  const account = { [kind.owner]: PROJECT_ID, clientId: CLIENT_ID };
  const inputs = { secretExpiresAfterHours: 720, ...(kind.isSet ? { accounts: { main: account } } : account) };
  return handlers.check({}, inputs).failures;
}

describe.each(KINDS)("the check of a $className", (kind) => {
  const ofType = (mode: string) => ({ providers: { "pulumi-nodejs": { resources: { [kind.type]: { mode } } } } });

  it.each(["pulumi:autonaming", "mongodbatlas:autonaming"])(
    "refuses it in %s, with the override for its own type",
    (key) => {
      const override = `pulumi config set --path 'pulumi:autonaming.providers["pulumi-nodejs"].resources["${kind.type}"].mode' default`;
      expect(check(kind, { [key]: JSON.stringify({ mode: "verbatim" }) })).toEqual([
        { property: "", reason: expect.stringContaining(override) },
      ]);
      expect(check(kind, { [key]: JSON.stringify(ofType("disabled")) })).toHaveLength(1);
    },
  );

  it("lets a stack pass that has none, or that overrides it for the type", () => {
    expect(check(kind, {})).toEqual([]);
    expect(check(kind, { "pulumi:autonaming": JSON.stringify({ mode: "verbatim", ...ofType("default") }) })).toEqual(
      [],
    );
  });
});
