// Tests of `rebalance --live` and `upkeep --live`: they send as the keeper does, with a journal, and not beside a keeper.
import { join } from "node:path";

import { expect } from "chai";

import { diaryOf, keyJournalOf } from "../../src/keeper/journal-names.ts";
import { openSqliteStore } from "../../src/keeper/store/sqlite.ts";
import type { KeeperStore } from "../../src/keeper/store/store.ts";
import { PENDING_ID, useServedFund } from "./served-fund.ts";

describe("a command that sends", function () {
  const fund = useServedFund();
  let count = 0;
  let journal: string;

  beforeEach(function () {
    journal = join(fund.served().folder, `terminal-${(count += 1)}.sqlite`);
  });

  const rebalance = () => fund.tm100("rebalance", "--live", "--account", "keeper", "--journal", journal);
  const keeperKey = () => fund.served().world.market.chain.accounts.keeper.address;

  async function withStore<Result>(work: (store: KeeperStore) => Promise<Result>): Promise<Result> {
    const store = openSqliteStore(journal, { clock: { now: () => Date.now() } });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  it("journals each step of a rebalance under the task that the keeper gives it", async function () {
    const { code, err } = await rebalance();

    const deployment = fund.served().world.fund.deployment();
    const [lines, diary] = await withStore((store) =>
      Promise.all([
        store.journal(keyJournalOf(deployment, keeperKey())).entries(),
        store.journal(diaryOf(deployment)).entries(),
      ]),
    );
    expect([code, err]).to.deep.equal([0, ""]);
    expect(new Set(lines.map(({ task }) => task))).to.deep.equal(new Set([`rebalance:${PENDING_ID}`]));
    expect(lines.map(({ step }) => step)).to.deep.equal([
      ...["planned", "simulated", "signed"],
      ...["sent", "mined", "final"],
    ]);
    expect(diary).to.deep.equal([]); // the diary is the keeper's
  });

  it("sends nothing while a keeper acts with the same key", async function () {
    await withStore((store) => store.lease.take(`there:7:${keeperKey()}`, 45_000));

    const { code, err } = await rebalance();

    expect(code).to.equal(2);
    expect(err).to.contain("error KEY_IN_USE").and.contain("there:7");
  });

  it("sends beside a keeper that acts with another key", async function () {
    await withStore((store) => store.lease.take("there:7:0x0000000000000000000000000000000000000001", 45_000));

    const { code } = await fund.tm100("upkeep", "--live", "--account", "carol", "--journal", journal);

    expect(code).to.equal(0);
  });

  it("gives the lease back, so that a keeper can act at once", async function () {
    await rebalance();

    const lease = await withStore((store) => store.lease.take("a keeper", 1000));

    expect(lease?.holder).to.equal("a keeper");
  });
});
