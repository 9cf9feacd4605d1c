// Turns addresses of nodes, a memory and a clock into a keeper that was just started: it knows nothing but its journal.
import { hardhat } from "viem/chains";

import { openNodes, openTransactor } from "../../execute/open-transactor.ts";
import { nodesSchema, sendingSchema } from "../../execute/sending-settings.ts";
import type { TargetSigner } from "../../keeper/act.ts";
import type { DecisionSource } from "../../keeper/decisions.ts";
import { openHand } from "../../keeper/hand.ts";
import { diaryOf, keyJournalOf } from "../../keeper/journal-names.ts";
import type { Keeper } from "../../keeper/keeper.ts";
import { readMarks } from "../../keeper/marks.ts";
import { keeperRulesSchema } from "../../keeper/rules.ts";
import type { Clock, KeeperStore } from "../../keeper/store/store.ts";
import { planLimitsSchema } from "../../plan/limits.ts";
import { NO_DECISIONS } from "./no-decisions.ts";
import type { ChaosStage } from "./stage.ts";

/** What a keeper finds. */
export type Engagement = {
  readonly urls: readonly string[];
  readonly relay: string | undefined;
  readonly store: KeeperStore;
  /** {ms} The chain's time: nothing waits for the wall's. */
  readonly clock: Clock;
  /** What happens whenever it waits. */
  readonly pause: () => Promise<void>;
  /** {gas} One transaction of its plans may use this much. */
  readonly transactionGas: number;
  /** {ms} A node that does not answer within it has failed: the only time that passes on the wall. */
  readonly timeoutMs: number;
  /** Settings of sending, beyond those of chaos. */
  readonly sending: Readonly<Record<string, unknown>>;
  /** None when left out. */
  readonly decisions?: DecisionSource;
  readonly signer?: TargetSigner;
};

/** A fund to keep. */
export type Employer = Pick<ChaosStage, "deployment" | "world">;

/** {ms} Never waited for. */
const POLLING = 10;
/** Deeper than any reorganization. */
const FINALITY = 12;
const SENDING = { pollMs: POLLING, feePatience: 0, finality: FINALITY, giveUpAfter: 40, failedLooks: 10 };
/** {ms} By the chain's clock: longer than a round. */
const LEASE = 86_400_000;
/** {s} A reorganization may take back the minutes between two wakes. */
const RULES = { rest: 60, longestRest: 600, clockTolerance: 14_400 };

/** A keeper that alone has the lease. */
export async function engage({ deployment, world }: Employer, engagement: Engagement): Promise<Keeper> {
  const { urls, relay, store, clock, pause, timeoutMs } = engagement;
  const account = world.market.chain.accounts.keeper;
  const chainId = hardhat.id;
  const addresses = { urls, ...(relay === undefined ? {} : { relay }) };
  const settings = nodesSchema.parse({ ...addresses, timeoutMs, restMs: 0 });
  const nodes = openNodes({ nodes: settings, chainId, pollMs: POLLING, clock });
  const sending = sendingSchema.parse({ ...SENDING, ...engagement.sending });
  const journal = store.journal(keyJournalOf(deployment, account.address));
  const diary = store.journal(diaryOf(deployment));
  const fund = { client: nodes.client, deployment };
  const held = await store.lease.take("chaos", LEASE);
  if (held === undefined) throw new TypeError("nobody else takes the lease");
  return {
    ...{ fund, diary, marks: readMarks(diary), pause: store.pause },
    clock: { now: () => Promise.resolve(clock.now() / 1000) },
    rules: keeperRulesSchema.parse(RULES),
    hand: openHand({
      ...{ fund, account, journal, clock },
      transactorBehind: (gate) => openTransactor(nodes, { sending, account, journal, clock, pause, gate }),
    }),
    decisions: engagement.decisions ?? NO_DECISIONS,
    signer: engagement.signer,
    limits: planLimitsSchema.parse({ transactionGas: engagement.transactionGas }),
    lease: { table: store.lease, held },
  };
}
