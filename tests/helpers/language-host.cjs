/**
 * Stands in for the Node.js language host of a full Pulumi distribution, which no Go module proxy serves: it starts a policy pack that
 * is a folder as that one does, and does nothing else.
 * @see RunPlugin in sdk/nodejs/cmd/pulumi-language-nodejs/main.go of pulumi/pulumi
 */
const { spawn } = require("node:child_process");
const { Server, ServerCredentials } = require("@grpc/grpc-js");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");
const { RunPluginResponse } = require("@pulumi/pulumi/proto/language_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");

function runPlugin(call) {
  const folder = call.request.getInfo().getProgramDirectory();
  const script = require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [folder] });
  const env = Object.fromEntries(call.request.getEnvList().map((entry) => entry.split(/=(.*)/s)));
  const child = spawn(process.execPath, [script, ...call.request.getArgsList(), folder], { cwd: folder, env });
  child.stdout.on("data", (bytes) => call.write(new RunPluginResponse().setStdout(bytes)));
  child.stderr.on("data", (bytes) => call.write(new RunPluginResponse().setStderr(bytes)));
  child.once("close", (code) => {
    call.write(new RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
  call.once("cancelled", () => child.kill());
}

const server = new Server();
server.addService(LanguageRuntimeService, {
  runPlugin,
  getPluginInfo: (_call, answer) => answer(null, new PluginInfo().setVersion("3.0.0")),
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_error, port) => {
  process.stdout.write(`${port}\n`);
});
