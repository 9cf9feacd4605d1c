// The kinds of trouble that a keeper's nodes, its relay, and those who share the chain with it can give.
import type { RandomStream } from "../../core/random.ts";
import { ANY_TIP, CALM_FEE, type Circumstance, type Comeback, type Miner } from "./miner.ts";
import type { Asked, Fate } from "./proxy.ts";
import { thief } from "./thief.ts";
import type { Scene, Trouble, TroubleKind } from "./trouble.ts";

/** How often {1} a request of the method is answered badly; of other methods by how bad a round is. */
const FREQUENCY: ReadonlyMap<string, number> = new Map([
  ["eth_sendRawTransaction", 0.5],
  ["eth_getTransactionReceipt", 0.2],
  ["eth_getTransactionByHash", 0.2],
  ["eth_getTransactionCount", 0.05],
]);
const ORDINARY_FREQUENCIES = [0.002, 0.01, 0.04];

/** {wei/gas} */
const GWEI = 10n ** 9n;
const SENDING = "eth_sendRawTransaction";

/** Every kind, in the order of the table. */
export const TROUBLES: readonly TroubleKind[] = [
  badAnswers("timeouts", ["silence"]),
  badAnswers("status 429", ["status-429"]),
  badAnswers("status 500", ["status-500"]),
  badAnswers("answers lost after the node heard", ["answer-lost"]),
  { name: "stale heads", open: staleHeads },
  { name: "two nodes that disagree", open: disagreement },
  { name: "wrong chain id", open: wrongChain },
  reorganizations("reorganizations, all comes back", "back"),
  reorganizations("reorganizations, nothing comes back", "gone"),
  reorganizations("reorganizations, in another order", "otherwise"),
  { name: "fees 50 times as high", open: feeSpike },
  { name: "stuck transaction", open: stuck },
  { name: "transactions vanish", open: vanishing },
  { name: "nonce used by somebody else", open: thief },
  { name: "blocks full of others", open: stuffing },
  { name: "a relay that swallows", open: swallowing },
  { name: "several at once", weight: 3, open: several },
];

function badAnswers(name: string, fates: readonly Fate[]): TroubleKind {
  const open = ({ random }: Scene): Trouble => {
    const bad = (): Fate => fates[Math.floor(random.uniform() * fates.length)] ?? "pass";
    return { fateOf: sometimes(random, bad) };
  };
  return { name, open };
}

/** Bad for some requests, more often for those that send and look for transactions. */
function sometimes({ uniform }: RandomStream, bad: () => Fate): (asked: Asked) => Fate {
  const ordinary = ORDINARY_FREQUENCIES[Math.floor(uniform() * ORDINARY_FREQUENCIES.length)] ?? 0;
  return (asked) => (uniform() < (FREQUENCY.get(asked.method) ?? ordinary) ? bad() : "pass");
}

/** The node, or another one behind its address, is up to five blocks behind. */
function staleHeads({ random }: Scene): Trouble {
  const bad = sometimes(random, () => ({ kind: "behind", blocks: 1 + Math.floor(random.uniform() * 5) }));
  return { fateOf: (asked) => (asked.method === SENDING ? "pass" : bad(asked)) };
}

/** Of two or three nodes one lies. */
function disagreement({ random }: Scene): Trouble {
  const nodes = 2 + Math.floor(random.uniform() * 2);
  const liar = Math.floor(random.uniform() * nodes);
  const part = random.uniform(); // of its answers
  return {
    nodes,
    fateOf: (_, node) => (node === liar && random.uniform() < part ? { kind: "lie", shift: random.uniform() } : "pass"),
  };
}

/** Of one to three nodes one says that it is of another chain, and later perhaps no more. */
function wrongChain({ random }: Scene): Trouble {
  const nodes = 1 + Math.floor(random.uniform() * 3);
  const other = Math.floor(random.uniform() * nodes);
  const chainId = [1, 8453, 42_161][Math.floor(random.uniform() * 3)] ?? 1;
  return {
    nodes,
    fateOf: ({ method }, node) =>
      node === other && method === "eth_chainId" ? { kind: "other-chain", chainId } : "pass",
  };
}

function reorganizations(name: string, comeback: Comeback): TroubleKind {
  const open = ({ random, miner }: Scene): Trouble => {
    const often = 0.05 + random.uniform() * 0.25;
    let hasRest = false; // one follows upon another only after a block
    return {
      block: async () => {
        hasRest = !hasRest && random.uniform() < often;
        if (!hasRest) return false;
        await miner.reorganize(1 + Math.floor(random.uniform() * 8), comeback);
        return true;
      },
    };
  };
  return { name, open };
}

/** For some blocks, now and then; below the cap of a trade or above it. */
function feeSpike({ random, miner }: Scene): Trouble {
  const cap = random.uniform() < 0.5 ? {} : { fees: { trade: { maximumGwei: "30" } } };
  let left = random.uniform() < 0.5 ? 10 : 0;
  return {
    sending: { ...cap, feePatience: random.uniform() < 0.5 ? 20 : 0 },
    block: async () => {
      if (left === 0 && random.uniform() < 0.1) left = 3 + Math.floor(random.uniform() * 30);
      if (left === 0) return false;
      left -= 1;
      await miner.next({ baseFee: 50n * CALM_FEE });
      return true;
    },
  };
}

/** Whatever it offers, no block takes it for a while. */
function stuck({ random, miner }: Scene): Trouble {
  return crowded(random, miner, () => ({ crowdTip: ANY_TIP }));
}

/** Others fill the blocks, and tip up to a little more than the keeper may. */
function stuffing({ random, miner }: Scene): Trouble {
  const tip = BigInt(Math.floor(1 + random.uniform() * 6)) * GWEI;
  return crowded(random, miner, () => ({ crowdTip: tip }));
}

function crowded({ uniform }: RandomStream, miner: Miner, circumstance: () => Circumstance): Trouble {
  const often = 0.5 + 0.5 * uniform();
  return {
    block: async () => {
      if (uniform() >= often) return false;
      await miner.next(circumstance());
      return true;
    },
  };
}

/** The pool throws out what it took. */
function vanishing({ random, miner }: Scene): Trouble {
  return {
    block: async () => {
      if (random.uniform() < 0.4) return false;
      await miner.forget();
      await miner.next();
      return true;
    },
  };
}

/** The relay says that it took the transaction, and nobody ever sees it. */
function swallowing({ random }: Scene): Trouble {
  const often = 0.3 + 0.7 * random.uniform();
  const isPublicLater = random.uniform() < 0.5;
  return {
    hasRelay: true,
    sending: isPublicLater ? { publicFor: ["exit", "trade"] } : {},
    fateOf: (_, node) => (node === undefined && random.uniform() < often ? "swallowed" : "pass"),
  };
}

/** Two kinds of blocks and all kinds of bad answers. */
function several(scene: Scene): Trouble {
  const { random } = scene;
  const bad: readonly Fate[] = ["status-429", "status-500", "silence", "answer-lost", "stale-head"];
  const answers = badAnswers("", bad).open(scene);
  const kinds = [feeSpike, stuck, stuffing, vanishing, thief].map((open) => open(scene));
  const reorganization = reorganizations("", random.uniform() < 0.5 ? "back" : "otherwise").open(scene);
  const other = kinds[Math.floor(random.uniform() * kinds.length)];
  return {
    ...other,
    fateOf: async (asked, node) => {
      const fate = (await other?.fateOf?.(asked, node)) ?? "pass";
      return fate === "pass" ? ((await answers.fateOf?.(asked, node)) ?? "pass") : fate;
    },
    block: async () => (await reorganization.block?.()) === true || (await other?.block?.()) === true,
  };
}
