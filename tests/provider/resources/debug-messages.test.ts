import * as pulumi from "@pulumi/pulumi";
import { toSecretOutput } from "../../../provider/src/protocol.js";
import {
  toSafeDebugMessage,
  withholdSecretsFromDebugMessages,
} from "../../../provider/src/resources/debug-messages.js";

const VALUE = "mdb_sa_sk_FAKE-not-a-real-secret-0000000000000000";
const RESPONSE = Object.entries(toSecretOutput(VALUE)).flat().join(",,,");

describe("toSafeDebugMessage", () => {
  it("cuts a message before a response that holds a secret, and keeps what is before", () => {
    const message = `RegisterResource RPC finished: resource:main; err: null, resp: urn:fake,${RESPONSE}`;
    expect(toSafeDebugMessage(message)).toBe(
      "RegisterResource RPC finished: resource:main; err: null, [withheld: it holds a secret]",
    );
  });

  it("withholds all of a message that holds a secret outside a response", () => {
    expect(toSafeDebugMessage(`some outputs: ${RESPONSE}`)).toBe(" [withheld: it holds a secret]");
  });

  it("leaves other messages as they are", () => {
    const message = "RegisterResource RPC finished: resource:main; err: null, resp: urn:fake,plain";
    expect(toSafeDebugMessage(message)).toBe(message);
  });
});

describe("withholdSecretsFromDebugMessages", () => {
  const { debug } = pulumi.log;
  afterEach(() => {
    (pulumi.log as { debug: typeof debug }).debug = debug;
  });

  it("reaches the calls of the SDK itself, and wraps once however often it is called", () => {
    const seen: string[] = [];
    (pulumi.log as { debug: typeof debug }).debug = async (message) => void seen.push(message);
    withholdSecretsFromDebugMessages();
    const once = pulumi.log.debug;
    withholdSecretsFromDebugMessages();
    expect(pulumi.log.debug).toBe(once);
    // The module object that the SDK's runtime calls through.
    const sdkLog = jest.requireActual<typeof pulumi.log>("@pulumi/pulumi/log");
    void sdkLog.debug(`a, resp: ${RESPONSE}`);
    expect(seen).toEqual(["a, [withheld: it holds a secret]"]);
  });
});
