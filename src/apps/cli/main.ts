// Turns the process's arguments into an exit code.
import { runProgram } from "./program.ts";

// A reader that has seen enough, as `head` has, ends the output and is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
process.exitCode = await runProgram(process.argv.slice(2));
