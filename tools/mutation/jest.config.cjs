/** The tests that mutants meet: of the layer, those that start no other program and take little time. */
const { projects } = require("../../jest.config.cjs");
const layers = require("./layers.cjs");

const [unit] = projects;
const { tests } = layers[process.env.MUTATED_LAYER];

module.exports = {
  ...unit,
  displayName: undefined,
  testMatch: [
    ...tests.map((glob) => `${unit.rootDir}/${glob}`),
    `!${unit.rootDir}/tests/provider/**/{*-properties,node-version,boundaries,superseded,time-zones}.test.ts`,
  ],
  setupFiles: [...unit.setupFiles, `${__dirname}/fewer-cases.cjs`],
  globals: { TIME_LIMIT_SECONDS: 60 },
};
