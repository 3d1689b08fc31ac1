/** Virtual time for work that goes on at the same time: order and jumps. */
import { createFakeClock } from "../provider/fixtures/values.js";
import { createEventClock, runPooled } from "./event-clock.js";

function create() {
  const moved = createFakeClock(0);
  const clock = createEventClock(moved);
  const seen: string[] = [];
  const note = (name: string) => void seen.push(`${name} at ${clock.now()}`);
  return { clock, seen, note };
}

describe("createEventClock", () => {
  it("ends waits in the order of their times, and those of one time as they came", async () => {
    const { clock, seen, note } = create();
    const wait = (name: string, ms: number) => clock.sleep(ms).then(() => note(name));
    await Promise.all([wait("slow", 500), wait("first", 100), wait("second", 100), wait("none", 0)]);
    expect(seen).toEqual(["none at 0", "first at 100", "second at 100", "slow at 500"]);
  });

  it("does not jump while somebody can still go on", async () => {
    const { clock, seen, note } = create();
    const busy = async () => {
      for (let step = 0; step < 1000; step++) await Promise.resolve();
      note("busy");
      await clock.sleep(10);
      note("rested");
    };
    await Promise.all([clock.sleep(50).then(() => note("waited")), busy()]);
    expect(seen).toEqual(["busy at 0", "rested at 10", "waited at 50"]);
  });

  it("counts waits from when they begin: together they take as long as the longest", async () => {
    const { clock } = create();
    const twice = async () => {
      await clock.sleep(100);
      await clock.sleep(200);
    };
    await Promise.all([twice(), twice(), clock.sleep(50)]);
    expect(clock.now()).toBe(300);
  });
});

describe("runPooled", () => {
  it("runs no more jobs at a time than it may, and all of them", async () => {
    const { clock, note, seen } = create();
    let [running, most] = [0, 0];
    const job = (name: string, ms: number) => async () => {
      running += 1;
      most = Math.max(most, running);
      await clock.sleep(ms);
      running -= 1;
      note(name);
    };
    await runPooled([job("a", 100), job("b", 30), job("c", 30), job("d", 100)], 2);
    expect(most).toBe(2);
    expect(seen).toEqual(["b at 30", "c at 60", "a at 100", "d at 160"]);
  });
});
