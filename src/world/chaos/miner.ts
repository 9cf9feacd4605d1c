// Turns a local chain into one that mines when told, with blocks that are full, dear, late, or taken back again.
import { type Address, type Hex, keccak256, numberToHex } from "viem";

import { assertNever } from "../../core/errors.ts";
import { readSigned } from "../../execute/signing.ts";
import { TRANSACTION_GAS_CAP, type LocalChain } from "../local-chain.ts";

/**
 * What becomes of the transactions of blocks that are taken back: all come back, none, or all in another way, later and
 * behind others, and of several versions the oldest.
 */
export type Comeback = "back" | "gone" | "otherwise";

/** What a block is like. */
export type Circumstance = {
  /** {wei/gas} */
  readonly baseFee?: bigint;
  /** {wei/gas} What others tip, who fill the block so that nobody who tips less finds room. */
  readonly crowdTip?: bigint;
};

/** Makes blocks, one at a time. */
export type Miner = {
  /** A block with what is pending, as far as there is room. */
  readonly next: (circumstance?: Circumstance) => Promise<void>;
  /** Takes up to `depth` blocks back, of those that this miner made, and makes one more than these in their place. */
  readonly reorganize: (depth: number, comeback: Comeback) => Promise<void>;
  /** The node's pool forgets everything. */
  readonly forget: () => Promise<void>;
  /** Told of each signed transaction that is offered, so that it can come back; all are of one key. @returns Its hash. */
  readonly saw: (raw: Hex) => Hex;
  /** Offers a signed transaction; true when the node takes it. */
  readonly offer: (raw: Hex) => Promise<boolean>;
};

/** {wei/gas} */
const GWEI = 10n ** 9n;
export const CALM_FEE = GWEI;
/** {wei/gas} More than anybody else tips. */
export const ANY_TIP = 10_000n * GWEI;
/** Whoever calls it loses all gas of the transaction. */
const GAS_BURNER: Address = "0x000000000000000000000000000000000000fe00";
const INVALID_OPCODE: Hex = "0xfe";
/** Transactions of the cap that leave no room for another one of the cap in a block of 60 M gas. */
const CROWD = 3;
/** Deepest reorganization {block}. */
const MEMORY = 8;

type Block = { readonly snapshot: Hex };

/** From now on, the chain's blocks are this miner's. */
export async function openMiner(chain: LocalChain): Promise<Miner> {
  const pool = await openPool(chain);
  const seen = new Map<Hex, Hex>(); // raw by hash, in the order in which they were offered
  let before: readonly Block[] = [];
  let made = 0n;

  const mine = async ({ baseFee = CALM_FEE, crowdTip }: Circumstance): Promise<void> => {
    before = [...before, { snapshot: await chain.snapshot() }].slice(-MEMORY);
    if (crowdTip !== undefined) await pool.crowd(baseFee, crowdTip);
    made += 1n; // no two blocks are the same, also of those in each other's place
    await pool.rpc("hardhat_setNextBlockBaseFeePerGas", numberToHex(baseFee + made));
    await chain.mine();
  };
  const reorganize = async (depth: number, comeback: Comeback): Promise<void> => {
    const lost = before.slice(-depth);
    const [first] = lost;
    if (first === undefined) return;
    before = before.slice(0, -lost.length);
    await chain.revert(first.snapshot);
    if (comeback !== "back") await pool.forget();
    for (const raw of returning([...seen.values()], comeback)) await pool.offer(raw);
    for (let block = 0; block <= lost.length; block++) {
      const isLate = comeback === "otherwise" && block < lost.length;
      await mine(isLate ? { crowdTip: ANY_TIP } : {});
    }
  };
  const inTurn = queue();
  return {
    next: (circumstance = {}) => inTurn(() => mine(circumstance)),
    reorganize: (depth, comeback) => inTurn(() => reorganize(depth, comeback)),
    forget: () => inTurn(pool.forget),
    saw: (raw) => {
      const hash = keccak256(raw);
      seen.set(hash, raw);
      return hash;
    },
    offer: pool.offer,
  };
}

/** What comes back; in another way than before, that is the oldest version of each nonce. */
function returning(raws: readonly Hex[], comeback: Comeback): readonly Hex[] {
  switch (comeback) {
    case "back":
      return raws;
    case "gone":
      return [];
    case "otherwise":
      return [...Map.groupBy(raws, (raw) => readSigned(raw).draft.nonce).values()].map(([first]) => first as Hex);
    default:
      return assertNever(comeback);
  }
}

/** What waits for a block, and the others who wait there. */
async function openPool(chain: LocalChain) {
  const rpc = (method: string, ...params: unknown[]): Promise<unknown> => chain.provider.request({ method, params });
  const crowd = chain.accounts.stranger.address;
  await rpc("evm_setAutomine", false);
  await rpc("hardhat_setCode", GAS_BURNER, INVALID_OPCODE);
  await chain.setBalance(crowd, 10n ** 30n);
  return {
    rpc,
    offer: async (raw: Hex): Promise<boolean> => {
      try {
        await rpc("eth_sendRawTransaction", raw);
        return true;
      } catch {
        return false;
      }
    },
    forget: async (): Promise<void> => {
      const { transactions } = await chain.publicClient.getBlock({ blockTag: "pending" });
      for (const hash of transactions) await rpc("hardhat_dropTransaction", hash);
    },
    /** Others fill the next block. */
    crowd: async (baseFee: bigint, tip: bigint): Promise<void> => {
      const fees = { maxFeePerGas: numberToHex(2n * baseFee + tip), maxPriorityFeePerGas: numberToHex(tip) };
      const transaction = { from: crowd, to: GAS_BURNER, gas: numberToHex(TRANSACTION_GAS_CAP), ...fees };
      for (let one = 0; one < CROWD; one++) await rpc("eth_sendTransaction", transaction);
    },
  };
}

/** Runs one after the other. */
function queue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
