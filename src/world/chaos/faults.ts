// Turns a seed into keepers whose nodes, relay and neighbors give every kind of trouble, and into what came of it.
import { formatEther } from "viem";

import { type MisledRound, playMisled } from "./misled-round.ts";
import type { ChaosBounds, Scenario } from "./scenario.ts";
import { type ChaosStage, openStage } from "./stage.ts";
import { type Round, type Tally, tallyOf } from "./tally.ts";
import type { TroubleKind } from "./trouble.ts";
import { TROUBLES } from "./troubles.ts";

/** A fund of so many coins, whose nodes answer within a time, and rounds of each kind of trouble with it. */
type Part = {
  readonly coins: number;
  readonly timeoutMs: number;
  /** Of a kind of weight 1. */
  readonly rounds: number;
  /** {1} What part of the time that is left it may take. */
  readonly time: number;
};

const FULL: readonly Part[] = [
  { coins: 100, timeoutMs: 400, rounds: 11, time: 0.4 },
  { coins: 8, timeoutMs: 150, rounds: 98, time: 1 },
];
const QUICK: readonly Part[] = [{ coins: 8, timeoutMs: 150, rounds: 3, time: 1 }];
/** {gas} What one transaction may use by plan: all legs fit, or a few of them. */
const ROOMS = [15_000_000, 1_500_000] as const;
/** A round in which nothing happened to be wrong is played again with another seed, so often. */
const TRIES = 5;

/** A keeper carries rebalances out through every kind of trouble. */
export const misleading: Scenario = {
  name: "rpc",
  about: "nodes answer badly, late, twice, or not at all; blocks are full, dear, or taken back",
  share: 20,
  play: async (bounds, report) => {
    const parts = bounds.isQuick ? QUICK : FULL;
    const rounds = new Map<TroubleKind, MisledRound[]>(TROUBLES.map((kind) => [kind, []]));
    for (const [index, part] of parts.entries()) {
      const open = await openPart(part);
      const until = Date.now() + part.time * (bounds.until - Date.now());
      try {
        for (const [place, kind] of TROUBLES.entries()) {
          const played = rounds.get(kind) ?? [];
          const end = Date.now() + (until - Date.now()) * shareOf(TROUBLES.slice(place));
          played.push(...(await playKind(open, kind, { ...bounds, until: end })));
          if (index === parts.length - 1) report(tallyOfKind(kind, played, parts));
        }
      } finally {
        await open.stage.close();
      }
    }
  },
};

/** A part, and the gas {gas} of its rounds without trouble, by the room of a transaction. */
type OpenPart = Part & { readonly stage: ChaosStage; readonly calm: ReadonlyMap<number, Round> };

const CALM: TroubleKind = { name: "calm", open: () => ({}) };

async function openPart(part: Part): Promise<OpenPart> {
  const stage = await openStage(part.coins);
  const calm = new Map<number, Round>();
  for (const transactionGas of roomsOf(part)) {
    const script = { kind: CALM, seed: 0, name: `calm-${transactionGas}`, transactionGas, timeoutMs: part.timeoutMs };
    calm.set(transactionGas, await playMisled(stage, script));
  }
  return { ...part, stage, calm };
}

/** A hundred coins take several transactions anyway. */
function roomsOf({ coins }: Part): readonly number[] {
  return coins > 50 ? ROOMS.slice(0, 1) : ROOMS;
}

async function playKind(part: OpenPart, kind: TroubleKind, bounds: ChaosBounds): Promise<MisledRound[]> {
  const rounds: MisledRound[] = [];
  for (let number = 0; number < roundsOf(part, kind) && Date.now() < bounds.until; number++) {
    rounds.push(await playTroubled(part, { kind, number, seed: bounds.seed }));
  }
  return rounds;
}

/** {1} What part of the time that is left the first of the kinds may take, so that none is left without. */
function shareOf(kinds: readonly TroubleKind[]): number {
  const [first = 1, ...others] = kinds.map(({ weight = 1 }) => weight);
  return first / others.reduce((sum, weight) => sum + weight, first);
}

function roundsOf({ rounds }: Part, { weight = 1 }: TroubleKind): number {
  return rounds * weight;
}

function tallyOfKind(kind: TroubleKind, rounds: readonly MisledRound[], parts: readonly Part[]): Tally {
  const planned = parts.reduce((sum, part) => sum + roundsOf(part, kind), 0);
  const dearest = rounds.reduce((most, { fee }) => (fee > most ? fee : most), 0n);
  const notes = [
    ...(rounds.length < planned ? [`the time was over after ${rounds.length} of ${planned} rounds`] : []),
    `the dearest round paid ${Number(formatEther(dearest)).toFixed(4)} ether`,
  ];
  return { ...tallyOf(kind.name, rounds, 1), notes };
}

type Which = { readonly kind: TroubleKind; readonly number: number; readonly seed: number };

/** One in which something was wrong. Its gas is {1} that of a round without trouble. */
async function playTroubled(part: OpenPart, { kind, number, seed }: Which): Promise<MisledRound> {
  const rooms = roomsOf(part);
  const transactionGas = rooms[number % rooms.length] ?? ROOMS[0];
  const index = TROUBLES.indexOf(kind);
  for (let attempt = 0; ; attempt++) {
    const own = mix([seed, part.coins, index, number, attempt]);
    const name = `${part.coins}-${index}-${number}-${attempt}`;
    const script = { kind, seed: own, name, transactionGas, timeoutMs: part.timeoutMs };
    const round = await playMisled(part.stage, script);
    if (round.blows === 0 && attempt < TRIES) continue;
    const calm = part.calm.get(transactionGas)?.account.gas ?? 1;
    const breaches = round.breaches.map((words) => `${words} (${part.coins} coins, seed ${own})`);
    return { ...round, breaches, account: { ...round.account, gas: round.account.gas / calm } };
  }
}

/** One integer of 32 bits of several. */
function mix(numbers: readonly number[]): number {
  return numbers.reduce((hash, number) => Math.imul(hash ^ number, 0x9e3779b1) + 0x7f4a7c15, 1) >>> 0;
}
