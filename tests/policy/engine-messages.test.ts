/** What is kept of the engine's calls, from one analysis to the next. */
import { type AnalyzerCalls, listenTo, type MarkedProperties } from "../../policy/src/engine-messages.js";

const PROPERTIES = { size: 1 };

function toMessage(urn: string, properties: MarkedProperties) {
  return { getUrn: () => urn, getProperties: () => ({ toJavaScript: () => properties }), getProvider: () => undefined };
}

/** The engine's calls, each with what it tells, as the analyzer's service decodes them. */
function createEngine() {
  let told: readonly ReturnType<typeof toMessage>[] = [];
  const one = () => {
    const [message] = told;
    if (!message) throw new Error("nothing was told");
    return message;
  };
  const calls: AnalyzerCalls = {
    analyze: { requestDeserialize: one },
    analyzeStack: { requestDeserialize: () => ({ getResourcesList: () => [...told] }) },
    configureStack: {
      requestDeserialize: () => ({ getConfigMap: () => new Map([["a", "b"]]), getConfigSecretKeysList: () => ["a"] }),
    },
    configure: { requestDeserialize: () => ({ getPolicyconfigMap: () => new Map() }) },
  };
  const messages = listenTo(calls);
  const tell = (call: keyof AnalyzerCalls, ...urns: string[]) => {
    told = urns.map((urn) => toMessage(urn, PROPERTIES));
    calls[call].requestDeserialize(Buffer.of());
  };
  return { messages, tell };
}

describe("listenTo", () => {
  it("keeps the inputs of an analysis until its end, with the outputs of the stack", () => {
    const { messages, tell } = createEngine();
    tell("analyze", "a");
    tell("analyze", "b");
    tell("analyzeStack", "a");
    expect(["a", "b", "c"].map(messages.inputsOf)).toEqual([PROPERTIES, PROPERTIES, undefined]);
    expect(["a", "b"].map(messages.outputsOf)).toEqual([PROPERTIES, undefined]);
  });

  it.each(["analyze", "analyzeStack"] as const)("forgets an earlier analysis with the first %s of the next", (call) => {
    const { messages, tell } = createEngine();
    tell("analyze", "gone");
    tell("analyzeStack", "gone");
    tell(call, "new");
    expect([messages.inputsOf("gone"), messages.outputsOf("gone")]).toEqual([undefined, undefined]);
  });

  it("keeps the configuration, which is told once", () => {
    const { messages, tell } = createEngine();
    expect(messages.stackConfig()).toBeUndefined();
    tell("configureStack");
    tell("analyzeStack");
    tell("analyze", "a");
    expect(messages.stackConfig()).toEqual({ values: new Map([["a", "b"]]), secretKeys: new Set(["a"]) });
  });
});
