import fc from "fast-check";
import { findNearest } from "../../../provider/src/records/nearest-name.js";

const NAMES = ["clientId", "secretExpiresAfterHours", "rotateBeforeExpiryHours", "verify"];

describe("findNearest", () => {
  it.each([
    { name: "clientid", nearest: "clientId" },
    { name: "cleintId", nearest: "clientId" },
    { name: "secretExpireAfterHours", nearest: "secretExpiresAfterHours" },
    { name: "rotateBefore", nearest: "rotateBeforeExpiryHours" },
    { name: "expiresAfterHours", nearest: "secretExpiresAfterHours" },
    { name: "verfy", nearest: "verify" },
    { name: "veri", nearest: "verify" },
    { name: "ver", nearest: undefined },
    { name: "projectId", nearest: undefined },
    { name: "", nearest: undefined },
    { name: "x".repeat(1_000_000), nearest: undefined },
    // As long as the longest that is looked at, and as the shortest that is taken for a part, at the end and inside.
    { name: "xlyentIdz", nearest: "clientId" },
    { name: "Hour", nearest: undefined },
    { name: "urs", nearest: undefined },
    { name: "ours", nearest: "secretExpiresAfterHours" },
    { name: "After", nearest: undefined },
  ])("finds $nearest", ({ name, nearest }) => {
    expect(findNearest(name, NAMES)).toBe(nearest);
  });

  it("finds every name itself, whatever its case", () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.boolean(), (name, isUpper) => {
        expect(findNearest(isUpper ? name.toUpperCase() : name, NAMES)).toBe(name);
      }),
    );
  });
});
