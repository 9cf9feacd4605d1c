// Tests of what the next rebalance will strike, read from the log of a fund.
import { expect } from "chai";

import { unixSeconds } from "../../src/core/units.ts";
import { type DueRequests, readDueRequests } from "../../src/execute/read-requests.ts";
import { senderOf } from "../../src/world/week.ts";
import { useServedFund } from "./served-fund.ts";

const WEEK = 604_800;
const USDC = 10n ** 6n;

describe("readDueRequests", function () {
  const fund = useServedFund();

  /** What is due now, or some weeks later. Bob's 50,000 USDC are due; the chain stands on the Monday after. */
  async function dueIn(weeks: number): Promise<DueRequests> {
    const { world } = fund.served();
    const { client } = senderOf(world, "alice");
    const { number: toBlock, timestamp } = await client.getBlock();
    const at = unixSeconds(Number(timestamp) + weeks * WEEK);
    return readDueRequests(client, world.fund.deployment(), { toBlock, at });
  }

  it("counts a request from the week after it on", async function () {
    await fund.tm100("deposit", "1000", "--account", "carol");
    await fund.tm100("redeem", "12", "--account", "alice");

    expect(await dueIn(0)).to.deep.equal({ deposits: 50_000n * USDC, shares: 0n });
    expect(await dueIn(1)).to.deep.equal({ deposits: 51_000n * USDC, shares: 12n * 10n ** 18n });
  });

  it("forgets what was taken back", async function () {
    await fund.tm100("deposit", "1000", "--account", "carol");
    await fund.tm100("redeem", "12", "--account", "alice");
    await fund.tm100("cancel", "--account", "carol");
    await fund.tm100("cancel", "--account", "alice");

    expect(await dueIn(0)).to.deep.equal({ deposits: 50_000n * USDC, shares: 0n });
    expect(await dueIn(1)).to.deep.equal({ deposits: 50_000n * USDC, shares: 0n });
  });

  it("forgets what was struck", async function () {
    await fund.tm100("rebalance", "--live", "--account", "keeper");

    expect(await dueIn(1)).to.deep.equal({ deposits: 0n, shares: 0n });
  });
});
