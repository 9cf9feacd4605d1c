import { expect } from "chai";

import { unixSeconds } from "../../src/core/units.ts";
import { fetchOpenRequests, readDueRequests } from "../../src/execute/read-requests.ts";
import { senderOf } from "../../src/world/week.ts";
import { type Fixture, HOUR, MONDAY, now, stage, USDC, useFixture, WEEK, WHOLE } from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import { execute, executeAndFinish, publish } from "./support/rebalance.ts";
import { depositNow, requestDeposit, requestRedeem } from "./support/situations.ts";

/** The deposit coin goes to a price; everything else stays. */
async function moveCoin(fixture: Fixture, price: number, time: number): Promise<void> {
  await fixture.market.moveTo({ prices: new Map([["usd-coin", price]]), at: unixSeconds(time), steps: 1 });
}

/** {USD} and when each lasts; the pools of other coins follow. */
const AFTER = MONDAY + 2 * HOUR;

describe("IndexVault: the deposit coin off its dollar", function () {
  const get = useFixture((fixture) => depositNow(fixture, "alice", 1_000_000n * USDC));

  describe("at 0.99 USD", function () {
    stage(get, (fixture) => moveCoin(fixture, 0.99, AFTER));

    it("counts what it is worth when it is paid in", async function () {
      const fixture = get();
      await depositNow(fixture, "bob", 1000n * USDC);

      // 990 USD at 0.99 USD a share
      expect(await fixture.vault.balanceOf(fixture.people.bob)).to.equal(1000n * WHOLE);
    });

    it("counts a dollar when it is paid out", async function () {
      const fixture = get();
      const { vault, people, rebalancer } = fixture;
      await requestRedeem(fixture, "alice", 1000n * WHOLE);

      await rebalancer.strikeInStablecoins();

      // 1,000 shares are worth 990 USD, and so 990 coins
      expect(await vault.maxWithdraw(people.alice)).to.equal(990n * USDC);
    });
  });

  describe("at 1.01 USD", function () {
    stage(get, (fixture) => moveCoin(fixture, 1.01, AFTER));

    it("counts a dollar when it is paid in", async function () {
      const fixture = get();
      await depositNow(fixture, "bob", 1010n * USDC);

      // 1,010 USD at 1.01 USD a share
      expect(await fixture.vault.balanceOf(fixture.people.bob)).to.equal(1000n * WHOLE);
    });

    it("counts what it is worth when it is paid out", async function () {
      const fixture = get();
      const { vault, people, rebalancer } = fixture;
      await requestRedeem(fixture, "alice", 1000n * WHOLE);

      await rebalancer.strikeInStablecoins();

      expect(await vault.maxWithdraw(people.alice)).to.equal(1000n * USDC);
    });
  });

  for (const [price, answer] of [
    [0.98, 98n * 10n ** 16n],
    [1.02, 102n * 10n ** 16n],
  ] as const) {
    it(`closes strikes in stablecoins at ${price} USD`, async function () {
      const fixture = get();
      await moveCoin(fixture, price, AFTER);

      await expect(fixture.rebalancer.strikeInStablecoins())
        .to.be.revertedWithCustomError(fixture.vault, "DepositCoinOffPeg")
        .withArgs(answer);
    });
  }

  describe("at a start outside the peg band", function () {
    stage(get, async (fixture) => {
      await requestDeposit(fixture, "bob", 1000n * USDC);
      await moveCoin(fixture, 0.97, MONDAY + WEEK + HOUR);
      await execute(fixture, await publish(fixture, "bear"), []);
    });

    it("leaves deposits waiting", async function () {
      const { vault, people } = get();

      expect([await vault.pendingDepositRequest(2, people.bob), await vault.maxMint(people.bob)]).to.deep.equal([
        1000n * USDC,
        0n,
      ]);
    });

    it("lets them be taken back", async function () {
      const { vault, people, usdc, ethers } = get();

      const cancel = vault.connect(people.bob).cancelDepositRequest(2, people.bob, people.bob);

      await expect(cancel).to.changeTokenBalance(ethers, usdc, people.bob, 1000n * USDC);
      expect(await vault.depositsPending()).to.equal(0);
    });

    it("names them among what can be taken back", async function () {
      const fixture = get();
      const { client } = senderOf(fixture, "alice");
      const fund = { client, deployment: fixture.fund.deployment() };

      expect(await fetchOpenRequests(fund, fixture.market.chain.accounts.bob.address)).to.deep.equal([
        { kind: "deposit", id: 2n, amount: 1000n * USDC },
      ]);
    });

    it("counts nothing as due in the next plan when they were taken back", async function () {
      const fixture = get();
      const { vault, people, fund } = fixture;
      await vault.connect(people.bob).cancelDepositRequest(2, people.bob, people.bob);
      const { client } = senderOf(fixture, "alice");
      const range = { toBlock: await client.getBlockNumber(), at: unixSeconds(await now(fixture)) };

      expect(await readDueRequests(client, fund.deployment(), range)).to.deep.equal({ deposits: 0n, shares: 0n });
    });

    it("takes back nothing twice", async function () {
      const { vault, people } = get();
      await vault.connect(people.bob).cancelDepositRequest(2, people.bob, people.bob);

      await expect(vault.connect(people.bob).cancelDepositRequest(2, people.bob, people.bob))
        .to.be.revertedWithCustomError(vault, "RequestNotCancellable")
        .withArgs(2);
    });

    it("strikes what stays at the next start inside the band, and then nothing can be taken back", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await moveCoin(fixture, 1, MONDAY + 2 * WEEK + HOUR);

      const start = await execute(fixture, await publish(fixture, "bear"), []);

      expect(await linesOf(fixture, start, "DepositsStruck")).to.have.length(1);
      await expect(vault.connect(people.bob).cancelDepositRequest(2, people.bob, people.bob))
        .to.be.revertedWithCustomError(vault, "RequestNotCancellable")
        .withArgs(2);
    });
  });
});

describe("Attack: deposit at a depeg, redeem after it", function () {
  const get = useFixture((fixture) => depositNow(fixture, "alice", 1_000_000n * USDC));

  it("brings no coin that is below its dollar in at a dollar", async function () {
    const fixture = get();
    const { vault, people } = fixture;
    await requestDeposit(fixture, "bob", 1_000_000n * USDC);
    await moveCoin(fixture, 0.9, MONDAY + WEEK + HOUR);

    await executeAndFinish(fixture, await publish(fixture, "bear"), []).catch(() => undefined);

    expect(await vault.maxMint(people.bob)).to.equal(0);
  });

  for (const [paidIn, paidOut] of [
    [0.986, 1],
    [1.014, 1],
    [1, 0.986],
    [1, 1.014],
    [0.986, 1.014],
    [1.014, 0.986],
  ] as const) {
    it(`does not pay in at ${paidIn} and out at ${paidOut} USD`, async function () {
      const fixture = get();
      const { vault, people, rebalancer } = fixture;
      await moveCoin(fixture, paidIn, AFTER);
      await depositNow(fixture, "bob", 100_000n * USDC);
      await moveCoin(fixture, paidOut, AFTER + 2 * HOUR);

      await requestRedeem(fixture, "bob", await vault.balanceOf(people.bob));
      await rebalancer.strikeInStablecoins();

      expect(await vault.maxWithdraw(people.bob)).to.be.at.most(100_000n * USDC);
    });
  }
});
