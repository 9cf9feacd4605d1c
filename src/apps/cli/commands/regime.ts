// Turns a series file into the two states that a regime model sees in it.
import { type Command, Option } from "commander";
import { jumpJson, jumpText, reportJump } from "../jump-view.ts";
import { markovJson, markovText, reportMarkov } from "../markov-view.ts";
import { jsonOption } from "../options.ts";
import { printJson, printText } from "../output.ts";
import { parseAtLeast, parseWhole } from "../series-input.ts";

/**
 * {1} Shu, Yu and Mulvey look at penalties around 50 for daily returns; a week has five of their days, and a change of
 * state has to pay for itself over as long a time. Set beforehand, not fitted.
 */
const PENALTY = 10;
/** {week} Two years before the first honest fit, and a quarter from one to the next. */
const WARM_UP = 104;
const EVERY = 13;

type FitOptions = {
  readonly json: boolean;
  readonly model: "markov" | "jump";
  readonly penalty: number;
  readonly features: string | undefined;
  readonly warmUp: number;
  readonly refitEvery: number;
};

/** Adds `regime fit` to the program. */
export function registerRegime(program: Command): void {
  const regime = program.command("regime").description("regime models on any series");
  regime
    .command("fit")
    .description("fit two states to a series: Markov-switching by EM, or a statistical jump model")
    .argument(
      "<file>",
      "a CSV file with a column return, log_return, price, level or close, the first of them is taken",
    )
    .addOption(new Option("--model <name>", "which model").choices(["markov", "jump"]).makeOptionMandatory())
    .addOption(
      new Option("--penalty <n>", "jump: price of a change of state").argParser(parseAtLeast(0)).default(PENALTY),
    )
    .addOption(new Option("--features <columns>", "jump: fit these columns as they are, separated by commas"))
    .addOption(
      new Option("--warm-up <n>", "jump: points before the first fit to the past")
        .argParser(parseWhole(2))
        .default(WARM_UP),
    )
    .addOption(
      new Option("--refit-every <n>", "jump: points between fits to the past").argParser(parseWhole(1)).default(EVERY),
    )
    .addOption(jsonOption())
    .action((file: string, options: FitOptions) => {
      if (options.model === "markov") fitMarkovFile(file, options);
      else fitJumpFile(file, options);
    });
}

function fitMarkovFile(file: string, { json }: FitOptions): void {
  const report = reportMarkov(file);
  if (json) printJson(markovJson(report));
  else printText(markovText(report));
}

function fitJumpFile(file: string, { json, penalty, features, warmUp, refitEvery }: FitOptions): void {
  const columns = features?.split(",").map((name) => name.trim().toLowerCase());
  const report = reportJump(file, { penalty, warmUp, every: refitEvery, columns });
  if (json) printJson(jumpJson(report));
  else printText(jumpText(report));
}
