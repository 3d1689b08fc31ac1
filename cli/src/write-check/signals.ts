/** Keeps an interrupt from ending the process while a secret exists that has to be deleted. */

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Signals that are held back. */
export interface HeldSignals {
  readonly isInterrupted: () => boolean;
  /** Ends it: signals have their usual effect again. */
  release(): void;
}

/** Holds the signals of this process. */
export function holdSignals(): HeldSignals {
  let isInterrupted = false;
  const note = () => {
    isInterrupted = true;
  };
  for (const signal of SIGNALS) process.on(signal, note);
  return {
    isInterrupted: () => isInterrupted,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, note);
    },
  };
}
