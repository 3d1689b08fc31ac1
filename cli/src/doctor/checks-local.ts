/** The checks of what is on this machine: plain facts in, a line out. */

import { isNodeSupported, NODE_RANGE } from "pulumi-atlas-secrets/internal/atlas";
import { toProviderSection } from "../documentation.js";
import type { Check } from "./check.js";
import type { CredentialKind, ProgramFacts, SettingsFacts, ToolFacts } from "./facts.js";
import { isAtLeast } from "./versions.js";

/** What the packages need. @see https://www.npmjs.com/package/@pulumi/pulumi */
const PULUMI_MINIMUM = "3.249.0";

const KINDS: Readonly<Record<CredentialKind, string>> = {
  "service-account": "a service account",
  "access-token": "an access token",
  "api-key": "an API key",
};

/** Which settings were found, and where. */
export function decideSettings(settings: SettingsFacts): Check {
  const name = "settings";
  if (!settings.isUsable && settings.problems.length === 0) {
    return { name, status: "unknown", found: "the stack's configuration was not read, and Atlas not asked." };
  }
  if (!settings.isUsable) {
    const advice = `See ${toProviderSection("Settings")}; --stack reads the configuration of a stack as well.`;
    return { name, status: "failed", found: settings.problems.join(" "), advice };
  }
  const { credentialFrom, baseUrlFrom, stack } = settings;
  const looked = stack === undefined ? "the environment" : `stack ${stack} and the environment`;
  const found = `the credential is ${credentialFrom.join(" and ")}, the base URL is ${baseUrlFrom} (of ${looked}).`;
  return { name, status: "ok", found };
}

/** What the credential is worth. */
export function decideCredential(settings: Extract<SettingsFacts, { isUsable: true }>): Check {
  const name = "credential";
  const { kind, inPlaintext } = settings;
  const found = `it is ${KINDS[kind]}.`;
  if (inPlaintext.length > 0) {
    const names = inPlaintext.join(" and ");
    const advice = `Encrypt it: 'pulumi config set --secret ${inPlaintext[0]}'. The resources refuse it as it is.`;
    return { name, status: "failed", found: `${names} is stored in plaintext in the stack's configuration.`, advice };
  }
  if (kind !== "access-token") return { name, status: "ok", found };
  const advice = "It expires within an hour and is not renewed: use a service account.";
  return { name, status: "warning", found, advice };
}

/** The Pulumi CLI. */
export function decidePulumi({ pulumi }: ToolFacts): Check {
  const [name, advice] = ["pulumi-cli", "Install it: https://www.pulumi.com/docs/install/."];
  if (pulumi === undefined) return { name, status: "failed", found: "the Pulumi CLI is not on the PATH.", advice };
  if (isAtLeast(pulumi, PULUMI_MINIMUM)) return { name, status: "ok", found: `the Pulumi CLI ${pulumi}.` };
  return { name, status: "failed", found: `the Pulumi CLI ${pulumi} is older than ${PULUMI_MINIMUM}.`, advice };
}

/** The Node that the language host will run. */
export function decideNode({ node }: ToolFacts, { runtime }: Pick<ProgramFacts, "runtime">): Check {
  const why = isOfNode(runtime) ? "" : ` A program in ${runtime} needs it too: the engine runs the handlers with it.`;
  const [name, advice] = ["node", `Install another one: https://nodejs.org.${why}`];
  if (node === undefined) return { name, status: "failed", found: "Node is not on the PATH.", advice };
  if (isNodeSupported(node)) return { name, status: "ok", found: `Node ${node}.` };
  return { name, status: "failed", found: `Node ${node} is not ${NODE_RANGE}.`, advice };
}

/** Whether the program itself runs on Node, or may: what the project file does not say is taken for it. */
function isOfNode(runtime: string | undefined): boolean {
  return runtime === undefined || runtime === "nodejs";
}

/** Whether the program will find what it needs. */
export function decidePackages({ folder, hasProject, runtime, packages, hasHandlers }: ProgramFacts): Check {
  const name = "packages";
  if (!hasProject) {
    const advice = "Run this in the folder of the program, or name it with --cwd.";
    return { name, status: "unknown", found: `there is no Pulumi.yaml in ${folder}.`, advice };
  }
  const { "pulumi-atlas-secrets": own, "@pulumi/pulumi": sdk } = packages;
  if (own === undefined || !hasHandlers) {
    const what = own === undefined ? "pulumi-atlas-secrets" : "pulumi-atlas-secrets/handlers";
    const advice = isOfNode(runtime)
      ? "Run 'npm install pulumi-atlas-secrets' there: it has to be a direct dependency of the program."
      : `Run 'npm install pulumi-atlas-secrets @pulumi/pulumi' there: the engine loads the handlers of a program in ${runtime} from it.`;
    return { name, status: "failed", found: `${what} does not resolve from ${folder}.`, advice };
  }
  const advice = "Run 'npm install @pulumi/pulumi' there.";
  if (sdk === undefined)
    return { name, status: "failed", found: `@pulumi/pulumi does not resolve from ${folder}.`, advice };
  if (!isAtLeast(sdk, PULUMI_MINIMUM)) {
    return { name, status: "failed", found: `@pulumi/pulumi ${sdk} is older than ${PULUMI_MINIMUM}.`, advice };
  }
  return { name, status: "ok", found: `pulumi-atlas-secrets ${own} and @pulumi/pulumi ${sdk} resolve from ${folder}.` };
}
