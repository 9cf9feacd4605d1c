// Does what a reader of the documents would do, two commands at a time, and tells of each command what was wrong with it.
import { DOCUMENTS, textOf } from "../unit/docs/markdown.ts";
import { AloneWorld } from "./alone-world.ts";
import { Checkout } from "./checkout.ts";
import { claimOutcomes, helpOutcomes } from "./claims.ts";
import { DemoWorld } from "./demo-world.ts";
import { NetworkWorld, PASSWORD } from "./network-world.ts";
import { type Outcome, outcomeOf, startOutcome, unfilled } from "./outcome.ts";
import { type Shown, shownIn } from "./shown.ts";
import { type Trial, treatmentOf } from "./treatments.ts";
import { onDemo, onFiles, onNetwork, placeholderIn } from "./values.ts";

/** What was tried. */
export type Reading = { readonly shown: readonly Shown[]; readonly outcomes: readonly Outcome[] };

/** A command that is run, and what it needs. */
type Trialled = { readonly shown: Shown; readonly trial: Trial };

/** Of docs/inspecting.md first: what it shows is the record as the demo leaves it, before README's depositors come. */
const ORDER = ["docs/inspecting.md", ...DOCUMENTS.filter((name) => name !== "docs/inspecting.md")];
const DEMO = "npm run demo -- --serve";

/** Tries every command that the documents show. */
export async function readDocuments(): Promise<Reading> {
  const shown = ORDER.flatMap((document) => shownIn(document, textOf(document)));
  const treated = shown.flatMap((one) => {
    const how = treatmentOf(one);
    return how === undefined ? [] : [{ shown: one, how }];
  });
  const checkout = new Checkout();
  try {
    const trials = treated.flatMap(({ shown: one, how }) => (how.kind === "run" ? [{ shown: one, trial: how }] : []));
    const of = (world: Trial["world"]): Trialled[] => trials.filter(({ trial }) => trial.world === world);
    const demo = treated.filter(({ how }) => how.kind === "demo").map(({ shown: one }) => one);
    const helped = treated.filter(({ how }) => how.kind === "help").map(({ shown: one }) => one);
    const tried = await twoAtATime([
      () => readOnDemo(checkout, demo, of("demo")),
      () => readOnNetwork(checkout, of("network")),
      () => readAlone(checkout, of("alone")),
      () => helpOutcomes(checkout, helped),
    ]);
    return { shown, outcomes: [...tried.flat(), ...claimOutcomes(treated)] };
  } finally {
    await checkout.close();
  }
}

/** Two of them at any time, the first ones first; their results in their order. What fails lets the other one end. */
async function twoAtATime<Result>(works: readonly (() => Promise<Result>)[]): Promise<Result[]> {
  const results: Result[] = [];
  const left = [...works.entries()];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results[next[0]] = await next[1]();
  };
  const failure = (await Promise.allSettled([worker(), worker()])).find(({ status }) => status === "rejected");
  if (failure?.status === "rejected") throw failure.reason;
  return results;
}

async function readOnDemo(
  checkout: Checkout,
  shows: readonly Shown[],
  trials: readonly Trialled[],
): Promise<Outcome[]> {
  const world = await DemoWorld.open(checkout, DEMO);
  const outcomes: Outcome[] = [];
  for (const { shown, trial } of trials) {
    const command = onDemo(withOptions(shown, trial), world);
    outcomes.push(await tried(shown, { command }, checkout));
  }
  const run = await world.end();
  return [...outcomes, ...shows.map((shown) => outcomeOf(shown, run))];
}

async function readOnNetwork(checkout: Checkout, trials: readonly Trialled[]): Promise<Outcome[]> {
  const world = await NetworkWorld.open(checkout);
  const outcomes: Outcome[] = [];
  try {
    for (const { shown, trial } of trials) {
      const explorer = await prepare(world, shown, trial);
      const command = onNetwork(withOptions(shown, trial), world, explorer);
      const key =
        trial.isKeeper === true && !command.includes("--keystore") ? { TM100_PRIVATE_KEY: world.keeperKey() } : {};
      const settings = { TM100_KEYSTORE_PASSWORD: PASSWORD, ...key };
      outcomes.push(await tried(shown, { command, settings, until: trial.until }, checkout));
    }
  } finally {
    await world.close();
  }
  return outcomes;
}

/** What the world does before a command; gives back where an explorer answers. */
async function prepare(world: NetworkWorld, { text }: Shown, { before }: Trial): Promise<string> {
  if (before === "files") world.writeFiles();
  if (before === "probes") await world.giveProbes();
  if (before === "live") await world.live();
  if (before === "back") await world.back();
  if (before !== "explorer") return "";
  const url = await world.explorer();
  return text.includes("sourcify") ? url : `${url}/api`;
}

async function readAlone(checkout: Checkout, trials: readonly Trialled[]): Promise<Outcome[]> {
  const world = await AloneWorld.open(checkout);
  const outcomes: Outcome[] = [];
  try {
    for (const { shown, trial } of trials) {
      const command = onFiles(withOptions(shown, trial));
      outcomes.push(await tried(shown, { command, settings: world.settings() }, checkout));
    }
  } finally {
    await world.close();
  }
  return outcomes;
}

function withOptions({ text }: Shown, { add }: Trial): string {
  return add === undefined ? text : `${text} ${add}`;
}

/** A command with its values, what it finds in the environment, and what it prints when it does not end by itself. */
type Ready = {
  readonly command: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly until?: RegExp | undefined;
};

async function tried(shown: Shown, { command, settings = {}, until }: Ready, checkout: Checkout): Promise<Outcome> {
  const placeholder = placeholderIn(command);
  if (placeholder !== undefined) return unfilled(shown, placeholder);
  if (until === undefined) return outcomeOf(shown, await checkout.run(command, settings));
  return startOutcome(shown, until, () => checkout.start(command, settings, until));
}
