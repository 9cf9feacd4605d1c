// Turns a fund, a memory and a clock into a keeper's service as `keeper run` has it, whose wakes are called by hand.
import type { LocalAccount } from "viem";

import type { Fund } from "../../execute/contracts.ts";
import type { Journal } from "../../execute/journal.ts";
import type { Gate } from "../../execute/sending-context.ts";
import type { Transactor } from "../../execute/transactor.ts";
import type { TargetSigner } from "../../keeper/act.ts";
import type { DecisionSource } from "../../keeper/decisions.ts";
import { openHand } from "../../keeper/hand.ts";
import { diaryOf, keyJournalOf } from "../../keeper/journal-names.ts";
import { readMarks } from "../../keeper/marks.ts";
import { localQueue } from "../../keeper/queue.ts";
import { keeperRulesSchema } from "../../keeper/rules.ts";
import { KeeperService, SERVICE_DEFAULTS } from "../../keeper/service.ts";
import type { Clock, KeeperStore } from "../../keeper/store/store.ts";
import { type Alarm, alarmsTo } from "../../keeper/watch/alarms.ts";
import { createLog } from "../../keeper/watch/log.ts";
import { createMetrics } from "../../keeper/watch/metrics.ts";
import { planLimitsSchema } from "../../plan/limits.ts";

/** What a service works with. */
export type Post = {
  readonly holder: string;
  readonly fund: Fund;
  readonly account: LocalAccount;
  readonly signer: TargetSigner;
  readonly store: KeeperStore;
  readonly decisions: DecisionSource;
  /** {ms} Of the machine: agenda, journal, lease and alarms go by it, as on every chain but the local one. */
  readonly clock: Clock;
  readonly transactorOf: (journal: Journal) => (gate: Gate) => Transactor;
  /** Told of each alarm, of what was done or failed, and of cycles that failed as a whole. */
  readonly onAlarm: (alarm: Alarm) => void;
  readonly onLog: (line: LogLine) => void;
};

/** A line of the keeper's log, as far as it is looked at. */
export type LogLine = {
  readonly msg: string;
  readonly kind?: string;
  readonly task?: string;
  readonly failure?: { readonly code: string; readonly message: string } | null;
  readonly problem?: string;
};

/** A service that nobody has started: whoever has it calls `tend` and `wake`. */
export function manService(post: Post): KeeperService {
  const { holder, fund, account, signer, store, decisions, clock } = post;
  const diary = store.journal(diaryOf(fund.deployment));
  const journal = store.journal(keyJournalOf(fund.deployment, account.address));
  const port = {
    name: "chaos",
    send: (alarm: Alarm): Promise<void> => {
      post.onAlarm(alarm);
      return Promise.resolve();
    },
  };
  return new KeeperService({
    ...{ store, holder, clock, queue: localQueue(), metrics: createMetrics(), settings: SERVICE_DEFAULTS },
    keeper: {
      ...{ fund, diary, decisions, signer, marks: readMarks(diary), pause: store.pause },
      clock: { now: () => Promise.resolve(clock.now() / 1000) },
      rules: keeperRulesSchema.parse({}),
      limits: planLimitsSchema.parse({}),
      hand: openHand({ fund, account, journal, transactorBehind: post.transactorOf(journal), clock }),
    },
    alarms: alarmsTo([port], clock, () => {}),
    log: createLog(
      {
        write: (line) => {
          post.onLog(JSON.parse(line) as LogLine);
        },
      },
      [],
    ),
    heartbeat: () => Promise.resolve(),
  });
}
