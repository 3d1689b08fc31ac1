/** The provider's own process for commands that look at an account, verify a secret or delete one. */
import { ProviderProcess } from "pulumi-atlas-secrets/internal/account";
import type { Environment } from "./environment.js";
import { parseEnvironment, toCredentialEnv } from "./sources/credentials.js";

/**
 * Does `work` with one that has the credential of the environment, and gives its token back at the end.
 *
 * @param environment by `prefix` another one of its credentials than that of the usual variables
 * @param command as a user types it, for messages: `atlas-secrets remove`
 * @param report shows a line, such as why it waits
 * @throws CliFailure when there is no credential
 * @throws SettingsError with every problem of the environment's settings
 */
export async function withProcess<T>(
  command: string,
  { prefix, ...environment }: Pick<Environment, "env" | "now" | "sleep"> & { readonly prefix?: string | undefined },
  report: (line: string) => void,
  work: (process: ProviderProcess) => Promise<T>,
): Promise<T> {
  parseEnvironment(environment, prefix);
  const { now, sleep } = environment;
  const env = toCredentialEnv(environment, prefix);
  const process = new ProviderProcess({ env, clock: { now, sleep }, command, report });
  try {
    return await work(process);
  } finally {
    await process.revokeToken();
  }
}
