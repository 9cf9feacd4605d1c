// What a kind of trouble is: what it is made of, and what it does to a keeper's nodes and blocks.
import type { Hex, LocalAccount } from "viem";

import type { RandomStream } from "../../core/random.ts";
import type { Miner } from "./miner.ts";
import type { Asked, Fate } from "./proxy.ts";

/** What trouble is made of. */
export type Scene = {
  readonly random: RandomStream;
  readonly miner: Miner;
  /** The keeper's, for somebody else who has its key. */
  readonly account: LocalAccount;
  /** Told of each signed transaction that is not of this keeper. */
  readonly foreign: (hash: Hex) => void;
};

/** A kind of trouble during one round. */
export type Trouble = {
  /** What becomes of a request to a node; to the relay when `node` is undefined. */
  readonly fateOf?: (asked: Asked, node: number | undefined) => Fate | Promise<Fate>;
  /** The next block, if it is an unusual one; false leaves it usual. Called whenever one is due. */
  readonly block?: () => Promise<boolean>;
  /** Nodes of the keeper; one when left out. */
  readonly nodes?: number;
  readonly hasRelay?: boolean;
  /** The keeper's settings of sending, beyond the usual. */
  readonly sending?: Readonly<Record<string, unknown>>;
};

/** A kind of trouble. */
export type TroubleKind = {
  readonly name: string;
  /** {1} How many rounds it gets compared with others; 1 when left out. */
  readonly weight?: number;
  readonly open: (scene: Scene) => Trouble;
};
