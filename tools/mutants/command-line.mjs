/**
 * Seeded defects of the command line and of the policy pack: each would lead a person to delete a secret in use, hide one that
 * needs care, or show a value.
 *
 * @type {readonly import("./defects.mjs").Defect[]}
 */
export const COMMAND_LINE = [
  {
    name: "takes what waits for its deletion for recorded by nobody",
    invariant: "I2",
    edits: [
      {
        file: "cli/src/audit/inventory.ts",
        find: 'return listRecorded(reading).map((one) => (isPendingDeletion ? { ...one, role: "pending-deletion" } : one));',
        replace: "return isPendingDeletion ? [] : listRecorded(reading);",
      },
    ],
    test: { file: "tests/cli/remove/remove.test.ts", title: "one that waits for its deletion by a state" },
  },
  {
    name: "removes a secret by hand without Atlas's time",
    invariant: "I15",
    edits: [
      {
        file: "provider/src/rotation/removal.ts",
        find: 'if (serverNowMs === undefined) {\n    const why = "Atlas\'s answer holds no time, so that nothing can be told of its age";',
        replace:
          'if (serverNowMs === null) {\n    const why = "Atlas\'s answer holds no time, so that nothing can be told of its age";',
      },
    ],
    test: {
      file: "tests/cli/remove/remove.test.ts",
      title: "one whose age cannot be told, since Atlas's answer holds no time",
    },
  },
  {
    name: "removes a secret although a state could not be read",
    invariant: "I2",
    edits: [
      {
        file: "cli/src/commands/remove.ts",
        find: "unread: unreadSources.map(",
        replace: "unread: [].map(",
      },
    ],
    test: { file: "tests/cli/remove/remove.test.ts", title: "when a record of a state is damaged" },
  },
  {
    name: "writes a report over the old one, half when it is killed",
    edits: [
      {
        // The test starts the program, which is the built one.
        file: "cli/dist/write-report.js",
        find: "(0, write_file_atomic_1.default)(path, text)",
        replace: "(0, promises_1.writeFile)(path, text)",
      },
    ],
    test: {
      file: "tests/cli/output.test.ts",
      title: "leaves the old report whole when it is killed while it writes",
    },
  },
  {
    name: "prints the ciphertext of an unexpected failure",
    invariant: "I6",
    edits: [{ file: "cli/src/failure.ts", find: "|\\bv1:[\\w+/=:-]{16,}", replace: "" }],
    test: { file: "tests/cli/failure.test.ts", title: "that nobody foresaw tells no ciphertext" },
  },
  {
    name: "prints the value of an unexpected failure",
    invariant: "I6",
    edits: [{ file: "cli/src/failure.ts", find: "mdb_sa_sk_[^\\s\"',;]+|", replace: "" }],
    test: { file: "tests/cli/failure.test.ts", title: "that nobody foresaw tells no secret" },
  },
  {
    name: "cannot read a file with a byte order mark",
    edits: [
      {
        file: "cli/src/sources/json.ts",
        find: "text.charCodeAt(0) === 0xfeff ? text.slice(1) : text",
        replace: "text",
      },
    ],
    test: { file: "tests/cli/failure.test.ts", title: "may begin with a byte order mark" },
  },
  {
    name: "complains when its reader has seen enough",
    edits: [{ file: "cli/dist/main.js", find: 'code === "EPIPE"', replace: "false" }],
    test: { file: "tests/cli/output.test.ts", title: "may be closed by whoever reads it, without a word" },
  },
  {
    name: "says that all is well where a source could not be read",
    edits: [
      {
        file: "cli/src/exit-codes.ts",
        find: 'return unread.length > 0 && incomplete === "fail" ? ExitCode.Incomplete : ExitCode.Clean;',
        replace: "return ExitCode.Clean;",
      },
    ],
    test: {
      file: "tests/cli/output.test.ts",
      title: "is 1 for a finding although something could not be read, else as --incomplete says",
    },
  },
  {
    name: "offers to remove what nobody records although a stack was not read",
    invariant: "I13",
    edits: [
      {
        file: "cli/src/audit/rules/situation.ts",
        find: "if (!inventory.hasAllStacks || inventory.unreadSources.length > 0) return undefined;",
        replace: "",
      },
    ],
    test: {
      file: "tests/cli/audit/classify.test.ts",
      title: "offers a removal of what no source records only when every stack was read",
    },
  },
  {
    name: "takes what a run has just created for unmanaged",
    invariant: "I13",
    edits: [
      {
        file: "cli/src/audit/accounts.ts",
        find: "return createdAtMs > asOfMs - UNRECORDED_MS;",
        replace: "return createdAtMs > asOfMs;",
      },
    ],
    test: { file: "tests/cli/audit/classify.test.ts", title: "unmanaged" },
  },
  {
    name: "takes what a run deletes meanwhile for missing",
    edits: [
      {
        file: "cli/src/audit/gather.ts",
        find: "if (await changeChecks.get(name)?.()) changed.push(name);",
        replace: "name.trim();",
      },
    ],
    test: {
      file: "tests/cli/audit/outdated.test.ts",
      title: "reads it once more, and finds nothing of what the run deleted",
    },
  },
  {
    name: "asks Atlas for a change in an audit",
    invariant: "I9",
    edits: [
      {
        file: "cli/src/sources/atlas.ts",
        find: "return shown ?? (await client.fetchAccount(ref)).value.secrets;",
        replace:
          "if (!shown) await client.deleteSecret(ref, '0'.repeat(24)).catch(() => {});\n  return shown ?? (await client.fetchAccount(ref)).value.secrets;",
      },
    ],
    test: {
      file: "tests/cli/audit/live.test.ts",
      title: "asks for an account by itself when the list does not show its secrets",
    },
  },
  {
    name: "keeps values that a state marks as secrets",
    invariant: "I6",
    edits: [
      {
        file: "cli/src/sources/secret-marks.ts",
        find: "const kept = Object.entries(value).filter(([, property]) => !isMarkedSecret(property));",
        replace: "const kept = Object.entries(value);",
      },
    ],
    test: {
      file: "tests/cli/sources/sources.test.ts",
      title: "are in no resource of a parsed export that are marked, at any depth, unless they are asked for",
    },
  },
  {
    name: "judges a rotation in the audit by a rule of its own",
    invariant: "I14",
    edits: [
      {
        file: "cli/src/audit/rules/due.ts",
        find: "const due = assess(seen, situation.nowMs).filter(",
        replace: "const due = assess(seen, situation.nowMs - 3_600_000).filter(",
      },
    ],
    test: {
      file: "tests/cli/verdicts.test.ts",
      title: "finds something for each thing that is due, and nothing else of what runs do",
    },
  },
  {
    name: "judges the outputs of an earlier analysis",
    edits: [{ file: "policy/src/engine-messages.ts", find: "    outputs.clear();\n", replace: "" }],
    test: { file: "tests/policy/engine-messages.test.ts", title: "forgets an earlier analysis with the first" },
  },
  {
    name: "shows in a policy message the name under which a value was found, whatever it is",
    invariant: "I9",
    edits: [
      {
        file: "policy/src/wording.ts",
        find: "PLAIN_NAME.test(part) && !holdsSecret(part, values)",
        replace: "part.length > 0",
      },
    ],
    test: {
      file: "tests/policy/rules/secret-in-plaintext.test.ts",
      title: "refuses a value as the name of an input, and leaves the name out",
    },
  },
];
