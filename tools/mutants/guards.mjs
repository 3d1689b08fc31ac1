/**
 * Seeded defects of guards that are seldom needed: what they hold off is a lost secret, a deleted credential or a shown value.
 *
 * @type {readonly import("./defects.mjs").Defect[]}
 */
export const GUARDS = [
  {
    name: "deletes a resource's secrets beside a creation on their account",
    invariant: "I1",
    edits: [
      {
        file: "provider/src/account/deletion.ts",
        find: "await process.locks.runExclusive(account.clientId, async () => {",
        replace: "await (async (_: string, action: () => Promise<void>) => action())(account.clientId, async () => {",
      },
    ],
    test: {
      file: "tests/provider/account/deletion.test.ts",
      title: "waits for its turn on the account",
    },
  },
  {
    name: "retires a secret beside a creation on its account",
    invariant: "I1",
    edits: [
      {
        file: "provider/src/handlers/rotating-removals.ts",
        find: "return process.locks.runExclusive(record.clientId, () => removeSecret(process, operation, task));",
        replace: "return removeSecret(process, operation, task);",
      },
    ],
    test: {
      file: "tests/provider/handlers/rotating-removals.test.ts",
      title: "waits for its turn on the account",
    },
  },
  {
    name: "deletes an expired current secret that may be the own credential",
    invariant: "I8",
    edits: [
      {
        file: "provider/src/handlers/rotating-removals.ts",
        find: "if (isOwnCredential({ clientId, value }, operation.credential) !== false) return;",
        replace: "",
      },
    ],
    test: {
      file: "tests/provider/handlers/rotating-removals.test.ts",
      title: "leaves an expired current secret that is the credential",
    },
  },
  {
    name: "deletes an unusable pending secret that is the own credential",
    invariant: "I8",
    edits: [
      {
        file: "provider/src/handlers/rotating-removals.ts",
        find: "const removal = await remove(process, operation, record, { secretId, value }, ",
        replace: "const removal = await remove(process, operation, record, { secretId, value, isCredential: false }, ",
      },
    ],
    test: {
      file: "tests/provider/handlers/rotating-removals.test.ts",
      title: "refuses to delete a pending secret that is the credential",
    },
  },
  {
    name: "takes any failure to connect for the engine's end",
    edits: [
      {
        file: "provider/src/atlas/engine-guard.ts",
        find: 'settle(error.code !== "ECONNREFUSED")',
        replace: "settle(error.code === undefined)",
      },
    ],
    test: { file: "tests/provider/atlas/engine-guard.test.ts", title: "takes only a refusal for an end" },
  },
  {
    name: "mixes the accounts of two stacks that run in one process",
    edits: [
      {
        file: "provider/src/resources/account-claims.ts",
        find: "pulumi.runtime.getStackResource() ?? pulumi.runtime.getMonitor() ?? NO_RUN",
        replace: "NO_RUN",
      },
    ],
    test: {
      file: "tests/provider/resources/account-claims.test.ts",
      title: "begins afresh with each run, as each unit test with mocks is one",
    },
  },
  {
    name: "lets the debug messages of an explicit provider show its credential",
    invariant: "I6",
    edits: [
      {
        file: "provider/src/resources/atlas-provider.ts",
        find: "    withholdSecretsFromDebugMessages();\n",
        replace: "",
      },
    ],
    test: {
      file: "tests/provider/resources/atlas-provider.test.ts",
      title: "keeps its credential out of debug messages",
    },
  },
  {
    name: "takes whatever answers a deletion with 2xx for Atlas",
    invariant: "I7",
    edits: [
      {
        file: "provider/src/atlas/client.ts",
        find: 'const parse = (body: string) => (body === "" ? true : undefined);',
        replace: "const parse = () => true;",
      },
    ],
    test: {
      file: "tests/provider/client/base-url.test.ts",
      title: "is what to check when it answers 200 with a page",
    },
  },
  {
    name: "drops the record of a previous secret that Atlas may not list yet",
    invariant: "I2",
    edits: [
      {
        file: "provider/src/records/transitions.ts",
        find: "    ...(previous && !seenPrevious && !seenCurrent && canBeUnlisted(current?.createdAtMs, nowMs) && { previous }),\n",
        replace: "",
      },
    ],
    test: {
      file: "tests/provider/records/transitions.test.ts",
      title: "keeps what may not be listed yet",
    },
  },
  {
    name: "lets a previous secret make room inside its overlap, since the current one expires soon",
    invariant: "I2",
    edits: [
      {
        file: "provider/src/rotation/rotating.ts",
        find: "overlapOverMs === undefined || nowMs < overlapOverMs) return rotation;",
        replace: "overlapOverMs === undefined) return rotation;",
      },
    ],
    test: {
      file: "tests/provider/rotation/rotating-properties.test.ts",
      title: "lets a previous one go before its overlap is over for changed triggers only",
    },
  },
  {
    name: "lets a previous secret in use make room when this machine's clock is ahead",
    invariant: "I2",
    edits: [
      {
        file: "provider/src/rotation/rotating.ts",
        find: "fromMs: Math.max(overlapOverMs, latestMs)",
        replace: "fromMs: overlapOverMs",
      },
    ],
    test: {
      file: "tests/model/regressions.test.ts",
      title: "since by the machine's clock the current one expired soon",
    },
  },
  {
    name: "offers to force the deletion of a secret that a state records as current",
    invariant: "I13",
    edits: [
      {
        file: "provider/src/rotation/removal-by-hand.ts",
        find: "objections.every((one) => one.canBeKnown)",
        replace: "objections.length > 0",
      },
    ],
    test: {
      file: "tests/provider/rotation/removal.test.ts",
      title: "offers --force for one that is current in a state: false",
    },
  },
  {
    name: "downloads past the proxy of the environment",
    edits: [{ file: "tools/setup/pulumi-download.mjs", find: 'NODE_USE_ENV_PROXY: "1", ', replace: "" }],
    test: { file: "tests/tools/pulumi-cli.test.ts", title: "goes through the proxy that the environment names" },
  },
  {
    name: "does not trust the authorities of the machine when it downloads",
    edits: [{ file: "tools/setup/pulumi-download.mjs", find: '"--use-system-ca", ', replace: "" }],
    test: { file: "tests/tools/pulumi-cli.test.ts", title: "trusts the authorities of the machine" },
  },
  {
    name: "waits for ever for a server that says nothing more",
    edits: [
      {
        file: "tools/setup/fetch-file.mjs",
        find: "const timer = setTimeout(() => silence.abort(",
        replace: "const timer = setTimeout(() => (() => {})(",
      },
    ],
    test: { file: "tests/tools/pulumi-cli.test.ts", title: "ends when the server falls silent" },
  },
  {
    name: "waits for ever for a set-up that was killed",
    edits: [{ file: "tools/setup/lock.mjs", find: "Date.now() - touched > STALE_MS", replace: "false" }],
    test: { file: "tests/tools/packages.test.ts", title: "takes a lock over that a killed set-up left" },
  },
  {
    name: "leaves what killed set-ups left in the cache",
    edits: [{ file: "tools/setup/cache.mjs", find: "    removeAbandoned(parent);\n", replace: "" }],
    test: { file: "tests/tools/pulumi-cli.test.ts", title: "removes what a killed set-up left a day ago" },
  },
  {
    name: "lets a program in another language have its secrets deleted before their replacements",
    edits: [
      {
        file: "provider/src/handlers/calls.ts",
        find: "...(naming ? [naming] : [])",
        replace: "...(naming ? [] : [])",
      },
    ],
    test: { file: "tests/provider/handlers/stack-naming.test.ts", title: "refuses it in pulumi:autonaming" },
  },
  {
    name: "takes the first of several credentials of an explicit provider",
    edits: [
      {
        file: "provider/src/settings.ts",
        find: "provider && given.length > 1",
        replace: "provider && given.length > 9",
      },
    ],
    test: { file: "tests/provider/settings.test.ts", title: "refuses two credentials of an explicit provider" },
  },
];
