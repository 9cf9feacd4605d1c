// Turns the environment's FUZZ_RUNS into how many cases each fuzz test has, or into what is wrong with it.

/** {1} Without a word from the environment. */
const DEFAULT_RUNS = 256;

/** What is wrong with the variable, in words; `undefined` when it is unset or a whole number from 1 on. */
export function fuzzRunsFault({ FUZZ_RUNS: text }: NodeJS.ProcessEnv): string | undefined {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return undefined;
  return (
    `Expected FUZZ_RUNS to be a whole number from 1 on, such as ${100 * DEFAULT_RUNS}, found '${text}'. ` +
    `Set it to one, or unset it for ${DEFAULT_RUNS}.`
  );
}

/** The number of cases, of a variable without a fault. */
export function fuzzRuns({ FUZZ_RUNS: text }: NodeJS.ProcessEnv): number {
  return text === undefined ? DEFAULT_RUNS : Number(text);
}
