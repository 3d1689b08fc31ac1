const { availableParallelism } = require("node:os");

/** What needs the build, or starts other programs: the Pulumi CLI, ours, npm, a browser, a database. */
const ENGINE = [
  "{engine,upgrade,tools,sdk}/**/*",
  "docs/{site,code-blocks}",
  "policy/start",
  "faults/{shared-limit,two-processes}",
  "simulator/command",
  "provider/{node-version,rotation/time-zones,resources/option-guards,resources/audit-record,resources/secret-sets}",
  "provider/client/{connections,error-table,requests,tls}",
  "provider/account/superseded",
  "cli/{page,doctor,plan,adopt,audit,remove,render}/**/*",
  "cli/{boundaries,completion,options,output,revocation,show}",
];

/** What tries thousands of cases that it draws at random, or all that there are. */
const RANDOM = [
  "model/{sequences-*,daily-runs,secret-set,rotating-*}",
  "provider/**/*-properties",
  "provider/{handlers/fuzzed-inputs,rotation/offers,records/rotation-record,records/set-inputs}",
  "faults/every-*",
  "cli/{verdicts,audit/oracle,audit/damaged}",
];

/** What sends requests to the simulator. */
const HTTP = ["{simulator,model,faults,contract,examples}/**/*", "provider/{client,handlers}/**/*"];

/** Our packages as strangers install them, which takes a quarter of an hour: `npm run campaign:consumers`. */
const CONSUMERS = ["consumers/**/*"];

/**
 * Handed to each module of what tries so many cases: Jest runs tests in a context of their own, where each look-up of a global
 * is slow. None of these tests puts another one in its place.
 */
const GLOBALS =
  "Array Buffer Date Error JSON Map Math Number Object Promise Reflect RegExp Set String Symbol URL URLSearchParams WeakMap WeakSet";

const toGlobs = (names) => names.map((name) => `${__dirname}/tests/${name}.test.ts`);

const shared = {
  rootDir: __dirname,
  testEnvironment: "node",
  setupFiles: ["<rootDir>/tests/helpers/node-flags.cjs"],
  setupFilesAfterEnv: ["<rootDir>/tests/helpers/time-limit.cjs"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  moduleNameMapper: {
    "^(\\.{1,2}/.*)\\.js$": "$1",
    "^pulumi-atlas-secrets$": "<rootDir>/provider/src/index.ts",
    "^pulumi-atlas-secrets/(handlers|rotation|records)$": "<rootDir>/provider/src/$1/index.ts",
    "^pulumi-atlas-secrets/internal/(account|atlas)$": "<rootDir>/provider/src/$1/index.ts",
    "^pulumi-atlas-secrets/internal/settings$": "<rootDir>/provider/src/settings.ts",
    "^pulumi-atlas-secrets-simulator$": "<rootDir>/simulator/src/index.ts",
  },
};

/** A test may take so many seconds, on a machine whose cores it shares with others. */
const toProject = (displayName, seconds, included, excluded = []) => ({
  ...shared,
  displayName,
  testMatch: [...toGlobs(included), ...toGlobs(excluded).map((glob) => `!${glob}`)],
  globals: { TIME_LIMIT_SECONDS: seconds },
});

module.exports = {
  projects: [
    toProject("unit", 5, ["**/*"], [...RANDOM, ...HTTP, ...ENGINE, ...CONSUMERS]),
    { ...toProject("random", 300, RANDOM), sandboxInjectedGlobals: GLOBALS.split(" ") },
    toProject("http", 30, HTTP, [...RANDOM, ...ENGINE]),
    toProject("engine", 300, ENGINE, RANDOM),
    ...(process.env.CONSUMERS_NODE ? [toProject("consumers", 300, CONSUMERS)] : []),
  ],
  // The engine tests wait for other processes more than they compute.
  maxWorkers: 2 * availableParallelism(),
};
