import { expect } from "chai";
import { type Hex, encodeAbiParameters, keccak256, sliceHex } from "viem";

import { advanceTo, BULL, type Fixture, MONDAY, refreshTo, USDC, useFixture, WEEK, WHOLE } from "./support/fixture.ts";
import {
  buysWithTransit,
  buysWithUsdc,
  execute,
  executeAndFinish,
  batchFrom,
  leg,
  publish,
  sales,
} from "./support/rebalance.ts";
import {
  depositNow,
  enterBull,
  investedFund,
  publishBull,
  requestDeposit,
  requestRedeem,
} from "./support/situations.ts";

/** One line as the log has it: topic 0, all arguments but the last two in their order, and those two. */
type Line = { readonly fields: Hex; readonly sequence: bigint; readonly head: string };

/** Every line that the vault has ever written, read from the logs alone. */
async function linesWritten({ vault, ethers, fund }: Fixture): Promise<Line[]> {
  const logs = await ethers.provider.getLogs({ address: fund.addresses.vault, fromBlock: 0 });
  return logs.flatMap((log) => {
    const parsed = vault.interface.parseLog(log);
    const inputs = parsed?.fragment.inputs ?? [];
    if (parsed === null || inputs.at(-1)?.name !== "head") return [];
    const types = inputs.slice(0, -2).map(({ type }) => ({ type }));
    const values = (parsed.args.toArray(true) as unknown[]).slice(0, -2);
    return [
      {
        fields: encodeAbiParameters([{ type: "bytes32" }, ...types], [parsed.topic as Hex, ...values]),
        sequence: parsed.args.at(-2) as bigint,
        head: parsed.args.at(-1) as string,
      },
    ];
  });
}

/** The heads that follow from the fields, by the rule in IIndexVault. */
function recompute({ fund }: Fixture, lines: readonly Line[]): string[] {
  const types = ["bytes26", "uint256", "address", "uint256", "bytes32"].map((type) => ({ type }));
  let head: Hex = `0x${"00".repeat(26)}`;
  return lines.map(({ fields }, place) => {
    const values = [head, 31_337n, fund.addresses.vault, BigInt(place + 1), keccak256(fields)];
    head = sliceHex(keccak256(encodeAbiParameters(types, values)), 0, 26);
    return head;
  });
}

async function expectProven(fixture: Fixture): Promise<void> {
  const lines = await linesWritten(fixture);
  expect(lines.map(({ head }) => head)).to.deep.equal(recompute(fixture, lines));
  expect(lines.map(({ sequence }) => sequence)).to.deep.equal(lines.map((_, place) => BigInt(place + 1)));
  expect([...(await fixture.vault.ledger())]).to.deep.equal([lines.at(-1)?.sequence, lines.at(-1)?.head]);
}

describe("IndexVault: ledger", function () {
  const get = useFixture();

  it("is proven by the logs after the listing of all assets", async function () {
    await expectProven(get());
  });

  it("begins with the deposit coin as line 1", async function () {
    const [first] = await linesWritten(get());

    expect(first?.sequence).to.equal(1);
  });

  it("is proven by the logs after requests, strikes, claims and cancellations", async function () {
    const fixture = get();
    const { vault, rebalancer, people } = fixture;
    await depositNow(fixture, "alice", 1000n * USDC);
    await requestRedeem(fixture, "alice", 300n * WHOLE);
    await rebalancer.strikeInStablecoins();
    await vault.connect(people.alice).redeem(100n * WHOLE, people.alice, people.alice);
    await vault.connect(people.alice).withdraw(5n * USDC, people.alice, people.alice);
    await requestDeposit(fixture, "alice", 7n * USDC);
    await requestRedeem(fixture, "alice", 7n * WHOLE);
    await vault.connect(people.alice).cancelDepositRequest(2, people.alice, people.alice);
    await vault.connect(people.alice).cancelRedeemRequest(2, people.alice, people.alice);

    await expectProven(fixture);
  });

  it("is proven by the logs after a target, a veto and another target", async function () {
    const fixture = get();
    const { target } = await publish(fixture, "bull");
    await fixture.registry.connect(fixture.people.guardian).veto(target.id);
    await publish(fixture, "bull", { "usd-coin": 200_000, bitcoin: 800_000 });

    await expectProven(fixture);
  });

  it("is proven by the logs after a whole rebalance in two batches", async function () {
    const fixture = get();
    await investedFund(fixture);

    await expectProven(fixture);
  });

  it("is proven by the logs after skipped legs", async function () {
    const fixture = get();
    await depositNow(fixture, "alice", 1000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
    const legs = [leg(fixture, ["usd-coin", "alpha"], 0n), leg(fixture, ["usd-coin", "dai"], 5n)];

    await execute(fixture, await publishBull(fixture), legs);

    await expectProven(fixture);
  });

  it("is proven by the logs after a rebalance was superseded", async function () {
    const fixture = get();
    await advanceTo(fixture, MONDAY + 60);
    await execute(fixture, await publishBull(fixture), []);

    await executeAndFinish(fixture, await publish(fixture, "bear"), []);

    await expectProven(fixture);
  });

  it("is proven by the logs after an exit in kind with a frozen token and its claim", async function () {
    const fixture = get();
    const { vault, people, market, fund } = fixture;
    await investedFund(fixture);
    await market.freezeToken("beta");
    await vault.connect(people.alice).redeemInKind(WHOLE, people.alice, people.alice, [], []);
    await market.thawToken("beta");

    await vault.connect(people.alice).claimInKind(fund.indexOf("beta"), people.alice);

    await expectProven(fixture);
  });

  it("is proven by the logs after an asset was delisted", async function () {
    const { vault, people, fund } = get();

    await vault.connect(people.owner).delistAsset(fund.indexOf("dai"));

    await expectProven(get());
  });

  it("is proven by the logs after an asset of which one unit was left was delisted", async function () {
    const fixture = get();
    await depositNow(fixture, "alice", 1000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
    await enterBull(fixture, 1000n * USDC, { "usd-coin": 500_000, alpha: 500_000 });
    await executeAndFinish(fixture, await publish(fixture, "bear"), await sales(fixture, ["alpha"]));

    await fixture.vault.connect(fixture.people.owner).delistAsset(fixture.fund.indexOf("alpha"));

    await expectProven(fixture);
  });

  it("is proven by the logs after two weeks with everything in them", async function () {
    const fixture = get();
    await investedFund(fixture);
    await requestDeposit(fixture, "bob", 50_000n * USDC);
    await requestRedeem(fixture, "alice", 10_000n * WHOLE);
    await refreshTo(fixture, MONDAY + WEEK + 60);
    const signed = await publishBull(fixture);
    const buys = buysWithUsdc(fixture, BULL, 40_000n * USDC);
    await execute(fixture, signed, buys);
    await executeAndFinish(fixture, signed, batchFrom(buys.length, await buysWithTransit(fixture, BULL)));

    await expectProven(fixture);
  });

  describe("a log that was tampered with", function () {
    it("gives another head when a field is changed", async function () {
      const lines = await linesWritten(get());
      const [first, ...rest] = lines as [Line, ...Line[]];
      const changed = `${first.fields.slice(0, -1)}${first.fields.endsWith("0") ? "1" : "0"}` as Hex;

      expect(recompute(get(), [{ ...first, fields: changed }, ...rest]).at(-1)).to.not.equal(lines.at(-1)?.head);
    });

    it("gives another head when two lines change places", async function () {
      const lines = await linesWritten(get());
      const [first, second, ...rest] = lines as [Line, Line, ...Line[]];

      expect(recompute(get(), [second, first, ...rest]).at(-1)).to.not.equal(lines.at(-1)?.head);
    });

    it("gives another head when a line is missing", async function () {
      const lines = await linesWritten(get());

      expect(recompute(get(), lines.slice(1)).at(-1)).to.not.equal(lines.at(-1)?.head);
    });
  });

  it("does not count transfers of shares", async function () {
    const fixture = get();
    const { vault, people } = fixture;
    await depositNow(fixture, "alice", 1000n * USDC);
    const before = await vault.ledger();

    await vault.connect(people.alice).transfer(people.bob, WHOLE);

    expect(await vault.ledger()).to.deep.equal(before);
  });
});
