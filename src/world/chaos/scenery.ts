// Turns a stage, a kind of trouble and a seed into nodes, blocks and a memory, on which a keeper can be let loose.
import { join } from "node:path";

import type { Hex } from "viem";

import { randomStream } from "../../core/random.ts";
import { unixSeconds } from "../../core/units.ts";
import type { Keeper } from "../../keeper/keeper.ts";
import { openSqliteStore } from "../../keeper/store/sqlite.ts";
import type { KeeperStore } from "../../keeper/store/store.ts";
import type { LocalChain } from "../local-chain.ts";
import { engage } from "./engage.ts";
import { openMiner } from "./miner.ts";
import { type Asked, type Fate, type Proxy, openProxy } from "./proxy.ts";
import type { ChaosStage } from "./stage.ts";
import type { Scene, Trouble, TroubleKind } from "./trouble.ts";

/** Which round it is. */
export type Script = {
  readonly kind: TroubleKind;
  readonly seed: number;
  readonly name: string;
  /** {gas} One transaction may use this much by plan. */
  readonly transactionGas: number;
  /** {ms} A node that does not answer within it has failed, as long as not all is sound. */
  readonly timeoutMs: number;
};

/** What a round is played on. */
export type Scenery = {
  readonly store: KeeperStore;
  /** A keeper with nothing in its memory but the journal. */
  readonly keeper: () => Promise<Keeper>;
  /** From now on every answer and block is as it should be. */
  readonly becomeSound: () => void;
  /** Some blocks, and some minutes. */
  readonly rest: () => Promise<void>;
  /** How often something was not as it should be. */
  readonly blows: () => number;
  /** Transactions that the keeper offered to a node or relay. */
  readonly sent: ReadonlySet<Hex>;
  /** Transactions that somebody else signed with the keeper's key. */
  readonly foreign: ReadonlySet<Hex>;
  /** Of sending. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly close: () => Promise<void>;
};

/** {s} What failed rests no longer than this. */
const BETWEEN = 700;
/** Blocks between two wakes: what was mined in one is final in the next. */
const BLOCKS_BETWEEN = 12;
/** {ms} A busy machine is no fault of the node. */
const PATIENCE = 30_000;
/** How often {1} a block comes between two requests. */
const BLOCK_BETWEEN_REQUESTS = 0.03;
const SENDING = "eth_sendRawTransaction";

/** Opens the scenery of a round. */
export async function openScenery(stage: ChaosStage, script: Script): Promise<Scenery> {
  const { kind, seed, name, transactionGas, timeoutMs } = script;
  const { chain } = stage.world.market;
  const random = randomStream(seed);
  const miner = await openMiner(chain);
  const [sent, foreign] = [new Set<Hex>(), new Set<Hex>()];
  let [isSound, blows] = [false, 0];
  const scene: Scene = {
    ...{ random, miner, account: chain.accounts.keeper },
    foreign: (hash) => {
      foreign.add(hash);
      blows += 1;
    },
  };
  const trouble = kind.open(scene);

  const pace = await openPace(chain, async () => {
    if (!isSound && (await trouble.block?.()) === true) blows += 1;
    else await miner.next();
  });
  const store = openSqliteStore(join(stage.folder, `${name}.sqlite`), { clock: pace.clock });
  const fateOf = async (asked: Asked, node: number | undefined): Promise<Fate> => {
    if (asked.method === SENDING) sent.add(miner.saw(asked.params?.[0] as Hex));
    if (isSound) return "pass";
    if (random.uniform() < BLOCK_BETWEEN_REQUESTS) await pace.next();
    const fate = (await trouble.fateOf?.(asked, node)) ?? "pass";
    if (fate !== "pass") blows += 1;
    return fate;
  };
  const { nodes, relay, close } = await openProxies(stage.rpc, trouble, fateOf);
  const sending = trouble.sending ?? {};
  return {
    ...{ store, sent, foreign, settings: sending, blows: () => blows },
    keeper: () =>
      engage(stage, {
        ...{ urls: nodes.map(({ url }) => url), relay: relay?.url },
        ...{ store, clock: pace.clock, pause: pace.next, transactionGas, sending },
        timeoutMs: isSound ? PATIENCE : timeoutMs,
      }),
    becomeSound: () => {
      isSound = true;
    },
    rest: pace.rest,
    close: async () => {
      await store.close();
      await close();
    },
  };
}

/** The chain's time, and what makes it go on. @param block Makes a block. */
async function openPace(chain: LocalChain, block: () => Promise<void>) {
  const clock = { time: (await chain.now()) * 1000, now: (): number => clock.time };
  const next = async (): Promise<void> => {
    await block();
    clock.time = Math.max(clock.time, (await chain.now()) * 1000); // blocks may be taken back, time is not
  };
  const rest = async (): Promise<void> => {
    for (let done = 0; done < BLOCKS_BETWEEN; done++) await next();
    await chain.setNextBlockTime(unixSeconds((await chain.now()) + BETWEEN));
    await next();
  };
  return { clock, next, rest };
}

type FateAt = (asked: Asked, node: number | undefined) => Promise<Fate>;

/** The nodes and the relay, each behind a proxy. */
async function openProxies(upstream: string, { nodes: count = 1, hasRelay = false }: Trouble, fateAt: FateAt) {
  const open = (node?: number): Promise<Proxy> => openProxy(upstream, (asked) => fateAt(asked, node));
  const nodes = await Promise.all(Array.from({ length: count }, (_, node) => open(node)));
  const relay = hasRelay ? await open() : undefined;
  const all = relay === undefined ? nodes : [...nodes, relay];
  return {
    ...{ nodes, relay },
    close: async (): Promise<void> => {
      await Promise.all(all.map((proxy) => proxy.close()));
    },
  };
}
