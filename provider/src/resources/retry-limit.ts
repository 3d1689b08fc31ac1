/**
 * Keeps `hooks.onError` of a program from losing a secret: once hooks have asked for the hundredth try, the engine forgets what
 * all of them saved, what the resource had before included; and before 3.264 it repeats a creation that saved a secret as another
 * creation.
 *
 * @see `maxErrorHookRetries` in pkg/resource/deploy/retries.go of pulumi/pulumi, and https://github.com/pulumi/pulumi/issues/24683
 */
import * as pulumi from "@pulumi/pulumi";
import { CREATES_ONCE, MOST_TRIES, PACKAGE_NAME } from "../protocol.js";

/** A hook's name is its own within a run. */
let hooks = 0;

/** The options with a hook of ours after those of the program; as they are when it has none. */
export function withRetryLimit(options: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  const onError = options.hooks?.onError ?? [];
  if (onError.length === 0) return options;
  const limit = new pulumi.ErrorHook(`${PACKAGE_NAME}-${++hooks}`, limitRetries);
  return { ...options, hooks: { ...options.hooks, onError: [...onError, limit] } };
}

/** Asks for no try itself. What it throws ends them, and is shown in place of the failure. */
export async function limitRetries({ failedOperation, errors }: pulumi.ErrorHookArgs): Promise<boolean> {
  const [newest = ""] = errors;
  if (errors.length >= MOST_TRIES) throw new Error(`${newest} It is not tried again after ${MOST_TRIES} times.`);
  if (failedOperation !== "create") return false;
  try {
    await pulumi.runtime.requirePulumiVersion(CREATES_ONCE);
  } catch {
    throw new Error(`${newest} hooks.onError repeats a creation only with Pulumi CLI ${CREATES_ONCE}.`);
  }
  return false;
}
