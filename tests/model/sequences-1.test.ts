/** The first half of the random sequences. */
import { defineSequenceTests } from "./define-sequence-tests.js";

defineSequenceTests(1);
