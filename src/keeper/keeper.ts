// Turns one wake into a cycle: look at the chain and the journal, decide what is due, do it, write down what came of it.
import { BaseError } from "viem";

import { AppError } from "../core/errors.ts";
import type { Fund } from "../execute/contracts.ts";
import { chainError } from "../execute/errors.ts";
import type { Journal } from "../execute/journal.ts";
import type { Gate } from "../execute/sending-context.ts";
import { OvertakenError } from "../execute/watch.ts";
import type { PlanLimits } from "../plan/limits.ts";
import { type Outcome, type TargetSigner, act } from "./act.ts";
import type { DecisionSource } from "./decisions.ts";
import { type Agenda, type ChainFacts, type Due, dueWork, mayLeadOut } from "./due.ts";
import { fatalCauseOf } from "./fatal.ts";
import { isPartOf } from "./fates.ts";
import { fenceOf } from "./fence.ts";
import type { Hand } from "./hand.ts";
import type { MarksReader } from "./marks.ts";
import { type Standing, readFacts, standingOf } from "./read-facts.ts";
import type { KeeperRules } from "./rules.ts";
import { type SentTransaction, sentNote, sentOf } from "./sent.ts";
import type { Lease, LeaseTable, Pause, PauseSwitch } from "./store/store.ts";

/** Seconds since 1970, by the keeper's own clock or, on a local chain, by the chain's. */
export type KeeperClock = { now(): Promise<number> };

/** What a keeper looks at. */
export type Lookout = {
  readonly fund: Fund;
  /** What was done for the fund, by whichever keeper. */
  readonly marks: MarksReader;
  readonly pause: PauseSwitch;
  readonly clock: KeeperClock;
  readonly rules: KeeperRules;
};

/** What a keeper acts with. */
export type Keeper = Lookout & {
  /** Behind the marks. */
  readonly diary: Journal;
  readonly hand: Hand;
  readonly decisions: DecisionSource;
  readonly signer: TargetSigner | undefined;
  readonly limits: PlanLimits;
  readonly lease: { readonly table: LeaseTable; readonly held: Lease };
};

/** What was seen. */
export type View = Agenda & {
  readonly now: number; // {s}
  readonly chain: ChainFacts;
  readonly pause: Pause | undefined;
};

/** One thing that was due, and how it went. */
export type Deed = {
  readonly due: Due;
  readonly outcome: Outcome | undefined;
  readonly failure: AppError | undefined;
  /** What came into a block for it, in order; also where it failed after that. */
  readonly sent: readonly SentTransaction[];
};

/** A cycle: what was seen last, and what was done. */
export type Cycle = { readonly view: View; readonly deeds: readonly Deed[] };

/** More than a week brings at once; the next wake goes on. */
const MOST_DEEDS = 12;

/** What is due now; nothing is sent. */
export async function look({ fund, marks, pause, clock, rules }: Lookout): Promise<View> {
  const [now, chain, paused, known] = await Promise.all([clock.now(), readFacts(fund), pause.read(), marks.read()]);
  return { ...dueWork({ now, chain, marks: known }, rules), now, chain, pause: paused };
}

/**
 * Does what is due, one thing at a time, and looks again after each. It may be killed at any moment: the next cycle finds
 * on chain and in the journal what was done. A failure of one thing is written down and leaves the others alone.
 *
 * @throws FencedError when another keeper acts; JournalUnwritableError when nothing can be written down.
 */
export async function runCycle(keeper: Keeper): Promise<Cycle> {
  try {
    return await cycle(keeper);
  } catch (error) {
    throw named("look at chain and journal", error);
  }
}

async function cycle(keeper: Keeper): Promise<Cycle> {
  const deeds: Deed[] = [];
  await settle(keeper);
  await reconcile(keeper);
  for (;;) {
    const view = await look(keeper);
    const due = view.due.find(({ task }) => !deeds.some((deed) => deed.due.task === task));
    if (view.pause !== undefined || due === undefined || deeds.length === MOST_DEEDS) return { view, deeds };
    deeds.push(await carryOut(keeper, view, due));
    await settle(keeper);
  }
}

/** What is open may have to be sent again, which a pause forbids too. */
async function settle(keeper: Keeper): Promise<void> {
  const { fund, hand, pause } = keeper;
  if ((await pause.read()) !== undefined) return;
  try {
    await hand.settle(gateOf(keeper, standingOf(await readFacts(fund)), undefined));
  } catch (error) {
    if (error instanceof OvertakenError) return; // what is due goes first
    throw fatalCauseOf(error) ?? error;
  }
}

/** The fence of one deed, which ends the wait for another's transaction when something more urgent becomes due. */
function gateOf(keeper: Keeper, standing: Standing, own: Due | undefined): Gate {
  const { fund, lease } = keeper;
  const isOvertaken = async (waiting: string): Promise<boolean> => {
    const { due } = await look(keeper);
    return due.some((other) => mayLeadOut(other) && other.task !== own?.task && !isPartOf(waiting, other.task));
  };
  return { ...fenceOf(fund, standing, { table: lease.table, lease: lease.held }), isOvertaken };
}

/** Writes down of what this keeper did on chain whether it is final now, or was undone by a reorganization. */
async function reconcile({ marks, hand, diary }: Keeper): Promise<void> {
  for (const [task, { doneAt, isFinal, by, upTo }] of await marks.read()) {
    if (doneAt === undefined || isFinal || by !== hand.address) continue;
    const fate = await hand.fates.of(task, upTo);
    if (fate === "settled") await diary.append({ task, step: "reconciled", note: { keeper: by } });
    if (fate === "undone") await diary.append({ task, step: "dropped", note: { reason: UNDONE } });
  }
}

const UNDONE = "the chain was reorganized without it, and it was not sent again";

async function carryOut(keeper: Keeper, view: View, due: Due): Promise<Deed> {
  const { hand, diary, decisions, signer, limits } = keeper;
  const { task, why } = due;
  const before = await hand.fates.position();
  await diary.append({ task, step: "planned", note: { why, keeper: hand.address } });
  const gate = gateOf(keeper, standingOf(view.chain), due);
  const sent: SentTransaction[] = [];
  const sender = hand.senderFor(task, gate, (receipt) => sent.push(sentOf(receipt)));
  try {
    const outcome = await act({ sender, decisions, signer, limits }, due);
    const isOver = outcome["goesOnAt"] === undefined;
    const done = (await hand.fates.of(task, before)) === "settled" ? "reconciled" : "mined";
    const note = { ...outcome, ...sentNote(sent), keeper: hand.address, upTo: await hand.fates.position() };
    await diary.append({ task, step: isOver ? done : "planned", note });
    return { due, outcome, failure: undefined, sent };
  } catch (error) {
    const fatal = fatalCauseOf(error);
    if (fatal !== undefined) throw fatal;
    const failure = named(`do ${task}`, error);
    if (!(failure instanceof AppError)) throw failure;
    const note = { code: failure.code, message: failure.message, ...sentNote(sent) };
    await diary.append({ task, step: "failed", note });
    return { due, outcome: undefined, failure, sent };
  }
}

/** What a node did not answer, or refused, in words; anything else as it is. */
function named(action: string, error: unknown): unknown {
  return error instanceof BaseError ? chainError(action, error) : error;
}
