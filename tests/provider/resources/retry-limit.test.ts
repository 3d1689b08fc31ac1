/** When the hook of ours ends the tries that a program's `hooks.onError` asks for; `tests/engine/hooks` sees it at work. */
import { createRequire } from "node:module";
import type * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import type { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type * as messages from "@pulumi/pulumi/proto/engine_pb";
import { limitRetries } from "../../../provider/src/resources/retry-limit.js";

const load = createRequire(require.resolve("@pulumi/pulumi"));
const { Server, ServerCredentials, status } = load("@grpc/grpc-js") as typeof grpc;
const rpc = load("@pulumi/pulumi/proto/engine_grpc_pb") as { EngineService: typeof EngineService };
const { RequirePulumiVersionResponse } = load("@pulumi/pulumi/proto/engine_pb") as typeof messages;

let server: grpc.Server;
const ranges: string[] = [];

/** An engine whose version is, or is not, in the range that it is asked for. */
async function startEngine(isRecent: boolean): Promise<void> {
  server = new Server();
  const requirePulumiVersion: grpc.handleUnaryCall<
    messages.RequirePulumiVersionRequest,
    messages.RequirePulumiVersionResponse
  > = ({ request }, answer) => {
    ranges.push(request.getPulumiVersionRange());
    if (isRecent) answer(null, new RequirePulumiVersionResponse());
    else answer({ code: status.UNKNOWN, details: "Pulumi CLI version 3.263.0 does not satisfy it" });
  };
  server.addService(rpc.EngineService, { requirePulumiVersion } as never);
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  pulumi.runtime.resetOptions("project", "test", 1, `127.0.0.1:${port}`, "", false, "");
}

afterEach(() => server.forceShutdown());

function ask(failedOperation: string, failures: number): Promise<boolean> {
  const errors = Array.from({ length: failures }, (_, index) => `Failure ${failures - index}.`);
  const resource = { urn: "urn", id: "id", name: "main", type: "type" };
  return limitRetries({ ...resource, failedOperation, errors });
}

describe("limitRetries", () => {
  it.each(["create", "update", "delete"])(
    "leaves the tries of a %s to the program until the 20th",
    async (operation) => {
      await startEngine(true);
      expect(await ask(operation, 19)).toBe(false);
      await expect(ask(operation, 20)).rejects.toThrow("Failure 20. It is not tried again after 20 times.");
    },
  );

  it("ends those of a creation at once where an engine would create again, with the failure in the text", async () => {
    await startEngine(false);
    await expect(ask("create", 1)).rejects.toThrow(/^Failure 1\. hooks\.onError .* >=3\.264\.0\.$/);
    expect(ranges).toContain(">=3.264.0");
    expect(await ask("update", 1)).toBe(false);
  });
});
