// Turns the name of a strategy into the strategy: names are how the command line, reports and the register speak of one.
import { UsageError } from "../../core/errors.ts";
import { type RegimeParameters, regimeSchema } from "../../regime/parameters.ts";
import { breadthDecider } from "./breadth.ts";
import { type Decider, type ExitRule, type Strategy, oncePerPath } from "./decider.ts";
import { meanExit, trailingExit, votesExit } from "./exits.ts";
import { majorityDecider } from "./external.ts";
import { REFITS, jumpDecider, markovDecider } from "./models.ts";
import { HOLD, ensembleDecider, faberDecider } from "./trend.ts";

/** Five votes at half the published lengths. */
const HALF_LENGTHS: RegimeParameters = regimeSchema.parse({ meanWeeks: [5, 10, 20], momentumWeeks: [6, 13] });

/** Names that are understood, in words. */
export const STRATEGY_NAMES =
  "hold, ensemble, short-ensemble, faber-WEEKS, breadth-trader, breadth-investor, jump-PENALTY, markov, majority or " +
  "external; with a daily check as ensemble+daily-votes, +fall-PERCENT-of-DAYSd or +under-DAYSd-mean";

/** Makes strategies by name. Deciders of the same name are one, so that models are fitted once. */
export type StrategyMaker = (name: string) => Strategy;

/** @param parameters What `ensemble` and `daily-votes` go by. @param external Stands for `external`, if there is one. */
export function strategyMaker(parameters: RegimeParameters, external?: Decider): StrategyMaker {
  const deciders = new Map<string, Decider>();
  const exits = new Map<string, ExitRule>();
  const decider = (name: string): Decider =>
    madeOnce(deciders, name, () => {
      const made = deciderOf(name, { parameters, external, other: decider });
      return { ...made, wishes: oncePerPath(made.wishes) };
    });
  const exitRule = (name: string): ExitRule =>
    madeOnce(exits, name, () => {
      const made = exitOf(name, parameters);
      return { ...made, exits: oncePerPath(made.exits) };
    });
  return (name) => {
    const [first = "", exit, ...more] = name.split("+");
    if (more.length > 0) throw unknownName(name);
    return { decider: decider(first), exit: exit === undefined ? undefined : exitRule(exit) };
  };
}

function madeOnce<Made>(made: Map<string, Made>, name: string, make: () => Made): Made {
  const one = made.get(name) ?? make();
  made.set(name, one);
  return one;
}

type Making = {
  readonly parameters: RegimeParameters;
  readonly external: Decider | undefined;
  readonly other: (name: string) => Decider;
};

function deciderOf(name: string, { parameters, external, other }: Making): Decider {
  const plain: Readonly<Record<string, () => Decider>> = {
    hold: () => HOLD,
    ensemble: () => ensembleDecider(parameters),
    "short-ensemble": () => ensembleDecider(HALF_LENGTHS, "short-ensemble"),
    "breadth-trader": () => breadthDecider("trader"),
    "breadth-investor": () => breadthDecider("investor"),
    markov: () => markovDecider(REFITS),
    majority: () => ({ ...majorityDecider(["ensemble", "breadth-investor", "jump-10"].map(other)), name }),
    external: () => external ?? missingSignal(),
  };
  const make = plain[name];
  if (make !== undefined) return make();
  const [, family, number = ""] = /^(faber|jump)-(\d+(?:\.\d+)?)$/.exec(name) ?? [];
  if (family === "jump") return jumpDecider({ ...REFITS, penalty: Number(number) });
  if (family === "faber" && /^\d+$/.test(number) && Number(number) >= 2) return faberDecider(Number(number));
  throw unknownName(name);
}

function exitOf(name: string, parameters: RegimeParameters): ExitRule {
  if (name === "daily-votes") return votesExit(parameters);
  const [, fall, window] = /^fall-(\d{1,2})-of-(\d{1,4})d$/.exec(name) ?? [];
  if (fall !== undefined && window !== undefined) return trailingExit(Number(window), Number(fall) / 100);
  const [, days] = /^under-(\d{1,4})d-mean$/.exec(name) ?? [];
  if (days !== undefined && Number(days) >= 2) return meanExit(Number(days));
  throw unknownName(name);
}

function missingSignal(): never {
  throw new UsageError("The strategy 'external' needs --signal FILE, a CSV file with the columns date and regime.");
}

function unknownName(name: string): UsageError {
  return new UsageError(`Expected a strategy (${STRATEGY_NAMES}), found '${name}'.`);
}
