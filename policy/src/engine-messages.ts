/**
 * What the engine tells a policy pack and `@pulumi/policy` does not hand on to its rules: which values are encrypted, and
 * which keys of the stack configuration. The SDK unwraps secrets before a rule sees them, so that a rule cannot tell a value in
 * plaintext from an encrypted one. The engine's calls are read once more where they are decoded; their content stays as it is.
 *
 * @see proto/pulumi/analyzer.proto of pulumi/pulumi: AnalyzeRequest, AnalyzeStackRequest, AnalyzerStackConfigureRequest,
 *   ConfigureAnalyzerRequest
 */
import { createRequire } from "node:module";

/** Properties as JSON in which a secret is an object with a signature. @see sdk/go/common/resource/sig of pulumi/pulumi */
export type MarkedProperties = Readonly<Record<string, unknown>>;

/** The stack configuration, in plaintext, and the keys of it that are encrypted in its file. */
export interface StackConfig {
  readonly values: ReadonlyMap<string, string>;
  readonly secretKeys: ReadonlySet<string>;
}

/** What is known of the engine's calls in the analysis under way: of resources one by one, then of the stack as a whole. */
export interface EngineMessages {
  /** Whether any resource was told of. Without one where a rule is asked to judge, the SDK decodes calls in another way by now. */
  isSeeing(): boolean;
  /** The inputs with which the resource was analyzed. */
  inputsOf(urn: string): MarkedProperties | undefined;
  /** The outputs with which the stack was analyzed. */
  outputsOf(urn: string): MarkedProperties | undefined;
  /** Absent in `pulumi policy analyze`, which reads a state and no configuration. */
  stackConfig(): StackConfig | undefined;
}

/** A `google.protobuf.Struct`. */
interface Struct {
  toJavaScript: () => MarkedProperties;
}

interface ResourceMessage {
  getUrn(): string;
  getProperties(): Struct | undefined;
  getProvider(): { getProperties(): Struct | undefined } | undefined;
}

/** The calls of the analyzer's service that are read, with how each is decoded. */
export interface AnalyzerCalls {
  readonly analyze: Decoding<ResourceMessage>;
  readonly analyzeStack: Decoding<{ getResourcesList(): ResourceMessage[] }>;
  readonly configureStack: Decoding<{
    getConfigMap(): { entries(): Iterable<[string, string]> };
    getConfigSecretKeysList(): string[];
  }>;
  readonly configure: Decoding<ConfigureMessage>;
}

/** The configuration of the rules, by their names. */
export interface ConfigureMessage {
  getPolicyconfigMap(): { entries(): Iterable<[string, { getProperties(): Struct | undefined }]> };
}

/** How one kind of request is decoded. */
export interface Decoding<T> {
  requestDeserialize: (bytes: Buffer) => T;
}

/** What a rule reports that is blind. */
export const NOTHING_SEEN =
  "This rule sees nothing: this version of @pulumi/policy does not tell the pack what is encrypted, so that nothing was judged.";

/** Reads along with every later call to a service. */
export function listenTo(calls: AnalyzerCalls): EngineMessages {
  // Structs are decoded only for those resources that a rule asks about.
  const inputs = new Map<string, Struct>();
  const outputs = new Map<string, Struct>();
  let config: StackConfig | undefined;
  let isOver = false;
  let isSeeing = false;
  /** A new analysis starts from nothing: what an earlier one told may no longer be true. */
  const forgetEarlier = () => {
    if (!isOver) return;
    inputs.clear();
    outputs.clear();
    isOver = false;
  };
  const keep = (into: Map<string, Struct>, message: ResourceMessage) => {
    isSeeing = true;
    const properties = message.getProperties();
    if (properties) into.set(message.getUrn(), decodeOnce(properties));
    const ofProvider = message.getProvider()?.getProperties();
    if (ofProvider) decodeOnce(ofProvider);
  };
  readAlong(calls.analyze, (request) => {
    forgetEarlier();
    keep(inputs, request);
  });
  readAlong(calls.analyzeStack, (request) => {
    forgetEarlier();
    for (const resource of request.getResourcesList()) keep(outputs, resource);
    isOver = true;
  });
  readAlong(calls.configureStack, (request) => {
    config = {
      values: new Map(request.getConfigMap().entries()),
      secretKeys: new Set(request.getConfigSecretKeysList()),
    };
  });
  return {
    isSeeing: () => isSeeing,
    inputsOf: (urn) => inputs.get(urn)?.toJavaScript(),
    outputsOf: (urn) => outputs.get(urn)?.toJavaScript(),
    stackConfig: () => config,
  };
}

/** The SDK decodes the same properties anew for every rule, and copies what it gets: more than half of the pack's work. */
function decodeOnce(struct: Struct): Struct {
  const decode = struct.toJavaScript.bind(struct);
  let decoded: MarkedProperties | undefined;
  struct.toJavaScript = () => {
    decoded ??= decode();
    return decoded;
  };
  return struct;
}

/** Calls `read` with every request that is decoded from now on. */
export function readAlong<T>(decoding: Decoding<T>, read: (request: T) => void): void {
  const decode = decoding.requestDeserialize;
  decoding.requestDeserialize = (bytes) => {
    const request = decode(bytes);
    read(request);
    return request;
  };
}

/** The calls that the SDK's own server answers: of the copy of `@pulumi/pulumi` which the SDK uses, should there be several. */
export function findAnalyzerCalls(): AnalyzerCalls {
  const requireAsSdk = createRequire(require.resolve("@pulumi/policy"));
  const { AnalyzerService } = requireAsSdk("@pulumi/pulumi/proto/analyzer_grpc_pb") as {
    AnalyzerService: AnalyzerCalls;
  };
  return AnalyzerService;
}
