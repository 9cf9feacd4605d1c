import { expect } from "chai";

import { fetchTarget } from "../../src/execute/fetch-target.ts";
import { openNodes, openTransactor } from "../../src/execute/open-transactor.ts";
import { runRebalance } from "../../src/execute/rebalance.ts";
import { nodesSchema, sendingSchema } from "../../src/execute/sending-settings.ts";
import { planLimitsSchema } from "../../src/plan/limits.ts";
import { senderOf } from "../../src/world/week.ts";
import { memoryJournal } from "../memory-journal.ts";
import { PENDING_ID, useServedFund } from "./served-fund.ts";

describe("a fund with a transactor", function () {
  const fund = useServedFund();

  it("has its rebalance carried to finality through the node, with a journal", async function () {
    const { world, rpc } = fund.served();
    const { chain } = world.market;
    let time = (await chain.now()) * 1000;
    const journal = memoryJournal(() => time);
    const clock = { now: () => time };
    const nodes = openNodes({ nodes: nodesSchema.parse({ urls: [rpc] }), chainId: 31_337, pollMs: 10, clock });
    const { client, health } = nodes;
    const transactor = openTransactor(nodes, {
      sending: sendingSchema.parse({ pollMs: 10 }),
      account: chain.accounts.keeper,
      journal,
      clock,
      pause: (ms) => {
        time += ms;
        return Promise.resolve();
      },
    });
    const deployment = world.fund.deployment();
    const published = await fetchTarget({ client, deployment });
    if (published === undefined) throw new TypeError("the served fund has a pending target");

    const { transactions } = await runRebalance({
      ...senderOf(world, "keeper"),
      transactor,
      deployment,
      target: published.target,
      limits: planLimitsSchema.parse({}),
    });

    const task = `rebalance:${PENDING_ID}`;
    const finals = journal.lines.filter(({ step }) => step === "final");
    expect(transactions.at(-1)?.finished).not.to.equal(undefined);
    expect(finals.map(({ hash, task: of }) => [of, hash])).to.deep.equal(transactions.map(({ hash }) => [task, hash]));
    expect(journal.lines.find(({ step }) => step === "planned")?.note).to.include({ urgency: "trade" });
    expect(health().map(({ fault }) => fault)).to.deep.equal([undefined]);
  });
});
