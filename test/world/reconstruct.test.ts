// Tests that the log alone gives the fund's whole state, at every end of 120 weeks of real history.
import { expect } from "chai";

import { vaultLensAbi } from "../../src/core/abi.ts";
import { isoDate } from "../../src/core/time.ts";
import { openMarket } from "../../src/market/sources/open-market.ts";
import { auditLedger } from "../../src/record/audit.ts";
import { type Difference, differencesBetween } from "../../src/record/differences.ts";
import type { Ledger } from "../../src/record/ledger-file.ts";
import { fetchChainBooks, fetchChainPositions, fetchLedger } from "../../src/record/ledger.ts";
import type { LineEvent } from "../../src/record/lines.ts";
import { fundLots } from "../../src/record/fund-lots.ts";
import { LOT_METHODS, totalOf } from "../../src/record/lots.ts";
import { shareLots } from "../../src/record/share-lots.ts";
import { reconstruct } from "../../src/record/reconstruct.ts";
import { verifyLedger } from "../../src/record/verify.ts";
import { realDataOrSkip } from "../real-data.ts";
import { type Life, abandon, liveThrough } from "./lived-fund.ts";

/** From the rise of 2020 over two bull markets and the falls of 2021 and 2022 to the recovery. */
const FIRST_MONDAY = isoDate("2020-10-05");
const WEEKS = 120;
/** A week of 100 names takes three times as long. */
const NAMES = 30;

describe("reconstruct, over 120 weeks of real history", function () {
  let life: Life;
  let ledger: Ledger;

  before(async function () {
    const { history } = await openMarket(realDataOrSkip(this), () => undefined);
    life = await liveThrough({ history, from: FIRST_MONDAY, weeks: WEEKS, names: NAMES, freezing: "litecoin" });
    ledger = await fetchLedger(life.source);
  });
  after(async function () {
    await (life as Life | undefined)?.world.market.close();
  });

  /** The ledger as it was after a block. */
  function until(block: number): Ledger {
    const lines = ledger.lines.filter((line) => line.block <= block);
    return { ...ledger, lines, transfers: ledger.transfers.filter((transfer) => transfer.block <= block) };
  }

  async function differencesAt(block: number): Promise<readonly Difference[]> {
    const source = { ...life.source, toBlock: BigInt(block) };
    const rebuilt = reconstruct(until(block));
    const [books, positions] = await Promise.all([fetchChainBooks(source), fetchChainPositions(source, rebuilt)]);
    return differencesBetween(rebuilt, { books, positions });
  }

  function count(event: LineEvent): number {
    return ledger.lines.filter((line) => line.event === event).length;
  }

  it("lives through all that a fund can", function () {
    const skipped = ledger.lines.filter(({ event }) => event === "LegSkipped");
    const regimes = new Set(life.weeks.map(({ decision }) => decision.regime));

    expect(life.weeks).to.have.length(WEEKS);
    expect([...regimes].sort()).to.deep.equal(["bear", "bull"]);
    expect(skipped).to.not.be.empty;
    for (const event of [
      "DepositCancelled",
      "RedemptionCancelled",
      "RedeemedUnitsSetAside",
      "RedeemedUnitsCredited",
      "RedeemedInKind",
      "InKindClaimed",
      "FeeAccrued",
      "AssetQuarantined",
      "AssetReleased",
      "RoundTripCompleted",
    ] as const) {
      expect(count(event), event).to.be.above(0);
    }
    expect(ledger.transfers).to.not.be.empty;
  });

  it("equals the chain's holdings, supply and positions to the wei at every end of a rebalance", async function () {
    const ends = ledger.lines.filter(({ event }) => event === "RebalanceFinished" || event === "RebalanceClosed");
    for (const { block, sequence } of ends) {
      expect(await differencesAt(block), `line ${sequence}`).to.deep.equal([]);
    }
    expect(ends).to.have.length.above(70);
  });

  it("equals the chain's NAV at every finish", async function () {
    const { navs } = reconstruct(ledger);
    const blockOf = new Map(ledger.lines.map(({ sequence, block }) => [sequence, block]));
    const address = life.world.fund.addresses.lens;
    for (const { sequence, nav, supply } of navs.filter(({ event }) => event === "RebalanceFinished")) {
      const blockNumber = BigInt(blockOf.get(sequence) ?? 0);
      const read = { address, abi: vaultLensAbi, functionName: "status", blockNumber } as const;
      const status = await life.source.client.readContract(read);

      expect([nav, supply], `line ${sequence}`).to.deep.equal([status.nav, status.supply]);
    }
  });

  it("equals the chain now, and every head is that of the lines", async function () {
    const block = Number(await life.source.client.getBlockNumber());

    expect(await differencesAt(block)).to.deep.equal([]);
    auditLedger(ledger.lines);
    expect(verifyLedger(ledger.lines, ledger.place, await fetchChainBooks(life.source)).lines).to.equal(
      ledger.lines.length,
    );
  });

  it("gives lots of shares whose quantities are the positions, by every method", function () {
    const { gateway } = life.world.fund.addresses;
    const { positions } = reconstruct(ledger);
    for (const method of LOT_METHODS) {
      const { books } = shareLots(ledger, method, gateway);
      for (const [account, { shares, deposits, redemptions }] of positions) {
        if (account === ledger.place.vault) continue;
        const waiting = redemptions.pending.reduce((sum, { amount }) => sum + amount, 0n);

        expect(totalOf(books.lots(account)).quantity, `${account} ${method}`).to.equal(
          shares + deposits.receivable + waiting,
        );
      }
    }
  });

  it("gives lots of the fund whose quantities are the holdings, none of unknown cost, by every method", function () {
    const { books: holdings } = reconstruct(ledger);
    for (const method of LOT_METHODS) {
      const { books } = fundLots(ledger.lines, method);
      const unknown = books.allDisposals().filter(({ isCostUnknown }) => isCostUnknown);

      expect(unknown).to.deep.equal([]);
      for (const [asset, token] of holdings.tokens) {
        if (asset === 0) continue;
        expect(totalOf(books.lots(token)).quantity, `${token} ${method}`).to.equal(holdings.balances.get(asset) ?? 0n);
      }
    }
  });

  it("follows an exit that anybody carries out without a target", async function () {
    // The way into ether brings no reward; that of ether out of it does.
    await abandon(life.world, ["bitcoin", "ethereum"]);
    ledger = await fetchLedger(life.source);
    const block = Number(await life.source.client.getBlockNumber());
    auditLedger(ledger.lines);

    expect(count("RewardPaid")).to.be.above(0);
    expect(await differencesAt(block)).to.deep.equal([]);
  });
});
