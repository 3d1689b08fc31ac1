/**
 * Keeps secrets out of the SDK's debug messages. After each registration `@pulumi/pulumi` sends the engine a debug message
 * with the whole response, secret outputs in plaintext, and the engine writes those messages into `pulumi up --json` and into
 * event logs even when nobody asked for debug output.
 *
 * @see registerResource in sdk/nodejs/runtime/resource.ts, and ShowJSONEvents in pkg/backend/display of pulumi/pulumi
 */
import * as pulumi from "@pulumi/pulumi";
import { SIGNATURE_KEY } from "../protocol.js";
import { redact } from "../redact.js";

type Debug = typeof pulumi.log.debug;

/** Set on a function that withholds already, so that several copies of this package wrap it once. */
const WITHHOLDS = Symbol.for("pulumi-atlas-secrets.withholds");

/** Makes every later debug message of this program leave out responses that hold a secret. Repeated calls do nothing. */
export function withholdSecretsFromDebugMessages(): void {
  // The SDK calls it through the module's object, so replacing the property reaches its own calls.
  const log = pulumi.log as { debug: Debug & { [WITHHOLDS]?: true } };
  const { debug } = log;
  if (debug[WITHHOLDS]) return;
  const withholding: Debug = (message, ...rest) => debug(toSafeDebugMessage(message), ...rest);
  log.debug = Object.assign(withholding, { [WITHHOLDS]: true as const });
}

/** Cuts a message before the response that it quotes when that holds a secret; other messages stay as they are. */
export function toSafeDebugMessage(message: string): string {
  if (!message.includes(SIGNATURE_KEY)) return message;
  const [before = ""] = message.split(/\bresp: /, 1);
  return `${redact(before.includes(SIGNATURE_KEY) ? "" : before)} [withheld: it holds a secret]`;
}
