// Turns the environment into the folder of real market data, or skips the tests that need it.
import { existsSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

/**
 * The folder of real market data: `TM100_MARKET_DATA`, else `../shared/data` beside the repository. Where there is none,
 * the tests of the calling `before` hook are skipped, and fail on CI.
 */
export function realDataOrSkip(context: Mocha.Context): string {
  const directory = process.env["TM100_MARKET_DATA"] ?? join(ROOT, "..", "shared", "data");
  if (existsSync(directory)) return directory;
  if (process.env["CI"] === "true") throw new TypeError(`real market data expected in ${directory}`);
  return context.skip();
}
