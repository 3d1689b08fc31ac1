/** How long a test may take: its project says. */
jest.setTimeout(globalThis.TIME_LIMIT_SECONDS * 1000);
