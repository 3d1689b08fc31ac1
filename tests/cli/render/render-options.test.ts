/** What the standard output can show. */
import { toRenderOptions } from "../../../cli/src/render/render-options.js";

const write = () => true;

describe("toRenderOptions", () => {
  it.each([
    { name: "a terminal of 120 columns", stdout: { write, isTTY: true, columns: 120 }, env: {}, width: 120 },
    { name: "a terminal that says 0 columns", stdout: { write, isTTY: true, columns: 0 }, env: {}, width: 80 },
    { name: "a terminal that says nothing", stdout: { write, isTTY: true }, env: {}, width: 80 },
  ])("gives $name a width and colors", ({ stdout, env, width }) => {
    expect(toRenderOptions({ stdout, env })).toEqual({ width, hasColors: true });
  });

  it.each([
    { name: "NO_COLOR", env: { NO_COLOR: "1" } },
    { name: "a dumb terminal", env: { TERM: "dumb" } },
  ])("leaves colors out for $name", ({ env }) => {
    expect(toRenderOptions({ stdout: { write, isTTY: true, columns: 100 }, env })).toEqual({
      width: 100,
      hasColors: false,
    });
  });

  it.each([
    { name: "FORCE_COLOR", env: { FORCE_COLOR: "1" }, hasColors: true },
    { name: "FORCE_COLOR that says no", env: { FORCE_COLOR: "0" }, hasColors: false },
    { name: "FORCE_COLOR and NO_COLOR", env: { FORCE_COLOR: "1", NO_COLOR: "1" }, hasColors: false },
  ])("gives what is piped colors by $name alone", ({ env, hasColors }) => {
    expect(toRenderOptions({ stdout: { write }, env })).toEqual({ hasColors });
  });

  it("gives what is piped neither", () => {
    expect(toRenderOptions({ stdout: { write }, env: {} })).toEqual({ hasColors: false });
  });
});
