/** All checks, in the order in which a run depends on them. */
import type { Check } from "./check.js";
import { decideClock, decideIpAccess, decideReach, decideRoles, decideSlots, decideToken } from "./checks-atlas.js";
import { decideCredential, decideNode, decidePackages, decidePulumi, decideSettings } from "./checks-local.js";
import { decidePreview, decideStackProblem, decideUnasked, decideUnreadSource } from "./checks-stack.js";
import type { Facts } from "./facts.js";

/** Judges what was gathered. */
export function decideChecks({ settings, preview, atlas, tools, program, ...facts }: Facts): Check[] {
  const local = [
    decidePulumi(tools),
    decideNode(tools, program),
    decidePackages(program),
    ...facts.stackProblems.map(decideStackProblem),
    ...(preview ? [decidePreview(preview)] : []),
    ...facts.unasked.map(decideUnasked),
    ...facts.unreadSources.map(decideUnreadSource),
  ];
  if (!settings.isUsable || !atlas) return [decideSettings(settings), ...local];
  return [
    decideSettings(settings),
    decideCredential(settings),
    decideReach(atlas, settings.baseUrl),
    decideToken(atlas, settings.kind),
    decideIpAccess(atlas),
    ...decideRoles(atlas),
    ...atlas.accounts.map(decideSlots),
    decideClock(atlas),
    ...local,
  ];
}
