import { runInNewContext } from "node:vm";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import * as handlers from "../../provider/src/handlers/index.js";
import { PROVIDER_KEY, toProviderText, toSecretOutput, UNKNOWN_VALUE } from "../../provider/src/protocol.js";
import { SECRET_CLASSES } from "../../provider/src/rotation/secret-types.js";

/**
 * Type tokens with the text that recorded states hold for them. A state loads its handler by that text, so none of these lines is ever
 * changed or removed: a stack that was written before could not even be refreshed or destroyed. A new class adds a line.
 */
const FROZEN = [
  [
    "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret",
    'exports.handler = () => require("pulumi-atlas-secrets/handlers").projectSecret;',
  ],
  [
    "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret",
    'exports.handler = () => require("pulumi-atlas-secrets/handlers").rotatingProjectSecret;',
  ],
  [
    "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecretSet",
    'exports.handler = () => require("pulumi-atlas-secrets/handlers").projectSecretSet;',
  ],
  [
    "pulumi-nodejs:dynamic/atlas:ServiceAccountSecret",
    'exports.handler = () => require("pulumi-atlas-secrets/handlers").organizationSecret;',
  ],
  [
    "pulumi-nodejs:dynamic/atlas:RotatingServiceAccountSecret",
    'exports.handler = () => require("pulumi-atlas-secrets/handlers").rotatingOrganizationSecret;',
  ],
  [
    "pulumi-nodejs:dynamic/atlas:ServiceAccountSecretSet",
    'exports.handler = () => require("pulumi-atlas-secrets/handlers").organizationSecretSet;',
  ],
] as const;

describe("toProviderText", () => {
  const text = toProviderText("projectSecret");

  it("takes at most 100 bytes of every resource's state", () => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100);
  });

  it("evaluates to a function that gives the handler, as the engine's host evaluates it", () => {
    const exported: { handler?: () => unknown } = {};
    const asked: string[] = [];
    const load = (name: string) => {
      asked.push(name);
      return handlers;
    };
    runInNewContext(text, { exports: exported, require: load });
    expect(asked).toEqual([]);
    expect(exported.handler?.()).toBe(handlers.projectSecret);
    expect(asked).toEqual(["pulumi-atlas-secrets/handlers"]);
  });

  it("of each class is the text that states of older versions hold", () => {
    expect(SECRET_CLASSES.map(({ type, handler }) => [type, toProviderText(handler)])).toEqual(FROZEN);
  });

  it("names what the package exports for ever, and nothing else", () => {
    const names = FROZEN.map(([, held]) => /\.(\w+);$/.exec(held)?.[1]);
    expect(Object.keys(handlers).sort()).toEqual(names.sort());
  });
});

describe("the marks of the installed @pulumi/pulumi", () => {
  it("have the same text for an unknown value", () => {
    expect(UNKNOWN_VALUE).toBe(rpc.unknownValue);
  });

  it("take a secret output for a secret, and give its value back", () => {
    const output = toSecretOutput({ deep: "fake" });
    expect(output).toEqual({ [rpc.specialSigKey]: rpc.specialSecretSig, value: { deep: "fake" } });
    expect(rpc.isRpcSecret(output)).toBe(true);
    expect(rpc.unwrapRpcSecret(output)).toEqual({ deep: "fake" });
  });

  it("name the handler by the key that dynamic resources use", () => {
    expect(PROVIDER_KEY).toBe("__provider");
  });
});
