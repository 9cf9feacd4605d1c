// What the parts of the transactor work with.
import type { Hex, LocalAccount, PublicClient } from "viem";

import type { FinalityRule } from "./finality.ts";
import type { Journal } from "./journal.ts";
import type { SendingSettings } from "./sending-settings.ts";
import type { Purpose, Room } from "./spending.ts";
import type { Outlet } from "./submit.ts";

/** Says whether this process may still send or wait, and is told of what it sent. */
export type Gate = {
  /** Asked right before each send, each repeated one, and each replacement. @throws AppError to forbid it. */
  check(): Promise<void>;
  /** Told of each version that was sent, whatever the answer was. */
  moved(hash: Hex): void;
  /** Told of the block {block} in which one was found, soon after it was mined. */
  landed(block: bigint): Promise<void>;
  /**
   * Asked once a block while a transaction of the task is not mined: true when something more urgent is due, so that
   * waiting ends for now. Nothing is when left out.
   */
  isOvertaken?(task: string): Promise<boolean>;
};

/** What the parts of the transactor work with. */
export type SendingContext = {
  readonly client: PublicClient;
  readonly chainId: number;
  readonly account: LocalAccount;
  readonly journal: Journal;
  readonly settings: SendingSettings;
  readonly finality: FinalityRule;
  /** Sends to everybody. */
  readonly everybody: Outlet;
  /** Where transactions go first, if there is a private relay. */
  readonly relay: Outlet | undefined;
  /** Stands before both ways out. */
  readonly gate: Gate | undefined;
  /** {ms} */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** What may still be spent. */
  readonly roomOf: (purpose: Purpose) => Promise<Room>;
  /** True while an exit waits for the transaction that is watched: then that one has the exit's haste and caps. */
  readonly isPressed: () => boolean;
};
