/**
 * Preload (`node --require`) that moves a process's wall clock by `SHIFT_DATE_MS` milliseconds, for the demonstration and the
 * tests of rotation by time. Timers are not touched.
 */
const shiftMs = Number(process.env.SHIFT_DATE_MS ?? 0);
const RealDate = Date;

// biome-ignore lint/suspicious/noShadowRestrictedNames: the shifted class is to have the real one's name
globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + shiftMs);
    else super(...args);
  }

  static now() {
    return RealDate.now() + shiftMs;
  }
};
