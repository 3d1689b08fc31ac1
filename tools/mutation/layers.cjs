/** What `npm run campaign:mutation` changes, layer by layer, and the tests that have to tell: the layer's own, which need nothing above it. */
const toLayer = (sources, tests) => ({
  mutate: sources.map((source) => `provider/src/${source}.ts`),
  tests: tests.map((test) => `tests/provider/${test}.test.ts`),
});

module.exports = {
  rotation: toLayer(["rotation/**/*"], ["rotation/**/*"]),
  records: toLayer(["records/**/*"], ["records/**/*"]),
  account: toLayer(["account/**/*"], ["account/**/*"]),
  atlas: toLayer(["atlas/{retry,failure,advice}"], ["atlas/*"]),
  base: toLayer(["errors", "settings"], ["*"]),
};
