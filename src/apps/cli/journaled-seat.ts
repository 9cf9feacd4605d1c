// Turns the key and journal options into senders whose transactions are journaled, capped and replaced as the keeper's.
import { AppError } from "../../core/errors.ts";
import type { Fund } from "../../execute/contracts.ts";
import type { Depositor } from "../../execute/depositor.ts";
import type { Gate } from "../../execute/sending-context.ts";
import { FencedError } from "../../keeper/fence.ts";
import { openHand } from "../../keeper/hand.ts";
import { keyJournalOf } from "../../keeper/journal-names.ts";
import { SERVICE_DEFAULTS } from "../../keeper/service.ts";
import { openStore } from "../../keeper/store/open.ts";
import type { KeeperStore, Lease } from "../../keeper/store/store.ts";
import { type KeeperOptions, SYSTEM_CLOCK, storePlaceOf } from "./keeper-options.ts";
import { clocksOf, holderOf } from "./keeper-setup.ts";
import { whileHeld } from "./lease.ts";
import { type Seat, transactorsOf, withSeat } from "./nodes-access.ts";
import type { Progress } from "./progress.ts";

/** A keeper sends with the same key at this moment. */
export class KeyInUseError extends AppError {
  readonly code = "KEY_IN_USE";
  readonly kind = "usage";

  constructor({ holder }: Lease) {
    super(
      `Expected to send with a key that nobody uses now, but keeper ${holder} acts with it. Stop it, and try again.`,
    );
  }
}

/** A fund, and senders for it by task. */
export type JournaledSeat = { readonly fund: Fund; readonly senderFor: (task: string) => Depositor };

/** Nothing was promised to anybody. */
const FREE: Gate = { check: () => Promise.resolve(), moved: () => undefined, landed: () => Promise.resolve() };

/**
 * Opens the fund, settles what the key's journal holds open, and does the work. No keeper acts meanwhile, unless one does
 * already with another key.
 *
 * @throws KeyInUseError when one does with this key.
 */
export async function withJournal<Result>(
  options: KeeperOptions,
  work: (seat: JournaledSeat, progress: Progress) => Promise<Result>,
): Promise<Result> {
  return withSeat(options, async (seat, progress) => {
    const clocks = clocksOf(seat.fund);
    await clocks.agenda.now();
    const store = await openStore(storePlaceOf(options, clocks.lines));
    try {
      const held = await store.lease.take(holderOf(seat), SERVICE_DEFAULTS.leaseFor);
      const act = (gate: Gate): Promise<Result> =>
        workBehind(gate, { seat, store, clock: clocks.lines }, (opened) => work(opened, progress));
      if (held !== undefined) return await whileHeld(store, held, () => act(gateOf(store, held)));
      const other = await store.lease.current();
      if (other?.holder.endsWith(`:${seat.account.address}`) === true) throw new KeyInUseError(other);
      return await act(FREE);
    } finally {
      await store.close();
    }
  });
}

type Parts = { readonly seat: Seat; readonly store: KeeperStore; readonly clock: { now(): number } };

async function workBehind<Result>(
  gate: Gate,
  { seat, store, clock }: Parts,
  work: (seat: JournaledSeat) => Promise<Result>,
): Promise<Result> {
  const { fund, account } = seat;
  const journal = store.journal(keyJournalOf(fund.deployment, account.address));
  const transactorBehind = transactorsOf(seat, journal, clock);
  const hand = openHand({ fund, account, journal, transactorBehind, clock: SYSTEM_CLOCK });
  await hand.settle(gate);
  return work({ fund, senderFor: (task) => hand.senderFor(task, gate) });
}

function gateOf({ lease }: KeeperStore, held: Lease): Gate {
  const check = async (): Promise<void> => {
    if (!(await lease.isHeld(held, 0))) throw new FencedError(`the lease of ${held.holder} has ended`);
  };
  return { ...FREE, check };
}
