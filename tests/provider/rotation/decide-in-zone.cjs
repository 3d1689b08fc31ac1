/** Started with a time zone in `TZ`: gives the verdicts of the built package at the given times, and says which zone it is in. */
const { join } = require("node:path");

const { decideRotation } = require(join(__dirname, "../../../provider/dist/rotation/index.js"));
const { toIsoTime, parseIsoTime } = require(join(__dirname, "../../../provider/dist/clock.js"));

const { recorded, desired, times } = JSON.parse(process.argv[2]);
const verdicts = times.map((time) => decideRotation(recorded, desired, parseIsoTime(time)));
const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
process.stdout.write(
  JSON.stringify({ timeZone, verdicts, written: times.map((time) => toIsoTime(parseIsoTime(time))) }),
);
