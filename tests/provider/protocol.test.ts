import { runInNewContext } from "node:vm";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import * as handlers from "../../provider/src/handlers/index.js";
import { PROVIDER_KEY, toProviderText, toSecretOutput, UNKNOWN_VALUE } from "../../provider/src/protocol.js";

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

  it("is the text that states of older versions hold", () => {
    expect(text).toBe('exports.handler = () => require("pulumi-atlas-secrets/handlers").projectSecret;');
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
