// Turns steps of long work into a line on standard error, once the work takes more than a second.

/** Tells what is being done now. */
export type Progress = {
  readonly step: (text: string) => void;
  /** Removes the line. */
  readonly done: () => void;
};

/** {ms} Nothing is shown before. */
const QUIET = 1000;
/** {ms} Between two lines on a terminal, and where lines cannot be rewritten. */
const TERMINAL_PAUSE = 100;
const PLAIN_PAUSE = 5000;

/** A line that rewrites itself on a terminal, and a line every five seconds elsewhere. */
export function startProgress(): Progress {
  const isTerminal = process.stderr.isTTY;
  const started = performance.now();
  let shownAt = isTerminal ? 0 : started;
  let isShown = false;
  const step = (text: string): void => {
    const now = performance.now();
    if (now - started < QUIET || now - shownAt < (isTerminal ? TERMINAL_PAUSE : PLAIN_PAUSE)) return;
    process.stderr.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
    shownAt = now;
    isShown = true;
  };
  const done = (): void => {
    if (isShown && isTerminal) process.stderr.write("\r\u001b[K");
    isShown = false;
  };
  return { step, done };
}
