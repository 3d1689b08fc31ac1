/** The checks of what the program and its stacks say: plain facts in, a line out. */
import type { UnreadSource } from "../audit/inventory.js";
import { toCount } from "../wording.js";
import type { Check } from "./check.js";
import type { PreviewFacts } from "./facts.js";

/** Whether the program runs, and which accounts it is about. */
export function decidePreview(preview: PreviewFacts): Check {
  const name = "preview";
  const { stack } = preview;
  if (!preview.isDone) {
    // What the program says of it may hold anything, and is not repeated here.
    const advice = `Run 'pulumi preview --stack ${stack}' there to see why.`;
    return { name, status: "failed", found: `a preview of stack ${stack} fails.`, advice };
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

/** What could not be read of a state. */
export function decideUnreadSource({ source, message }: UnreadSource): Check {
  const advice = "Name its account with --account.";
  return { name: "sources", status: "unknown", found: `not read, ${source}: ${message}`, advice };
}
