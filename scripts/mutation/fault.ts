// Names what a fault is: a change of one place in a contract that some test must notice.

/** One fault, put into the contracts alone. */
export type Fault = {
  /** Short and unique, for `--only`. */
  readonly name: string;
  /** Path below `contracts/`. */
  readonly file: string;
  /** Stands exactly once in the file, so that a list which no longer fits is noticed. */
  readonly find: string;
  readonly replace: string;
  /** The law or rule that it breaks. */
  readonly breaks: string;
  /** Paths below `test/` that should notice; they run first. */
  readonly tests: readonly string[];
};

/** What became of a fault. */
export type Verdict = {
  readonly fault: Fault;
  readonly seconds: number;
  /** The test that failed; none when the fault survived or proves nothing. */
  readonly caughtBy?: string;
  /** Why the fault proves nothing: it does not compile, or the tests did not run. */
  readonly broken?: string;
};
