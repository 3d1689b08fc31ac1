/** Refuses, before anything is registered, a stack whose configuration would show a credential or lose a secret. */
import * as pulumi from "@pulumi/pulumi";
import { AUTONAMING_KEY, findAutonamingProblem } from "../autonaming.js";
import { CONFIDENTIAL_SETTINGS, CONFIG_NAMESPACE } from "../settings.js";

/** Exported by `@pulumi/pulumi` at run time, though not in its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/** @throws pulumi.RunError naming the configuration key and the command that encrypts it */
export function assertCredentialsEncrypted(): void {
  for (const name of CONFIDENTIAL_SETTINGS) {
    const key = `${CONFIG_NAMESPACE}:${name}`;
    if (pulumi.runtime.getConfig(key) === undefined || isConfigSecret(key)) continue;
    throw new pulumi.RunError(
      `${key} is stored in plaintext in the stack configuration. Encrypt it: pulumi config set --secret ${key} ` +
        "(and replace the credential at Atlas if the file was committed).",
    );
  }
}

/** @throws pulumi.RunError when the stack's naming would delete a secret before its replacement exists */
export function assertReplacementsCreateFirst(typeToken: string): void {
  const problem = findAutonamingProblem(pulumi.runtime.getConfig(AUTONAMING_KEY), typeToken);
  if (problem) throw new pulumi.RunError(problem);
}
