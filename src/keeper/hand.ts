// Turns the keeper's transactor into a sender for each task, whose every transaction passes the fence.
import { type Address, type LocalAccount, type TransactionReceipt, createWalletClient, custom } from "viem";

import { chainOf } from "../execute/chain.ts";
import type { Fund, Wallet } from "../execute/contracts.ts";
import type { Depositor } from "../execute/depositor.ts";
import type { Journal } from "../execute/journal.ts";
import type { Carrier } from "../execute/send.ts";
import type { Gate } from "../execute/sending-context.ts";
import type { Transactor } from "../execute/transactor.ts";
import { type FatesReader, readFates } from "./fates.ts";

/** What sends for the keeper. */
export interface Hand {
  readonly address: Address;
  /**
   * A sender whose transactions are journaled under the task, each under its own name there, and pass the gate.
   *
   * @param onReceipt Told of each that came into a block and did what it should.
   */
  senderFor(task: string, gate: Gate, onReceipt?: OnReceipt): Depositor;
  /** Settles what is open in the journal: found on chain, sent again, replaced, or given up as its nonce is used. */
  settle(gate: Gate): Promise<void>;
  /** @see FatesReader */
  readonly fates: FatesReader;
  /** {ms} since 1970: when a transaction was last found in a block; 0 before the first. */
  landedAt(): number;
}

type OnReceipt = (receipt: TransactionReceipt) => void;

/** What a hand is made of. */
export type HandParts = {
  readonly fund: Fund;
  readonly account: LocalAccount;
  /** Of the account. */
  readonly journal: Journal;
  /** A transactor of the account behind the gate. One at a time is used. */
  readonly transactorBehind: (gate: Gate) => Transactor;
  /** {ms} since 1970. */
  readonly clock: { now(): number };
};

/** The keeper's hand. */
export function openHand({ fund, account, journal, transactorBehind, clock }: HandParts): Hand {
  const wallet = muteWallet(fund, account);
  let landedAt = 0;
  const open = (gate: Gate): Transactor =>
    transactorBehind({
      check: () => gate.check(),
      moved: (hash) => {
        gate.moved(hash);
      },
      landed: (block) => {
        landedAt = clock.now();
        return gate.landed(block);
      },
      isOvertaken: async (task) => (await gate.isOvertaken?.(task)) === true,
    });
  return {
    address: account.address,
    senderFor: (task, gate, onReceipt) => ({ ...fund, wallet, transactor: namedUnder(task, open(gate), onReceipt) }),
    settle: (gate) => open(gate).recover(),
    fates: readFates(journal),
    landedAt: () => landedAt,
  };
}

/** `check:2021-09-08/publish:716`; the task alone where the call names the same. */
function namedUnder(task: string, transactor: Carrier, onReceipt?: OnReceipt): Carrier {
  return {
    run: async (name, call, urgency) => {
      const receipt = await transactor.run(name === task ? task : `${task}/${name}`, call, urgency);
      onReceipt?.(receipt);
      return receipt;
    },
  };
}

/** A wallet that names its account and can send nothing: there is no way around the transactor. */
function muteWallet({ deployment }: Fund, account: LocalAccount): Wallet {
  const request = ({ method }: { readonly method: string }): Promise<never> =>
    Promise.reject(new TypeError(`the keeper sends by its transactor alone, not by ${method}`));
  return createWalletClient({ account, chain: chainOf(deployment.chainId), transport: custom({ request }) });
}
