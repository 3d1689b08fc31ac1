/**
 * What `npm run campaign:mutation` changes, layer by layer, and the tests that have to tell: the layer's own, which need nothing above it;
 * of records also those of the states that the command line reads.
 */
const toLayer = (sources, tests) => ({
  mutate: sources.map((source) => `provider/src/${source}.ts`),
  tests: tests.map((test) => `tests/${test}.test.ts`),
});

module.exports = {
  rotation: toLayer(["rotation/**/*"], ["provider/rotation/**/*"]),
  records: toLayer(["records/**/*"], ["provider/records/**/*", "cli/sources/*"]),
  account: toLayer(["account/**/*"], ["provider/account/**/*"]),
  atlas: toLayer(["atlas/{retry,failure,advice}"], ["provider/atlas/*"]),
  base: toLayer(["errors", "settings"], ["provider/*"]),
};
