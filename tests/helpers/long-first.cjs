/**
 * The order of the test files in a clean clone, where Jest does not know yet how long each takes: files of the projects that take
 * long come first, so that short ones fill what time the workers have at the end. Jest itself goes by size, and some of the longest
 * are small.
 */
const { default: Sequencer } = require("@jest/test-sequencer");

const LONG = ["engine", "random"];

module.exports = class extends Sequencer {
  sort(tests) {
    const isLong = ({ context }) => LONG.includes(context.config.displayName.name);
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
