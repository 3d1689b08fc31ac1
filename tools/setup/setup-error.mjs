/** Thrown when the set-up cannot go on. The message is all that the user needs; the stack is not shown. */
export class SetUpError extends Error {
  name = "SetUpError";
}

/**
 * Returns the error to show for whatever ended the set-up: for what the operating system refused, one sentence in place of a stack.
 * @param {unknown} error
 */
export function toShown(error) {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  return new SetUpError(
    `The set-up cannot go on (${error.message}). Let this user write to the checkout, and set ATLAS_SECRETS_CACHE to a folder that it can write to.`,
  );
}
