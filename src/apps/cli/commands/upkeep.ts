// Turns what the fund's assets need into the calls that anyone may send, shown before they are sent and as they were.
import { type Command, Option } from "commander";

import { AppError } from "../../../core/errors.ts";
import type { Deployment } from "../../../execute/deployment.ts";
import { readUpkeepFacts } from "../../../execute/read-upkeep.ts";
import { sendUpkeep } from "../../../execute/upkeep.ts";
import { UPKEEP_TASK } from "../../../keeper/due.ts";
import { type Upkeep, dueUpkeep } from "../../../plan/upkeep.ts";
import { receiptJson, receiptText } from "../depositor-view.ts";
import { withFund } from "../fund-access.ts";
import { withJournal } from "../journaled-seat.ts";
import { type KeeperOptions, addJournalOptions } from "../keeper-options.ts";
import { formatTable, printJson, printText } from "../output.ts";

type UpkeepOptions = KeeperOptions & { readonly live: boolean };

/** A call as it went. */
type Outcome = {
  readonly upkeep: Upkeep;
  readonly receipt?: Awaited<ReturnType<typeof sendUpkeep>>;
  readonly failure?: AppError;
};

const NOTHING_DUE = "No upkeep is due.";

/** Adds `upkeep` to the program. */
export function registerUpkeep(program: Command): void {
  const command = program
    .command("upkeep")
    .description("what anyone may do for the fund's assets now: write down, probe, mature, sweep, credit, exit")
    .addOption(new Option("--dry-run", "show what is due and send nothing (default)").conflicts("live"))
    .addOption(new Option("--live", "send it").default(false));
  addJournalOptions(command).action((options: UpkeepOptions) => (options.live ? runLive(options) : runDry(options)));
}

async function runDry(options: UpkeepOptions): Promise<void> {
  await withFund(options, async (fund, progress) => {
    const due = dueUpkeep(await readUpkeepFacts(fund));
    progress.done();
    if (options.json) printJson({ due: due.map((upkeep) => upkeepJson(upkeep, fund.deployment)), sent: [] });
    else if (due.length === 0) printText(NOTHING_DUE);
    else printText(`${dueText(due, fund.deployment)}\nNothing was sent; --live sends it.`);
  });
}

async function runLive(options: UpkeepOptions): Promise<void> {
  await withJournal(options, async ({ fund, senderFor }, progress) => {
    const { deployment } = fund;
    const sender = senderFor(UPKEEP_TASK);
    const due = dueUpkeep(await readUpkeepFacts(fund));
    progress.done();
    if (!options.json) printText(due.length === 0 ? NOTHING_DUE : dueText(due, deployment));
    const outcomes: Outcome[] = [];
    for (const upkeep of due) {
      const outcome = await carryOut(upkeep, () => sendUpkeep(sender, upkeep));
      outcomes.push(outcome);
      if (!options.json) printText(outcomeText(outcome, deployment));
    }
    if (options.json)
      printJson({
        due: due.map((upkeep) => upkeepJson(upkeep, deployment)),
        sent: outcomes.map((outcome) => outcomeJson(outcome, deployment)),
      });
    const failed = outcomes.find(({ failure }) => failure !== undefined)?.failure;
    if (failed !== undefined) throw failed;
  });
}

/** What the chain refuses for one asset does not stop the others. */
async function carryOut(upkeep: Upkeep, send: () => ReturnType<typeof sendUpkeep>): Promise<Outcome> {
  try {
    return { upkeep, receipt: await send() };
  } catch (failure) {
    if (!(failure instanceof AppError)) throw failure;
    return { upkeep, failure };
  }
}

function dueText(due: readonly Upkeep[], deployment: Deployment): string {
  return formatTable(
    [
      { header: "due", align: "left" },
      { header: "for", align: "left" },
      { header: "why", align: "left" },
    ],
    due.map((upkeep) => [upkeep.kind, nameOf(upkeep, deployment), upkeep.why]),
  );
}

function outcomeText({ upkeep, receipt, failure }: Outcome, deployment: Deployment): string {
  const what = `${upkeep.kind} ${nameOf(upkeep, deployment)}`;
  if (receipt === undefined) return `Not done, ${what}: ${failure?.message ?? "no reason"}`;
  return `Done, ${what}. ${receiptText(receipt, deployment.chainId)}`;
}

function upkeepJson(upkeep: Upkeep, deployment: Deployment) {
  const { kind, why } = upkeep;
  const what = upkeep.kind === "credit" ? { controller: upkeep.controller } : { asset: upkeep.asset };
  return { kind, ...what, name: nameOf(upkeep, deployment), why };
}

function outcomeJson({ upkeep, receipt, failure }: Outcome, deployment: Deployment) {
  return {
    ...upkeepJson(upkeep, deployment),
    transaction: receipt === undefined ? null : receiptJson("upkeep", receipt, deployment.chainId),
    failure: failure === undefined ? null : { code: failure.code, message: failure.message },
  };
}

/** The symbol of an asset, the address of a redeemer. */
function nameOf(upkeep: Upkeep, { assets }: Deployment): string {
  if (upkeep.kind === "credit") return upkeep.controller;
  return assets.find(({ index }) => index === upkeep.asset)?.symbol ?? `asset ${upkeep.asset}`;
}
