/** A change that takes more than a hundred drawn cases to be noticed counts as unnoticed: thousands for each would take hours. */
const fc = require("fast-check");

const MOST_CASES = 100;
const { assert } = fc;
// The tests take it from the default export, which is another object.
for (const exported of [fc, fc.default])
  exported.assert = (property, { numRuns = MOST_CASES, ...options } = {}) =>
    assert(property, { ...options, numRuns: Math.min(numRuns, MOST_CASES) });
