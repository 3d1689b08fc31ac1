/** Every rule of the pack, in the order in which remediations run: the lifetime before the window that depends on it. */
import type { ReportViolation, ResourceValidation } from "@pulumi/policy";
import type { EngineMessages } from "../engine-messages.js";
import type { ResourceRule, StackRule } from "../rule.js";
import { accountCrowded } from "./account-crowded.js";
import { accountNotAllowed } from "./account-not-allowed.js";
import { accountShared } from "./account-shared.js";
import { createBaseUrlNotAtlas } from "./base-url-not-atlas.js";
import { createCredentialInPlaintext } from "./credential-in-plaintext.js";
import { deletesBeforeReplacement } from "./deletes-before-replacement.js";
import { lifetimeTooLong } from "./lifetime-too-long.js";
import { noRotationByTime } from "./no-rotation-by-time.js";
import { rotationWindowTooShort } from "./rotation-window-too-short.js";
import { createSecretInPlaintext } from "./secret-in-plaintext.js";
import { createOverdueRules } from "./secret-overdue.js";
import { verificationOff } from "./verification-off.js";

/** What rules need besides the resources they judge. */
export interface RuleContext {
  readonly messages: EngineMessages;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function createRules({ messages, now, env }: RuleContext): (ResourceRule | StackRule)[] {
  return [
    lifetimeTooLong,
    rotationWindowTooShort,
    noRotationByTime,
    accountCrowded,
    accountShared,
    deletesBeforeReplacement,
    verificationOff,
    accountNotAllowed,
    createCredentialInPlaintext(messages),
    createBaseUrlNotAtlas(messages, env),
    createSecretInPlaintext(messages),
    ...createOverdueRules(now),
  ].map(tellSteps);
}

/** The CLI shows a violation's message alone, so the message ends with what to do. */
function tellSteps(rule: ResourceRule | StackRule): ResourceRule | StackRule {
  const { validateResource, validateStack }: Partial<ResourceRule & StackRule> = rule;
  const telling =
    (report: ReportViolation): ReportViolation =>
    (message, urn) =>
      report(`${message} ${rule.remediationSteps}`, urn);
  return {
    ...rule,
    ...(validateResource && {
      validateResource: [validateResource].flat().map(
        (validate): ResourceValidation =>
          (args, report) =>
            validate(args, telling(report)),
      ),
    }),
    ...(validateStack && { validateStack: (args, report) => validateStack(args, telling(report)) }),
  };
}
