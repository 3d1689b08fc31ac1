import * as pulumi from "@pulumi/pulumi";
import { type Claimant, claimAccount } from "../../../provider/src/resources/account-claims.js";

/** The promises that an output is made of. */
interface OutputInternals {
  promise(): Promise<unknown>;
  allResources(): Promise<unknown>;
  readonly isKnown: Promise<unknown>;
  readonly isSecret: Promise<unknown>;
}

function toClaimant(name: string, isRotating = false): Claimant {
  return { className: "Sample", name, parent: undefined, isRotating };
}

function useMocks(): Promise<void> {
  return pulumi.runtime.setMocks({ call: () => ({}), newResource: () => ({ id: "fake-id", state: {} }) });
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
    void claimAccount(toClaimant("one"), clientId, first);
    expect(() => claimAccount(toClaimant("two"), clientId, second)).toThrow("Sample one and Sample two are both on it");
  });

  it.each([
    ["the first", true, false],
    ["the second", false, true],
    ["each", true, true],
  ])("refuses two resources on an account of which %s rotates the secret, and names them", (_which, first, second) => {
    void claimAccount(toClaimant("one", first), clientId, false);
    const claim = () => claimAccount(toClaimant("two", second), clientId, false);
    expect(claim).toThrow(/has a rotating secret.*Sample one and Sample two are both on it/);
  });

  it("lets two resources share an account that none calls exclusive", () => {
    void claimAccount(toClaimant("one"), clientId, false);
    expect(() => claimAccount(toClaimant("two"), clientId, false)).not.toThrow();
  });

  it("lets one resource be declared again, as the next run in the same process does", () => {
    void claimAccount(toClaimant("one"), clientId, true);
    expect(() => claimAccount(toClaimant("one"), clientId, true)).not.toThrow();
  });

  it("takes the digits of a client id in both cases for one account", () => {
    const digits = `${clientId.slice(0, -2)}ab`;
    void claimAccount(toClaimant("one"), digits, true);
    const upper = digits.replace("ab", "AB");
    expect(() => claimAccount(toClaimant("two"), upper, true)).toThrow("are both on it");
  });

  it("lets exclusive resources be on different accounts", () => {
    void claimAccount(toClaimant("one"), clientId, true);
    expect(() => claimAccount(toClaimant("two"), `${clientId.slice(0, -1)}f`, true)).not.toThrow();
  });

  it("tells resources of one name by their classes and their parents", async () => {
    await useMocks();
    const [one, other] = [new pulumi.ComponentResource("a:b:C", "one"), new pulumi.ComponentResource("a:b:C", "other")];
    void claimAccount({ ...toClaimant("ci"), parent: one }, clientId, true);
    for (const claimant of [
      { ...toClaimant("ci"), parent: other },
      { ...toClaimant("ci"), className: "Another", parent: one },
    ]) {
      expect(() => claimAccount(claimant, clientId, false)).toThrow("are both on it");
    }
  });

  it("begins afresh with each run, as each unit test with mocks is one", async () => {
    await useMocks();
    void claimAccount(toClaimant("one"), clientId, true);
    await useMocks();
    expect(() => claimAccount(toClaimant("two"), clientId, true)).not.toThrow();
  });

  it("refuses accounts given as outputs once they are known", async () => {
    void claimAccount(toClaimant("one"), clientId, true);
    const claimed = claimAccount(toClaimant("two"), pulumi.output(clientId), false);
    const output = claimed as unknown as OutputInternals;
    // An output that fails does so in all of its promises, and a program with an unhandled one ends.
    const parts = [output.promise(), output.isKnown, output.isSecret, output.allResources()];
    const [value] = await Promise.allSettled(parts);
    expect(value).toMatchObject({
      status: "rejected",
      reason: { message: expect.stringContaining("Sample one and Sample two are both on it") },
    });
  });
});
