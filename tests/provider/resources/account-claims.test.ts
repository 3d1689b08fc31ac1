import * as pulumi from "@pulumi/pulumi";
import { claimAccount } from "../../../provider/src/resources/account-claims.js";

/** The promises that an output is made of. */
interface OutputInternals {
  promise(): Promise<unknown>;
  allResources(): Promise<unknown>;
  readonly isKnown: Promise<unknown>;
  readonly isSecret: Promise<unknown>;
}

let count = 0;
let clientId: string;

beforeEach(() => {
  count += 1;
  clientId = `mdb_sa_id_${String(count).padStart(24, "0")}`;
});

describe("claimAccount", () => {
  it.each([
    ["the first", true, false],
    ["the second", false, true],
    ["both", true, true],
  ])("refuses two resources on an account that %s calls exclusive, and names them", (_which, first, second) => {
    void claimAccount("one", clientId, first);
    expect(() => claimAccount("two", clientId, second)).toThrow(/one and two are both on it/);
  });

  it.each([
    ["the first", true, false],
    ["the second", false, true],
    ["each", true, true],
  ])("refuses two resources on an account of which %s rotates the secret, and names them", (_which, first, second) => {
    void claimAccount("one", clientId, false, first);
    const claim = () => claimAccount("two", clientId, false, second);
    expect(claim).toThrow(/has a rotating secret.*one and two are both on it/);
  });

  it("lets two resources share an account that none calls exclusive", () => {
    void claimAccount("one", clientId, false);
    expect(() => claimAccount("two", clientId, false)).not.toThrow();
  });

  it("lets one resource be declared again, as the next run in the same process does", () => {
    void claimAccount("one", clientId, true);
    expect(() => claimAccount("one", clientId, true)).not.toThrow();
  });

  it("lets exclusive resources be on different accounts", () => {
    void claimAccount("one", clientId, true);
    expect(() => claimAccount("two", `${clientId.slice(0, -1)}f`, true)).not.toThrow();
  });

  it("refuses accounts given as outputs once they are known", async () => {
    void claimAccount("one", clientId, true);
    const claimed = claimAccount("two", pulumi.output(clientId), false);
    const output = claimed as unknown as OutputInternals;
    // An output that fails does so in all of its promises, and a program with an unhandled one ends.
    const parts = [output.promise(), output.isKnown, output.isSecret, output.allResources()];
    const [value] = await Promise.allSettled(parts);
    expect(value).toMatchObject({
      status: "rejected",
      reason: { message: expect.stringContaining("one and two are both on it") },
    });
  });
});
