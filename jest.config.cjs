const { availableParallelism } = require("node:os");

/** Unit, client and engine tests in one runner; engine tests need the build (`npm test` makes it). */
module.exports = {
  rootDir: __dirname,
  roots: ["<rootDir>/tests"],
  testMatch: ["**/*.test.ts"],
  testEnvironment: "node",
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
  // A test of the engine runs the CLI up to a dozen times, and shares its cores with others.
  testTimeout: 600000,
  // The engine tests wait for other processes more than they compute.
  maxWorkers: 2 * availableParallelism(),
};
