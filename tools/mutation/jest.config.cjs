/** The tests that mutants meet: those that start no other program. What only the engine would see is something that others should see too. */
const { projects } = require("../../jest.config.cjs");

const [unit] = projects;
const tests = `${unit.rootDir}/tests`;

module.exports = {
  ...unit,
  displayName: undefined,
  testMatch: [
    `${tests}/provider/{account,records,rotation,handlers,atlas}/**/*.test.ts`,
    `${tests}/provider/*.test.ts`,
    `!${tests}/provider/{node-version,boundaries}.test.ts`,
    `!${tests}/provider/**/{*-properties,fuzzed-inputs,superseded,time-zones}.test.ts`,
  ],
  globals: { TIME_LIMIT_SECONDS: 60 },
};
