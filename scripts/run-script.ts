// Turns a script's work into an exit code: a wrong command line ends with a message and its help, not with a stack.
import { AppError, UsageError } from "../src/core/errors.ts";

/**
 * Runs a script: `--help` prints the help; a deliberate failure ends in its message and 2, the words of a command line
 * that cannot be understood with the help behind them. Any other failure is a defect and keeps its stack.
 *
 * @param work Gives the exit code.
 */
export async function runScript(help: string, work: (args: readonly string[]) => Promise<number>): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help")) {
    process.stdout.write(help);
    return;
  }
  try {
    process.exitCode = await work(args);
  } catch (error) {
    const message = messageOf(error);
    if (message === undefined) throw error;
    process.stderr.write(error instanceof AppError && !(error instanceof UsageError) ? message : `${message}\n${help}`);
    process.exitCode = 2;
  }
}

/** A line for a deliberate failure, or for what Node's parser says of the arguments. */
function messageOf(error: unknown): string | undefined {
  if (error instanceof AppError) return `${error.message}\n`;
  const isOfParser =
    error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS_");
  return isOfParser ? `${error.message}\n` : undefined;
}
