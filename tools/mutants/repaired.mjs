/**
 * Seeded defects that were once real: each brings a fault back that was repaired, and that its test must find.
 *
 * @type {readonly import("./defects.mjs").Defect[]}
 */
export const REPAIRED = [
  {
    name: "lets a set fail although it has new values to give out",
    invariant: "I5",
    edits: [
      {
        file: "provider/src/handlers/secret-set.ts",
        find: "if (reasons.length > 0 && !isDelivering) throw",
        replace: "if (reasons.length > 0) throw",
      },
    ],
    test: {
      file: "tests/provider/handlers/secret-set.test.ts",
      title: "rotates the others in time for ninety days, and none of their consumers is ever locked out",
    },
  },
  {
    name: "deletes the secrets of an account in the run in which it leaves its set",
    invariant: "I2",
    edits: [
      {
        file: "provider/src/handlers/secret-set.ts",
        find: "if (record.removedAtMs !== undefined) return retireRemoved(this.#process, record);",
        replace: "if (record.current) return retireRemoved(this.#process, { removedAtMs: 0, ...record });",
      },
    ],
    test: {
      file: "tests/provider/handlers/secret-set.test.ts",
      title: "that leave it without an overlap lose their secrets in the next run, and not before",
    },
  },
  {
    name: "gives out the value of an account that comes back without a look at it",
    edits: [
      {
        file: "provider/src/handlers/secret-set.ts",
        find: "if (removedAtMs === undefined) return { record };",
        replace: "if (removedAtMs !== 0) return { record };",
      },
    ],
    test: {
      file: "tests/provider/handlers/secret-set.test.ts",
      title: "that come back are looked at before their values are given out: a killed run may have deleted them",
    },
  },
  {
    name: "deletes a secret of a removed account although somebody uses it",
    invariant: "I2",
    edits: [
      {
        file: "provider/src/handlers/rotating-removals.ts",
        find: ": toRetirement(record, inputs);",
        replace: ": { ...toRetirement(record, inputs), quietHours: 0 };",
      },
    ],
    test: {
      file: "tests/provider/handlers/secret-set.test.ts",
      title: "that leave it keep their secrets for the overlap, and as long as they are used",
    },
  },
  {
    name: "says that triggers changed where a state lacks its secrets",
    edits: [
      {
        file: "provider/src/records/read-state.ts",
        find: "const given = isStripped ? { ...wanted, triggers: {} } : wanted;",
        replace: "const given = isStripped ? { ...wanted } : wanted;",
      },
    ],
    test: {
      file: "tests/provider/records/read-state.test.ts",
      title: "is not said to have other triggers than its secret was issued for, which it lacks",
    },
  },
  {
    name: "waits a minute for the refill of a rate limit that is refilled each second",
    edits: [
      {
        file: "provider/src/atlas/throttle.ts",
        find: "this.#toNextOf(this.#lookMs, nowMs)",
        replace: "refillMs",
      },
    ],
    test: {
      file: "tests/provider/atlas/throttle-shared.test.ts",
      title: "looks for a refill that nothing told of, ever later",
    },
  },
  {
    name: "lets mayRemove reach a secret that waits for its deletion",
    invariant: "I2",
    edits: [
      {
        file: "provider/src/rotation/removal.ts",
        find: 'if (secret.role !== "untracked") return toVerdict("keep", RemovalReason.Recorded',
        replace:
          'if (secret.role !== "untracked" && secret.role !== "pending-deletion") return toVerdict("keep", RemovalReason.Recorded',
      },
    ],
    test: {
      file: "tests/provider/account/superseded.test.ts",
      title: "is not deleted when triggers change again",
    },
  },
  {
    name: "does not record what a new secret replaced",
    invariant: "I13",
    edits: [
      {
        file: "provider/src/handlers/plain-secret.ts",
        find: "return ids.length > 0 ? { supersedes: ids } : {};",
        replace: "return ids.length < 0 ? { supersedes: ids } : {};",
      },
    ],
    test: {
      file: "tests/provider/account/superseded.test.ts",
      title: "is not deleted when triggers change again",
    },
  },
  {
    name: "forgets what a record replaced on another account than its own",
    edits: [
      {
        file: "provider/src/account/known-secrets.ts",
        find: 'if (role === "pending-deletion") this.#superseded.add(secretId);',
        replace: 'if (role === "pending-deletion") this.#superseded.add(clientId + secretId);',
      },
    ],
    test: {
      file: "tests/provider/account/known-secrets.test.ts",
      title: "does so on whatever account, since a resource that moved records what it left on the one before",
    },
  },
  {
    name: "calls an untracked secret a leftover without something recorded to compare with",
    invariant: "I13",
    edits: [
      {
        file: "provider/src/rotation/leftover.ts",
        find: "if (recorded.length === 0 || recorded.some(",
        replace: "if (recorded.some(",
      },
    ],
    test: {
      file: "tests/provider/rotation/leftover.test.ts",
      title: "on an account where nothing is recorded",
    },
  },
  {
    name: "prints a command that deletes without reading every state",
    invariant: "I13",
    edits: [
      {
        file: "provider/src/rotation/account-view.ts",
        find: "{credential} --all-stacks`;",
        replace: "{credential}`;",
      },
    ],
    test: {
      file: "tests/provider/rotation/account-view.test.ts",
      title: "looks at every state of the backend",
    },
  },
  {
    name: "offers to force the deletion of what may be the own credential",
    invariant: "I13",
    edits: [
      {
        file: "provider/src/rotation/removal.ts",
        find: "if (reason === RemovalReason.OwnCredential || secret.role",
        replace: "if (secret.role",
      },
    ],
    test: {
      file: "tests/provider/rotation/offers.test.ts",
      title: "never what is refused",
    },
  },
  {
    name: "offers to delete an untracked secret that may be the own credential",
    invariant: "I13",
    edits: [
      {
        file: "provider/src/rotation/account-view.ts",
        find: '  if (mayBeCredential) return "";\n',
        replace: '  if (mayBeCredential && id === "") return "";\n',
      },
    ],
    test: {
      file: "tests/provider/rotation/offers.test.ts",
      title: "never what is refused",
    },
  },
  {
    name: "keeps a leaked secret for as long as somebody uses it, without an overlap too",
    edits: [
      {
        file: "provider/src/rotation/overlap.ts",
        find: "if (overlapHours === 0) return 0;",
        replace: "if (overlapHours === Unknown) return 0;",
      },
    ],
    test: {
      file: "tests/provider/rotation/retirement.test.ts",
      title: "with overlapHours: 0",
    },
  },
  {
    name: "keeps a previous secret for good once it was used in its overlap",
    edits: [
      {
        file: "provider/src/rotation/retirement.ts",
        find: "serverNowMs < lastUsedAtMs + quietHours * HOUR_MS",
        replace: "quietHours > 0 && serverNowMs > lastUsedAtMs",
      },
    ],
    test: {
      file: "tests/provider/rotation/retirement.test.ts",
      title: "used once, 6 h into an overlap of 24 h",
    },
  },
  {
    name: "looks at a previous secret in use once, and then no more",
    edits: [
      {
        file: "provider/src/rotation/overlap.ts",
        find: "return overlapOverMs === undefined ? undefined : Math.min(overlapOverMs, toExpiredMs(recorded));",
        replace: "return recorded.previous?.lastUsedAtMs !== undefined ? toExpiredMs(recorded) : overlapOverMs;",
      },
    ],
    test: {
      file: "tests/provider/rotation/rotating-overlap.test.ts",
      title: "every run looks again",
    },
  },
  {
    name: "takes a secret for a client id when the two are swapped",
    edits: [
      {
        file: "provider/src/settings.ts",
        find: 'if (SECRET.test(value)) return "is a secret, not a client id: are id and secret swapped?";\n    return CLIENT_ID.test(value) ? undefined :',
        replace: 'return value !== "" ? undefined :',
      },
    ],
    test: {
      file: "tests/provider/settings.test.ts",
      title: "refuses id and secret swapped",
    },
  },
  {
    name: "tells that a secret expires earlier which the run deletes itself",
    edits: [
      {
        file: "provider/src/account/creation.ts",
        find: ' || other.role === "to-be-replaced" || other.role === "pending-deletion") continue;',
        replace: ") continue;",
      },
    ],
    test: {
      file: "tests/provider/account/creation.test.ts",
      title: "says nothing of what this run deletes itself",
    },
  },
  {
    name: "tells the same line several times in an operation",
    edits: [
      {
        file: "provider/src/account/operation.ts",
        find: "if (this.#told.has(line)) return;",
        replace: 'if (line === "") return;',
      },
    ],
    test: {
      file: "tests/provider/account/process.test.ts",
      title: "shows the same line once, and withholds",
    },
  },
  {
    name: "takes a mask without an end for that of another secret",
    invariant: "I15",
    edits: [
      {
        file: "provider/src/account/own-credential.ts",
        find: "return end === undefined || ",
        replace: "return end !== undefined && ",
      },
    ],
    test: {
      file: "tests/provider/account/own-credential.test.ts",
      title: "no end, as the contract's example",
    },
  },
  {
    name: "ends a list of accounts by its count",
    edits: [
      {
        file: "provider/src/atlas/client.ts",
        find: "if (page.accounts.length === 0 || page.hasNext === false)",
        replace: "if (page.accounts.length <= PAGE_SIZE || page.hasNext === false)",
      },
    ],
    test: {
      file: "tests/provider/client/calls.test.ts",
      title: "over several pages",
    },
  },
  {
    name: "adds the context of one operation to an error that others share",
    edits: [
      {
        file: "provider/src/errors.ts",
        find: "return error instanceof AtlasSecretsError ? error.withMore(more) : error;",
        replace: "if (error instanceof AtlasSecretsError) error.message += more;\n  return error;",
      },
    ],
    test: {
      file: "tests/provider/errors.test.ts",
      title: "gives each of several operations that share a failure",
    },
  },
  {
    name: "remembers the accounts of an earlier run of the program",
    edits: [
      {
        file: "provider/src/resources/account-claims.ts",
        find: "const run = pulumi.runtime.getStackResource() ?? pulumi.runtime.getMonitor() ?? NO_RUN;",
        replace: "const run = NO_RUN;",
      },
    ],
    test: {
      file: "tests/provider/resources/account-claims.test.ts",
      title: "begins afresh with each run",
    },
  },
  {
    name: "gives a new value up after three seconds",
    edits: [
      {
        file: "provider/src/account/verification.ts",
        find: "export const PATIENCE_MS = MINUTE_MS;",
        replace: "export const PATIENCE_MS = 3_000;",
      },
    ],
    test: {
      file: "tests/provider/account/verification.test.ts",
      title: "for a minute",
    },
  },
  {
    name: "calls a young secret rejected",
    edits: [
      {
        file: "provider/src/account/verification.ts",
        find: "serverTimeMs - createdAtMs > SETTLED_AFTER_MS",
        replace: "serverTimeMs > createdAtMs",
      },
    ],
    test: {
      file: "tests/provider/account/verification.test.ts",
      title: "10 minutes after its creation",
    },
  },
  {
    name: "calls a secret rejected without knowing its age",
    invariant: "I15",
    edits: [
      {
        file: "provider/src/account/verification.ts",
        find: "createdAtMs !== undefined && serverTimeMs !== undefined && serverTimeMs -",
        replace: "serverTimeMs === undefined || serverTimeMs -",
      },
      {
        file: "provider/src/account/verification.ts",
        find: "> SETTLED_AFTER_MS;",
        replace: "> SETTLED_AFTER_MS || createdAtMs === undefined;",
      },
    ],
    test: {
      file: "tests/provider/account/verification.test.ts",
      title: "is unverified when",
    },
  },
  {
    name: "waits for minutes without a word",
    edits: [
      {
        file: "provider/src/atlas/report.ts",
        find: "const LONG_WAIT_MS = 10_000;",
        replace: "const LONG_WAIT_MS = 10_000_000;",
      },
    ],
    test: {
      file: "tests/provider/atlas/time-budget.test.ts",
      title: "line",
    },
  },
  {
    name: "begins an overlap by the machine's clock",
    invariant: "I10",
    edits: [
      {
        file: "provider/src/handlers/rotating-steps.ts",
        find: "return withPromoted(record, undefined);",
        replace: "return withPromoted(record, process.clock.now());",
      },
    ],
    test: {
      file: "tests/provider/handlers/rotating-pending.test.ts",
      title: "when the look after the proof fails",
    },
  },
  {
    name: "retires a previous secret without Atlas's time",
    invariant: "I15",
    edits: [
      {
        file: "provider/src/rotation/retirement.ts",
        find: "  if (serverNowMs === undefined) {",
        replace: '  if (serverNowMs === undefined && currentId === "") {',
      },
      {
        file: "provider/src/rotation/retirement.ts",
        find: "overlapOverMs === undefined || serverNowMs < overlapOverMs",
        replace: "overlapOverMs === undefined || (serverNowMs ?? overlapOverMs) < overlapOverMs",
      },
    ],
    test: {
      file: "tests/provider/rotation/retirement.test.ts",
      title: "when Atlas tells no time",
    },
  },
  {
    name: "ends the run with the first 401 for a new token",
    edits: [
      {
        file: "provider/src/atlas/auth/service-account.ts",
        find: 'if (!held.isProven && isFirst) return { action: "retry", waitMs: NEW_TOKEN_WAIT_MS };',
        replace: 'if (!held.isProven && isFirst) return { action: "stop" };',
      },
    ],
    test: {
      file: "tests/provider/atlas/auth/service-account.test.ts",
      title: "once more after a moment",
    },
  },
  {
    name: "calls a whole list unreadable for one malformed secret",
    edits: [
      {
        file: "provider/src/atlas/wire.ts",
        find: "secrets: v.fallback(v.nullish(v.array(heldSecret)), undefined),",
        replace: "secrets: v.nullish(v.array(heldSecret)),",
      },
    ],
    test: {
      file: "tests/provider/atlas/wire.test.ts",
      title: "gives no list of secrets when one has",
    },
  },
  {
    name: "says nothing of a clock that is days off",
    edits: [
      {
        file: "provider/src/atlas/clock-watch.ts",
        find: "> MAX_DIFFERENCE_MS) {",
        replace: "> MAX_DIFFERENCE_MS * 1_000) {",
      },
    ],
    test: {
      file: "tests/provider/atlas/clock-watch.test.ts",
      title: "watchClock",
    },
  },
  {
    name: "rotates again within the hour when an organization grants less",
    invariant: "I5",
    edits: [
      {
        file: "provider/src/rotation/window.ts",
        find: "return createdAtMs === undefined\n    ? dueMs",
        replace: "return createdAtMs !== undefined\n    ? dueMs",
      },
    ],
    test: {
      file: "tests/provider/rotation/rotating-properties.test.ts",
      title: "is not due within the first hour",
    },
  },
  {
    name: "says nothing of a lifetime shorter than asked for",
    edits: [
      {
        file: "provider/src/account/creation.ts",
        find: "if (expiresAtMs >= createdAtMs + hours * HOUR_MS - SERVER_TIME_MARGIN_MS) return;",
        replace: "if (expiresAtMs > createdAtMs) return;",
      },
    ],
    test: {
      file: "tests/provider/account/creation.test.ts",
      title: "less than was asked for",
    },
  },
  {
    name: "reports what is due by a window that the program does not want any more",
    invariant: "I14",
    edits: [
      {
        file: "provider/src/rotation/assess.ts",
        find: 'stated.kind === "manual" ? 0 : stated.desired.rotateBeforeExpiryHours;\n  const consequence',
        replace: 'stated.kind === "manual" ? 0 : stated.record.rotateBeforeExpiryHours;\n  const consequence',
      },
    ],
    test: {
      file: "tests/provider/records/verdicts.test.ts",
      title: "a state of a resource with one secret",
    },
  },
  {
    name: "forgets at a refresh what a project holds that is gone",
    edits: [
      {
        file: "provider/src/handlers/calls.ts",
        find: "return { id, props: toOutputs(record) };",
        replace: "return {};",
      },
    ],
    test: { file: "tests/provider/handlers/unseen-owner.test.ts", title: "keeps its record at a refresh" },
  },
  {
    name: "looks for the secret of a project that is gone as for one that is gone",
    edits: [
      {
        file: "provider/src/account/view.ts",
        find: "if (!(error instanceof RejectionError) || isOwnerUnseen(error)) return false;",
        replace: "if (!(error instanceof RejectionError)) return false;",
      },
    ],
    test: { file: "tests/provider/account/view.test.ts", title: "canMeanMissing is false for a project that is gone" },
  },
  {
    name: "takes a missing role for a credential that is not accepted",
    edits: [
      {
        file: "provider/src/atlas/advice.ts",
        find: '  USER_UNAUTHORIZED: "role",',
        replace: '  USER_UNAUTHORIZED: "credential",',
      },
    ],
    test: { file: "tests/provider/client/error-table.test.ts", title: "costs one POST and one mint" },
  },
  {
    name: "speaks of a role when both slots are seen taken",
    edits: [
      {
        file: "provider/src/account/failed-creations.ts",
        find: "throw this.#end(toFullError(view));",
        replace: "throw this.#end(error);",
      },
    ],
    test: { file: "tests/provider/account/failed-creations.test.ts", title: "is decided again only once" },
  },
];
