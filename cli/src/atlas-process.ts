/** The provider's own process for commands that look at an account, verify a secret or delete one. */
import { ProviderProcess } from "pulumi-atlas-secrets/internal/account";
import type { Environment } from "./environment.js";
import { parseEnvironment } from "./sources/credentials.js";

/**
 * Makes one with the credential of the environment; sends nothing.
 *
 * @param command as a user types it, for messages: `atlas-secrets remove`
 * @param report shows a line, such as why it waits
 * @throws CliFailure when there is no credential
 * @throws SettingsError with every problem of the environment's settings
 */
export function openProcess(
  command: string,
  { env, now, sleep }: Pick<Environment, "env" | "now" | "sleep">,
  report: (line: string) => void,
): ProviderProcess {
  parseEnvironment({ env });
  return new ProviderProcess({ env, clock: { now, sleep }, command, report });
}
