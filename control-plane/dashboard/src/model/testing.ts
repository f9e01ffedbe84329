// What the tests of the model share.

import fc from "fast-check";

/** The seed of property tests: FANION_TEST_SEED, or a new one. It is printed with every failure. */
const environment = (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env ?? {};
export const seed = Number(environment.FANION_TEST_SEED ?? Date.now() % 1_000_000_007);
// biome-ignore lint/suspicious/noConsole: to repeat a run
console.info(`FANION_TEST_SEED=${seed}`);
fc.configureGlobal({ seed, numRuns: 100 });

export { fc };
