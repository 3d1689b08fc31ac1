/** Starts the policy pack. */
import { PolicyPack } from "@pulumi/policy";
import { refuseUnknown } from "./configuration.js";
import { findAnalyzerCalls, listenTo } from "./engine-messages.js";
import { createRules } from "./rules/index.js";

// Before the pack serves: the server takes over how calls are decoded when it is made.
const calls = findAnalyzerCalls();
const policies = createRules({ messages: listenTo(calls), now: Date.now, env: process.env });
refuseUnknown(calls.configure, policies);

new PolicyPack("pulumi-atlas-secrets", {
  displayName: "MongoDB Atlas service account secrets",
  description: "What must never be deployed with secrets of MongoDB Atlas service accounts.",
  policies,
});
