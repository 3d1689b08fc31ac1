/** What `npm run campaign:mutation` changes, and what it asks of the tests. */
const { MUTATE } = process.env;

export default {
  testRunner: "jest",
  jest: { projectType: "custom", configFile: "tools/mutation/jest.config.cjs" },
  mutate: MUTATE?.split(",") ?? [
    "provider/src/{rotation,records,account}/**/*.ts",
    "provider/src/atlas/{retry,failure,advice}.ts",
    "provider/src/{errors,settings}.ts",
  ],
  coverageAnalysis: "perTest",
  // What a module computes once belongs to all tests at once.
  ignoreStatic: true,
  // Wordings are not tested letter by letter.
  mutator: { excludedMutations: ["StringLiteral"] },
  ignorePatterns: ["test-artifacts", ".git"],
  incremental: true,
  incrementalFile: "test-artifacts/mutation/results.json",
  tempDirName: "test-artifacts/mutation/copies",
  reporters: ["clear-text", "progress-append-only"],
  clearTextReporter: { allowEmojis: false, allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
  timeoutMS: 20_000,
};
