/** The CLI is killed, as by a CI system that cancels a job, and leaves a provider behind: at every point of a run. */
import { defineCrashTests } from "./define-crash-tests.js";

describe("kill -9 of the Pulumi CLI", () => defineCrashTests("cli"));
