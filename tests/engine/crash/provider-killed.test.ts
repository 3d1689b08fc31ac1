/** The provider's process is killed by the machine, for want of memory say, while the CLI lives: at every point of a run. */
import { defineCrashTests } from "./define-crash-tests.js";

describe("kill -9 of the provider", () => defineCrashTests("provider"));
