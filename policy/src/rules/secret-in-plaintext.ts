/**
 * A value in plaintext: an input or output of any resource, or a stack output, that holds a secret's value and is not encrypted.
 *
 * Inputs are judged before the engine touches the resource, by the form of a secret. Outputs are judged at the end, together
 * with the values that the stack's own secrets have by then, so also values of another form are found; in a preview this is
 * in time, since a secret that does not change is known there.
 */
import type { PolicyResource, ReportViolation } from "@pulumi/policy";
import { listSecrets } from "../accounts.js";
import { type EngineMessages, NOTHING_SEEN } from "../engine-messages.js";
import { findPlaintextValues, listValues, type Path } from "../plaintext-values.js";
import { NO_SETTINGS, type ResourceRule, type StackRule } from "../rule.js";
import { describePath, holdsSecret } from "../wording.js";

/** The credential's own rule judges providers. */
const isProvider = (typeToken: string) => typeToken.startsWith("pulumi:providers:");

export function createSecretInPlaintext(messages: EngineMessages): ResourceRule & StackRule {
  return {
    name: "secret-in-plaintext",
    description: "The value of a secret is encrypted wherever the stack keeps it.",
    severity: "critical",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Pass the secret on as the output that it is, without pulumi.unsecret, and run 'pulumi up'. If the value was stored in plaintext, rotate it by a change of triggers.",
    configSchema: NO_SETTINGS,
    validateResource: ({ type, urn }, report) => {
      if (isProvider(type)) return;
      reportPaths(report, "input", findPlaintextValues(messages.inputsOf(urn) ?? {}, []), []);
    },
    validateStack: ({ resources }, report) => {
      if (!messages.isSeeing()) report(NOTHING_SEEN);
      const known = listSecrets(resources).flatMap(({ resource }) =>
        listValues(messages.outputsOf(resource.urn) ?? {}),
      );
      // One of the usual form is found by that: comparing every text with every value is slow for a stack of many secrets.
      const values = known.filter((value) => !holdsSecret(value));
      for (const resource of resources) {
        if (!isProvider(resource.type)) judgeAtEnd(messages, resource, values, report);
      }
    },
  };
}

function judgeAtEnd(
  messages: EngineMessages,
  { urn, type }: PolicyResource,
  values: readonly string[],
  report: ReportViolation,
): void {
  const inputs = messages.inputsOf(urn) ?? {};
  const reported = new Set(findPlaintextValues(inputs, []).map(toKey));
  const inInputs = findPlaintextValues(inputs, values).filter((path) => !reported.has(toKey(path)));
  for (const path of inInputs) reported.add(toKey(path));
  reportPaths(report, "input", inInputs, values, urn);
  // An output that repeats an input is one fault.
  const inOutputs = findPlaintextValues(messages.outputsOf(urn) ?? {}, values).filter(
    (path) => !reported.has(toKey(path)),
  );
  reportPaths(report, type === "pulumi:pulumi:Stack" ? "stack output" : "output", inOutputs, values, urn);
}

function reportPaths(
  report: ReportViolation,
  what: string,
  paths: readonly Path[],
  values: readonly string[],
  urn?: string,
): void {
  for (const path of paths)
    report(`The ${what} ${describePath(path, values)} holds the value of a secret in plaintext.`, urn);
}

function toKey(path: Path): string {
  return JSON.stringify(path);
}
