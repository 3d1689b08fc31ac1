/** The daily job as its guide gives it, to be run or compared. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const GUIDE = readFileSync(join(__dirname, "../../docs/guides/daily-job.md"), "utf8");
const [, found] = /```sh\n(.*?)```/s.exec(GUIDE) ?? [];
if (found === undefined) throw new Error("the guide gives no job");

/** Lines of the shell. */
export const dailyJob = found;
