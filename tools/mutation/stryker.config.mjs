/** How the code of the layer `MUTATED_LAYER` is changed, and what is asked of its tests; `MUTATE` names other files of it. */
import layers from "./layers.cjs";

const { MUTATE, MUTATED_LAYER: layer } = process.env;
const folder = `test-artifacts/mutation/${layer}`;

export default {
  testRunner: "jest",
  jest: { projectType: "custom", configFile: "tools/mutation/jest.config.cjs", enableFindRelatedTests: false },
  mutate: MUTATE?.split(",") ?? layers[layer].mutate,
  coverageAnalysis: "perTest",
  // What a module computes once belongs to all tests at once.
  ignoreStatic: true,
  // Wordings are not tested letter by letter.
  mutator: { excludedMutations: ["StringLiteral"] },
  ignorePatterns: ["test-artifacts", ".git"],
  incremental: true,
  incrementalFile: `${folder}/results.json`,
  tempDirName: `${folder}/copies`,
  reporters: ["clear-text", "progress-append-only"],
  clearTextReporter: { allowEmojis: false, allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
  timeoutMS: 20_000,
};
