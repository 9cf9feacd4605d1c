// Turns a node, a memory and a development account into a keeper that was just started: it knows nothing but its journal.
import type { LocalAccount } from "viem";
import { hardhat } from "viem/chains";

import type { Deployment } from "../../execute/deployment.ts";
import { openNodes, openTransactor } from "../../execute/open-transactor.ts";
import { nodesSchema, sendingSchema } from "../../execute/sending-settings.ts";
import { openHand } from "../../keeper/hand.ts";
import { diaryOf, keyJournalOf } from "../../keeper/journal-names.ts";
import type { Keeper } from "../../keeper/keeper.ts";
import { readMarks } from "../../keeper/marks.ts";
import { keeperRulesSchema } from "../../keeper/rules.ts";
import type { Clock, KeeperStore } from "../../keeper/store/store.ts";
import { planLimitsSchema } from "../../plan/limits.ts";
import { NO_DECISIONS } from "./no-decisions.ts";

/** Where a keeper works. */
export type Workplace = {
  readonly rpc: string;
  readonly deployment: Deployment;
  readonly account: LocalAccount;
  readonly store: KeeperStore;
  /** Of the journal's lines. */
  readonly lines: ChainClock;
  /** {ms} For one answer of the node; the chain's own work may take long on a busy machine. */
  readonly timeoutMs?: number;
};

/** {ms} The chain's time when it was last looked at. */
export type ChainClock = Clock & { readonly note: (seconds: number) => void };

/** A clock that stands until it is told. */
export function chainClock(): ChainClock {
  let time = 0; // {ms}
  return {
    now: () => time,
    note: (seconds) => {
      time = seconds * 1000;
    },
  };
}

/** {ms} */
const TIMEOUT = 60_000;
const POLLING = 10;

/** A keeper without its lease. */
export function hire(place: Workplace): Omit<Keeper, "lease"> {
  const { rpc, deployment, account, store, lines, timeoutMs = TIMEOUT } = place;
  const chainId = hardhat.id;
  const settings = nodesSchema.parse({ urls: [rpc], timeoutMs, restMs: 0 });
  const nodes = openNodes({ nodes: settings, chainId, pollMs: POLLING, clock: { now: () => performance.now() } });
  const sending = sendingSchema.parse({ pollMs: POLLING, feePatience: 0 });
  const journal = store.journal(keyJournalOf(deployment, account.address));
  const diary = store.journal(diaryOf(deployment));
  const fund = { client: nodes.client, deployment };
  const now = async (): Promise<number> => {
    const { timestamp } = await nodes.client.getBlock();
    lines.note(Number(timestamp));
    return Number(timestamp);
  };
  return {
    ...{ fund, diary, marks: readMarks(diary), pause: store.pause, clock: { now } },
    rules: keeperRulesSchema.parse({}),
    hand: openHand({
      ...{ fund, account, journal, clock: { now: () => Date.now() } },
      transactorBehind: (gate) =>
        openTransactor(nodes, { sending, account, journal, clock: lines, pause: sleep, gate }),
    }),
    decisions: NO_DECISIONS,
    signer: undefined,
    limits: planLimitsSchema.parse({}),
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
