/** The machine's clock: the only place of this package that reads it. */

/** Time as it passes. */
export const systemClock = {
  now: (): number => Date.now(),
  sleep: (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
};
