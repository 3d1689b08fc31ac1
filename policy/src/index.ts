/** Starts the policy pack. */
import { PolicyPack } from "@pulumi/policy";
import { findAnalyzerCalls, listenTo } from "./engine-messages.js";
import { createRules } from "./rules/index.js";

// Before the pack serves: the server takes over how calls are decoded when it is made.
const messages = listenTo(findAnalyzerCalls());

new PolicyPack("pulumi-atlas-secrets", {
  displayName: "MongoDB Atlas service account secrets",
  description: "What must never be deployed with secrets of MongoDB Atlas service accounts.",
  policies: createRules({ messages, now: Date.now, env: process.env }),
});
