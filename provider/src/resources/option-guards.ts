/** Refuses, before anything is registered, options with which a secret cannot be had, and a program that cannot load the handlers. */
import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { PACKAGE_NAME, PROVIDER_PACKAGE } from "../protocol.js";

/** The folder that the Pulumi CLI starts a program in, and its dynamic provider too; the program may leave it later. */
const STARTED_IN = process.cwd();

/** Options of any resource, as a program in JavaScript can give them. */
type GivenOptions = pulumi.CustomResourceOptions & Pick<pulumi.ComponentResourceOptions, "providers">;

/**
 * @param what class and name of the resource
 * @throws pulumi.RunError for `import` and `id`, and for a provider of another package
 */
export function assertOptionsUsable(what: string, options: GivenOptions): void {
  const taken = (["import", "id"] as const).find((name) => options[name] !== undefined);
  if (taken !== undefined) {
    throw new pulumi.RunError(
      `${what}: the option ${taken} cannot take over a secret, since Atlas shows its value only once. ` +
        "Leave it out and run 'atlas-secrets adopt --help' (package pulumi-atlas-secrets-cli): adopt makes the file for 'pulumi import --file'.",
    );
  }
  const given = [options.provider, ...Object.values(options.providers ?? {})];
  const foreign = given.map(findPackage).find((name) => name !== undefined && name !== PROVIDER_PACKAGE);
  if (foreign === undefined) return;
  throw new pulumi.RunError(
    `${what}: its provider is one of package ${foreign}, which knows nothing of it. Give it an AtlasProvider, or none.`,
  );
}

/** The package of a provider. The SDK has `getPackage` at run time, though not in its types. */
function findPackage(provider: pulumi.ProviderResource | undefined): string | undefined {
  if (!provider || !("getPackage" in provider) || typeof provider.getPackage !== "function") return undefined;
  return String(provider.getPackage());
}

/**
 * The engine loads the handlers from the program's folder, wherever this class was loaded from. Only a program that the CLI
 * runs is judged: with mocks nothing is loaded, and an inline program of the Automation API runs in a folder of its own.
 *
 * @throws pulumi.RunError when the package is no dependency of the program itself
 */
export function assertHandlersFound(): void {
  if (process.env.PULUMI_NODEJS_MONITOR === undefined) return;
  try {
    createRequire(join(STARTED_IN, "index.js")).resolve(`${PACKAGE_NAME}/handlers`);
  } catch {
    throw new pulumi.RunError(
      `${PACKAGE_NAME} cannot be loaded from ${STARTED_IN}, where the engine looks for it: add ${PACKAGE_NAME} to the program's own ` +
        `dependencies: npm install ${PACKAGE_NAME}`,
    );
  }
}
