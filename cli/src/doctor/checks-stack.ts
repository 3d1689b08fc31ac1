/** The checks of what the program and its stacks say: plain facts in, a line out. */
import type { UnreadSource } from "../audit/inventory.js";
import type { PlannedAccount } from "../sources/preview.js";
import { describeAccount, toCount } from "../wording.js";
import type { Check } from "./check.js";
import type { PreviewFacts } from "./facts.js";

/** Whether the program runs, and which accounts it is about. */
export function decidePreview(preview: PreviewFacts): Check {
  const name = "preview";
  const { stack } = preview;
  if (!preview.isDone) {
    const advice = `Run 'pulumi preview --stack ${stack}' in the program's folder to see the whole message.`;
    return { name, status: "failed", found: preview.problem, advice };
  }
  const { accounts, undetermined } = preview;
  const distinct = new Set(accounts.map(({ level, ownerId, clientId }) => `${level} ${ownerId} ${clientId}`)).size;
  const secrets = toCount(accounts.length + undetermined.length, "secret");
  const found = `the program of stack ${stack} declares ${secrets} of service accounts`;
  if (undetermined.length > 0) {
    const advice = "Where the account is there already, name it with --account.";
    const names = undetermined.join(", ");
    return { name, status: "warning", found: `${found}; the account of ${names} is not known before the run.`, advice };
  }
  if (accounts.length === 0) {
    return { name, status: "warning", found: `${found}.`, advice: "Check the stack and the folder of the program." };
  }
  return { name, status: "ok", found: `${found}, on ${toCount(distinct, "account")}.` };
}

/** Why a stack could not be read, in the CLI's own words. */
export function decideStackProblem(found: string): Check {
  const advice =
    "Check its name ('pulumi stack ls --all'), the backend ('pulumi whoami --verbose'), the folder (--cwd) and the passphrase.";
  return { name: "stack", status: "failed", found, advice };
}

/** What the credential of this command does not reach. */
export function decideUnasked({ provider, ...account }: PlannedAccount): Check {
  const found = `${describeAccount(account)} was not looked at: provider ${provider} signs in with a credential of its own.`;
  const advice = `Set it as PREFIX_CLIENT_ID and PREFIX_CLIENT_SECRET, and add --credential ${account.ownerId}=PREFIX.`;
  return { name: "providers", status: "unknown", found, advice };
}

/** What could not be read of a state. */
export function decideUnreadSource({ source, message }: UnreadSource): Check {
  const advice = "Name its account with --account.";
  return { name: "sources", status: "unknown", found: `not read, ${source}: ${message}`, advice };
}
