// Turns a stage, a kind of trouble and a seed into one rebalance through that trouble, and what came of it.
import { formatEther } from "viem";

import { AppError } from "../../core/errors.ts";
import { sendingSchema } from "../../execute/sending-settings.ts";
import { keyJournalOf } from "../../keeper/journal-names.ts";
import { type Keeper, runCycle } from "../../keeper/keeper.ts";
import { accountOf, endBreachesOf } from "./account.ts";
import { type Scenery, type Script, openScenery } from "./scenery.ts";
import { type Payment, feeOf, paymentsOnChain } from "./spent.ts";
import type { ChaosStage } from "./stage.ts";
import type { Round } from "./tally.ts";

/** A round of trouble. */
export type MisledRound = Round & { readonly fee: bigint /* {wei} of all its transactions */ };

/** Wakes of a round; in the last of them all is sound. */
const BAD_WAKES = 6;
const SOUND_WAKES = 6;

/** From Monday noon until nothing is left to do. */
export async function playMisled(stage: ChaosStage, script: Script): Promise<MisledRound> {
  await stage.restore();
  const from = await stage.world.market.chain.publicClient.getBlockNumber({ cacheTime: 0 });
  const scenery = await openScenery(stage, script);
  const { store, foreign } = scenery;
  const breaches: string[] = [];
  let cycles = 0;
  try {
    for (let isDone = false; !isDone && cycles < BAD_WAKES + SOUND_WAKES; cycles++) {
      if (cycles === BAD_WAKES) scenery.becomeSound();
      const { isQuiet, defect } = await wake(await scenery.keeper());
      if (defect !== undefined) breaches.push(defect);
      breaches.push(...(await accountOf(stage, store, foreign)).breaches);
      isDone = isQuiet && (await openIn(scenery, stage)) === 0;
      if (!isDone) await scenery.rest();
    }
    const account = await accountOf(stage, store, foreign);
    const payments = await paymentsOnChain(stage.world.market.chain, from, foreign);
    breaches.push(
      ...(await endBreachesOf(stage, store, account)),
      ...(await paymentBreaches(scenery, stage, payments)),
    );
    const gas = payments.reduce((sum, payment) => sum + payment.gas, 0);
    const measured = { ...account, gas };
    return {
      blows: scenery.blows(),
      cycles,
      account: measured,
      fee: feeOf(payments),
      breaches: [...new Set(breaches)],
    };
  } finally {
    await scenery.close();
  }
}

type Wake = {
  /** It ended well, nothing failed and no rebalance is left. */
  readonly isQuiet: boolean;
  /** What ended it and is no deliberate failure. */
  readonly defect?: string;
};

async function wake(keeper: Keeper): Promise<Wake> {
  try {
    const { view, deeds } = await runCycle(keeper);
    const isLeft = view.chain.pending !== undefined || view.chain.running !== undefined;
    return { isQuiet: !isLeft && deeds.every(({ failure }) => failure === undefined) };
  } catch (error) {
    if (error instanceof AppError) return { isQuiet: false };
    return { isQuiet: false, defect: `the keeper ended with ${error instanceof Error ? error.stack : String(error)}` };
  }
}

async function openIn({ store }: Scenery, { deployment, world }: ChaosStage): Promise<number> {
  const { address } = world.market.chain.accounts.keeper;
  return (await store.journal(keyJournalOf(deployment, address)).unfinished()).length;
}

/** Nothing is sent that is not in the journal before, and nothing costs more than was set. */
async function paymentBreaches({ store, sent, settings }: Scenery, stage: ChaosStage, payments: readonly Payment[]) {
  const { address } = stage.world.market.chain.accounts.keeper;
  const lines = await store.journal(keyJournalOf(stage.deployment, address)).entries();
  const signed = new Set(lines.flatMap(({ raw, hash }) => (raw === undefined ? [] : [hash])));
  const { taskBudgetEther, fees } = sendingSchema.parse(settings);
  const capOf = ({ isIdle }: Payment): bigint => (isIdle ? fees.exit : fees.trade).maximumGwei; // taken back in haste
  const unknown = [...sent].filter((hash) => !signed.has(hash)).length;
  const checks: readonly (readonly [boolean, string])[] = [
    [unknown === 0, `${unknown} transactions were sent that the journal does not have`],
    [payments.every(({ hash }) => signed.has(hash)), "the chain has a transaction that the journal does not have"],
    [feeOf(payments) <= taskBudgetEther, `gas cost ${formatEther(feeOf(payments))} ether, more than the budget`],
    [payments.every((one) => one.price <= capOf(one)), "a unit of gas cost more than its cap"],
  ];
  return checks.flatMap(([isFine, words]) => (isFine ? [] : [words]));
}
