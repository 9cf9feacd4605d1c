// Turns the process's arguments into an exit code.
import { runProgram } from "./program.ts";

process.exitCode = await runProgram(process.argv.slice(2));
