/**
 * The pack as a process that the engine speaks to, started in both ways: by its own program, and by the SDK's script, which is
 * what a language host runs for a pack that is a folder. The test is the engine here: same calls, same marks of secrets.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type * as grpc from "@grpc/grpc-js";
import type { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type * as pb from "@pulumi/pulumi/proto/analyzer_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { readManifest } from "../helpers/packed-package.js";
import { PACK_FOLDER, PACK_PROGRAM } from "../helpers/policy-pack.js";
import { marked, PLAIN, type Props, SECRET_VALUE, toInputs, toUrn } from "./fixtures.js";

const load = createRequire(require.resolve("@pulumi/policy"));
const rpc = load("@pulumi/pulumi/proto/analyzer_grpc_pb") as { AnalyzerClient: typeof AnalyzerClient };
const messages = load("@pulumi/pulumi/proto/analyzer_pb") as typeof pb;
const { credentials } = load("@grpc/grpc-js") as typeof grpc;
const { Struct: StructClass } = load("google-protobuf/google/protobuf/struct_pb") as { Struct: typeof Struct };
const { Empty } = load("google-protobuf/google/protobuf/empty_pb") as { Empty: new () => never };

const CONSUMER = "test:index:Consumer";
/** As npm links a package's program. */
const LINK_FOLDER = mkdtempSync(join(tmpdir(), "atlas-secrets-policy-"));
const LINK = join(LINK_FOLDER, "atlas-secrets-policy");
symlinkSync(PACK_PROGRAM, LINK);
afterAll(() => rmSync(LINK_FOLDER, { recursive: true }));

const WAYS = [
  { way: "its own program, from any folder", program: LINK, args: [], cwd: tmpdir() },
  {
    way: "the SDK's script",
    program: process.execPath,
    args: [load.resolve("@pulumi/pulumi/cmd/run-policy-pack"), "127.0.0.1:1", PACK_FOLDER],
    cwd: PACK_FOLDER,
  },
];

let child: ChildProcess | undefined;
let client: AnalyzerClient | undefined;

afterEach(async () => {
  client?.close();
  if (child?.exitCode === null) {
    const ended = new Promise((resolve) => child?.once("close", resolve));
    child.kill();
    await ended;
  }
  child = undefined;
});

/** Starts the pack and connects to the port that it prints first. */
async function start({ program, args, cwd }: (typeof WAYS)[number]): Promise<AnalyzerClient> {
  const env = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) };
  child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  const { stdout } = child;
  const port = await new Promise<string>((resolve, reject) => {
    stdout?.setEncoding("utf8").once("data", (text: string) => resolve(text.trim()));
    child?.once("close", (code) => reject(new Error(`the pack ended with ${code}`)));
  });
  expect(port).toMatch(/^\d+$/);
  client = new rpc.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  return client;
}

/** One call, as a promise. */
function call<Q, A>(
  method: (request: Q, done: (error: grpc.ServiceError | null, answer: A) => void) => unknown,
  request: Q,
) {
  return new Promise<A>((resolve, reject) => {
    method.call(client, request, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

function toStruct(props: Props): Struct {
  return StructClass.fromJavaScript(props as Parameters<typeof Struct.fromJavaScript>[0]);
}

function toRequest(type: string, props: Props): pb.AnalyzeRequest {
  const request = new messages.AnalyzeRequest().setType(type).setUrn(toUrn({ type })).setName("main");
  return request.setProperties(toStruct(props)).setOptions(new messages.AnalyzerResourceOptions());
}

/** A configuration of rules, all of which are to remediate. */
function toConfigure(rules: Readonly<Record<string, Props>>): pb.ConfigureAnalyzerRequest {
  const request = new messages.ConfigureAnalyzerRequest();
  for (const [rule, settings] of Object.entries(rules)) {
    const level = messages.EnforcementLevel.REMEDIATE;
    const config = new messages.PolicyConfig().setEnforcementlevel(level).setProperties(toStruct(settings));
    request.getPolicyconfigMap().set(rule, config);
  }
  return request;
}

describe.each(WAYS)("the pack started by $way", (way) => {
  it("tells the engine its name, version and rules, and sees marks that its rules get from nowhere else", async () => {
    const analyzer = await start(way);
    const info = await call<never, pb.AnalyzerInfo>(analyzer.getAnalyzerInfo, new Empty());
    expect([info.getName(), info.getVersion(), info.getPoliciesList().length]).toEqual([
      "pulumi-atlas-secrets",
      readManifest("policy").version,
      14,
    ]);

    const rulesFor = async (props: Props) => {
      const answer = await call<pb.AnalyzeRequest, pb.AnalyzeResponse>(analyzer.analyze, toRequest(CONSUMER, props));
      return answer.getDiagnosticsList().map((found) => found.getPolicyname());
    };
    expect(await rulesFor({ password: SECRET_VALUE })).toEqual(["secret-in-plaintext"]);
    expect(await rulesFor({ password: marked(SECRET_VALUE) })).toEqual([]);
  });

  it.each([
    ["a rule", "current-expire", {}, 'there is no rule "current-expire"; the rules are all, lifetime-too-long,'],
    [
      "a setting",
      "lifetime-too-long",
      { maxHour: 24 },
      'lifetime-too-long has no setting "maxHour"; its settings are maxHours.',
    ],
    [
      "a setting of a rule without any",
      "current-expired",
      { grace: 1 },
      'current-expired has no setting "grace"; it has none.',
    ],
  ])("refuses %s that does not exist", async (_title, rule, settings, message) => {
    const analyzer = await start(way);
    const request = toConfigure({ [rule]: settings, "rotation-window-too-short": { minWindowHours: 24 }, all: {} });
    await expect(call<pb.ConfigureAnalyzerRequest, unknown>(analyzer.configure, request)).rejects.toThrow(message);
  });

  it("remediates in place: what was secret stays secret, and the handler stays named", async () => {
    const analyzer = await start(way);
    const configure = toConfigure({ "lifetime-too-long": { maxHours: 720 } });
    await call<pb.ConfigureAnalyzerRequest, unknown>(analyzer.configure, configure);

    const handler = 'exports.handler = () => require("pulumi-atlas-secrets/handlers").projectSecret;';
    const asset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "an asset" };
    const given = { __provider: handler, triggers: marked({ request: "FAKE-trigger" }), asset };
    const inputs = toInputs(PLAIN, { ...given, secretExpiresAfterHours: marked(8760), rotateBeforeExpiryHours: 2920 });
    const answer = await call<pb.AnalyzeRequest, pb.RemediateResponse>(analyzer.remediate, toRequest(PLAIN, inputs));
    expect(
      answer.getRemediationsList().map((one) => [one.getPolicyname(), one.getProperties()?.toJavaScript()]),
    ).toEqual([
      [
        "lifetime-too-long",
        toInputs(PLAIN, { ...given, secretExpiresAfterHours: marked(720), rotateBeforeExpiryHours: 240 }),
      ],
    ]);
  });
});

describe("the program of the pack", () => {
  it.each(["--help", "-h", "--version"])("says for %s what it is, and ends", async (flag) => {
    const { status, stdout } = spawnSync(process.execPath, [PACK_PROGRAM, flag], { encoding: "utf8", timeout: 60_000 });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^atlas-secrets-policy \d+\.\d+\.\d+: a policy pack[\s\S]*pulumi preview --policy-pack/);
  });
});
