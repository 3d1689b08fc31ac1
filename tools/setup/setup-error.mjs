/** Thrown when the set-up cannot go on. The message is all that the user needs; the stack is not shown. */
export class SetUpError extends Error {
  name = "SetUpError";
}
