// Turns command line text into checked options that all market commands share.
import { type Command, Option } from "commander";
import { UsageError } from "../../core/errors.ts";
import { type IsoDate, isoDate } from "../../core/time.ts";

/** Options of every command that reads the market at a date. */
export type MarketOptions = { readonly json: boolean; readonly data: string; readonly asOf: IsoDate | undefined };

/** The value of `--data` that stands for the embedded market. */
export const SIMULATED = "simulated";

/** `--json`: one JSON document on standard output. */
export function jsonOption(): Option {
  return new Option("--json", "print one JSON document on standard output").default(false);
}

/** `--data DIR|simulated`. */
export function dataOption(): Option {
  return new Option("--data <dir|simulated>", "data folder, or the embedded market").default(SIMULATED);
}

/** `--data DIR` of commands that write history; the default is out of version control. */
export function storeOption(): Option {
  return new Option("--data <dir>", "data folder to write").default("./data/history");
}

/** Adds `--as-of`, `--data` and `--json` to a command. */
export function addMarketOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--as-of <date>",
        "decide as on this day at 00:30 UTC, with closes before it (default: after the last row)",
      ).argParser(parseDate),
    )
    .addOption(dataOption())
    .addOption(jsonOption());
}

/** `--strict`: a bad week ends with exit code 3. */
export function strictOption(): Option {
  return new Option("--strict", "end with exit code 3 when the week's data are bad").default(false);
}

/** A date from the command line. @throws UsageError when it is not an existing day written YYYY-MM-DD. */
export function parseDate(text: string): IsoDate {
  try {
    return isoDate(text);
  } catch (cause) {
    throw new UsageError(`Expected an existing day written as YYYY-MM-DD, found '${text}'.`, { cause });
  }
}

/** Decimals of the deposit coin. */
export const CASH_DECIMALS = 6;

/** A port of this machine; 0 picks a free one. @throws UsageError when it is none. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (text === "" || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`Expected a port from 0 to 65535, found '${text}'.`);
  }
  return port;
}
