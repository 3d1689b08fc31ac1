/** Preloaded into a program whose memory a test measures: writes the most that it ever held, in kilobytes, to a file. */
const { writeFileSync } = require("node:fs");

process.once("exit", () => {
  writeFileSync(process.env.MEMORY_FILE, String(process.resourceUsage().maxRSS));
});
