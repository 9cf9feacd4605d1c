// Puts one fault after another into a copy of the contracts, and says which test notices it. Outside CI: it takes hours.
import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { UsageError } from "../src/core/errors.ts";
import { copyCheckout, FaultMisfitError, removeCheckout, sourceOf, withFault } from "./mutation/checkout.ts";
import type { Fault, Verdict } from "./mutation/fault.ts";
import { FAULTS } from "./mutation/faults.ts";
import { FaultNotCompiledError, TestsNotRunError, tryFault } from "./mutation/try-fault.ts";
import { runScript } from "./run-script.ts";

const ROOT = path.join(import.meta.dirname, "..");
const WIDEST_NAME = Math.max(...FAULTS.map(({ name }) => name.length));

const HELP = `npm run mutate -- [--only NAME]... [--jobs N] [--list]

--only NAME   this fault alone; may be given several times
--jobs N      so many copies at a time (1)
--list        print the faults, check that each still fits, and stop
`;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true },
      jobs: { type: "string", default: "1" },
      list: { type: "boolean", default: false },
    },
  });
  const faults = chosen(values.only);
  const jobs = jobsOf(values.jobs);
  const misfits = await misfitsOf(faults);
  for (const misfit of misfits) print(misfit);
  if (misfits.length > 0) return 2;
  if (values.list) {
    for (const { name, file, breaks } of faults) print(`${name.padEnd(WIDEST_NAME)}  ${file}: ${breaks}`);
    return 0;
  }
  const verdicts = await hunt(faults, jobs);
  const survivors = verdicts.filter(({ caughtBy }) => caughtBy === undefined);
  print(
    `${verdicts.length} faults, ${verdicts.length - survivors.length} caught, ${survivors.length} survived or prove nothing`,
  );
  for (const { fault, broken } of survivors) {
    print(`${broken === undefined ? "survived" : "proves nothing"}: ${fault.name} (${fault.breaks})`);
  }
  return survivors.length === 0 ? 0 : 1;
}

/** What no longer fits, found before anything is compiled. */
async function misfitsOf(faults: readonly Fault[]): Promise<string[]> {
  const misfits: string[] = [];
  for (const fault of faults) {
    try {
      withFault(await sourceOf(ROOT, fault), fault);
    } catch (error) {
      if (!(error instanceof FaultMisfitError)) throw error;
      misfits.push(error.message);
    }
    for (const test of fault.tests) {
      if (!existsSync(path.join(ROOT, "test", test)))
        misfits.push(`Fault ${fault.name} names test/${test}, which is gone.`);
    }
  }
  return misfits;
}

function chosen(only: readonly string[] | undefined): readonly Fault[] {
  if (only === undefined) return FAULTS;
  return only.map((name) => {
    const fault = FAULTS.find((candidate) => candidate.name === name);
    if (fault === undefined) {
      throw new UsageError(`Expected a fault's name, found '${name}'; \`npm run mutate -- --list\` names all.`);
    }
    return fault;
  });
}

function jobsOf(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UsageError(`Expected --jobs to be a whole number from 1 to 999, found '${text}'.`);
}

/** Tries all faults, `jobs` at a time, each job in a copy of its own. */
async function hunt(faults: readonly Fault[], jobs: number): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const waiting = [...faults];
  const work = async (): Promise<void> => {
    const copy = await copyCheckout(ROOT);
    try {
      for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
        const verdict = await judged(copy, fault);
        verdicts.push(verdict);
        print(row(verdict));
      }
    } finally {
      await removeCheckout(copy);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, faults.length) }, work));
  return verdicts;
}

/** One fault that proves nothing does not end the hunt for the others. */
async function judged(copy: string, fault: Fault): Promise<Verdict> {
  try {
    return await tryFault(copy, fault);
  } catch (error) {
    if (!(error instanceof FaultNotCompiledError || error instanceof TestsNotRunError)) throw error;
    return { fault, seconds: 0, broken: error.message };
  }
}

function row({ fault, seconds, caughtBy, broken }: Verdict): string {
  const verdict = broken !== undefined ? "BROKEN  " : caughtBy === undefined ? "SURVIVED" : "caught  ";
  const why = broken ?? caughtBy ?? fault.breaks;
  return `${verdict}  ${fault.name.padEnd(WIDEST_NAME)}  ${String(seconds).padStart(4)} s  ${why}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await runScript(HELP, main);
