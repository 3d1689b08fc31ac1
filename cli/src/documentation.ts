/** Where the documents of the packages can be read, in one place. A test holds every name and anchor against the documents themselves. */

/** The README of this command on the web, for reports that other programs show. */
export const README_URL = "https://www.npmjs.com/package/pulumi-atlas-secrets-cli";

/** How a message names a section of the provider's README, which comes with the package. */
export function toProviderSection(heading: "Settings" | "After a crash"): string {
  return `'${heading}' in the README of pulumi-atlas-secrets`;
}
