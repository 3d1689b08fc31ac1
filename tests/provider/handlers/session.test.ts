/** What the calls of one provider process share: settings that become unsafe later on are noticed. */
import { SettingsError } from "../../../provider/src/errors.js";
import { createProjectSecretHandlers } from "../../../provider/src/handlers/project-secret.js";
import { createScriptedTransport, HEALTHY } from "../fixtures/scripted-transport.js";
import { createFakeClock, OUTPUTS } from "../fixtures/values.js";

describe("NODE_TLS_REJECT_UNAUTHORIZED=0", () => {
  it("is refused also when it is set after requests were sent", async () => {
    const env: Record<string, string> = { MONGODB_ATLAS_ACCESS_TOKEN: "not-a-real-token" };
    const { transport, sent } = createScriptedTransport(HEALTHY);
    const handlers = createProjectSecretHandlers({ clock: createFakeClock(), env, transport, report: () => {} });
    await handlers.read("id", OUTPUTS);
    expect(sent).toHaveLength(1);
    env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    const again = handlers.read("id", OUTPUTS);
    await expect(again).rejects.toThrow(SettingsError);
    await expect(again).rejects.toThrow(/NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off/);
    expect(sent).toHaveLength(1);
    delete env.NODE_TLS_REJECT_UNAUTHORIZED;
    await handlers.read("id", OUTPUTS);
    expect(sent).toHaveLength(2);
  });
});
