/**
 * Stands in for the Node.js language host of a full Pulumi distribution, which no Go module proxy serves: it starts a policy pack that
 * is a folder, and runs a program that speaks to the engine itself, also by the calls that the older host does not know. It
 * does so as that one does, and does nothing else.
 * @see RunPlugin and Run in sdk/nodejs/cmd/pulumi-language-nodejs/main.go of pulumi/pulumi
 */
const { spawn } = require("node:child_process");
const { Server, ServerCredentials } = require("@grpc/grpc-js");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");
const { RunPluginResponse, RunResponse } = require("@pulumi/pulumi/proto/language_pb");
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

function run({ request }, answer) {
  const script = require.resolve("@pulumi/pulumi/cmd/run", { paths: [request.getPwd()] });
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: process.argv.at(-1),
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    pwd: request.getPwd(),
    parallel: request.getParallel(),
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  if (request.getDryrun()) args.push("--dry-run");
  const env = {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
  const child = spawn(process.execPath, [script, ...args, "."], { cwd: request.getPwd(), env, stdio: "inherit" });
  // 32: the program has logged what is wrong.
  child.once("close", (code) => {
    const response = new RunResponse();
    if (code === 32) response.setBail(true);
    else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code}`);
    answer(null, response);
  });
}

const server = new Server();
server.addService(LanguageRuntimeService, {
  runPlugin,
  run,
  getPluginInfo: (_call, answer) => answer(null, new PluginInfo().setVersion("3.0.0")),
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_error, port) => {
  process.stdout.write(`${port}\n`);
});
