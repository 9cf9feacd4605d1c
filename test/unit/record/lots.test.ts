import { expect } from "chai";

import { unixSeconds } from "../../../src/core/units.ts";
import { LotBooks } from "../../../src/record/lot-books.ts";
import { LOT_METHODS, type Lot, type LotMethod, takeLots, totalOf } from "../../../src/record/lots.ts";

const lot = (day: number, quantity: bigint, cost: bigint): Lot => ({ acquired: unixSeconds(day), quantity, cost });

/** Ten units each, at 10, 20 and 15 a unit. */
const A = lot(1, 10n, 100n);
const B = lot(2, 10n, 200n);
const C = lot(3, 10n, 150n);
/** Ten more at 30 a unit, bought later. */
const D = lot(4, 10n, 300n);

/** Costs of sales, one after the other; a lot in between is a purchase. */
function costsOf(method: LotMethod, steps: readonly (bigint | Lot)[], start: readonly Lot[] = [A, B, C]): bigint[] {
  let lots = start;
  const costs: bigint[] = [];
  for (const step of steps) {
    if (typeof step !== "bigint") {
      lots = [...lots, step];
      continue;
    }
    const { taken, left } = takeLots(lots, step, method);
    costs.push(totalOf(taken).cost);
    lots = left;
  }
  return costs;
}

describe("takeLots", function () {
  describe("first in, first out", function () {
    it("sells 15 of 30 for what the oldest had cost", function () {
      // All of A, 100, and half of B, 200 * 5 / 10 = 100.
      expect(costsOf("fifo", [15n])).to.deep.equal([200n]);
    });

    it("goes on where the sale before ended", function () {
      // A and 2 of B: 100 + 200 * 2 / 10 = 140. Then 8 of B and 4 of C: 160 + 150 * 4 / 10 = 220.
      expect(costsOf("fifo", [12n, 12n])).to.deep.equal([140n, 220n]);
    });

    it("leaves what was bought between for later", function () {
      // 5 of A: 50. Then 5 of A, B and 5 of C: 50 + 200 + 75 = 325.
      expect(costsOf("fifo", [5n, D, 20n])).to.deep.equal([50n, 325n]);
    });
  });

  describe("last in, first out", function () {
    it("sells 15 of 30 for what the newest had cost", function () {
      // All of C, 150, and half of B, 100.
      expect(costsOf("lifo", [15n])).to.deep.equal([250n]);
    });

    it("goes on where the sale before ended", function () {
      // C and 2 of B: 150 + 40 = 190. Then 8 of B and 4 of A: 160 + 40 = 200.
      expect(costsOf("lifo", [12n, 12n])).to.deep.equal([190n, 200n]);
    });

    it("takes what was bought between first", function () {
      // 5 of C: 75. Then D, 5 of C and 5 of B: 300 + 75 + 100 = 475.
      expect(costsOf("lifo", [5n, D, 20n])).to.deep.equal([75n, 475n]);
    });
  });

  describe("highest in, first out", function () {
    it("sells 15 of 30 for what the dearest had cost", function () {
      // All of B at 20, 200, and half of C at 15, 75.
      expect(costsOf("hifo", [15n])).to.deep.equal([275n]);
    });

    it("goes on where the sale before ended", function () {
      // B and 2 of C: 200 + 30 = 230. Then 8 of C and 4 of A: 120 + 40 = 160.
      expect(costsOf("hifo", [12n, 12n])).to.deep.equal([230n, 160n]);
    });

    it("takes what was bought between when it is dearer", function () {
      // 5 of B: 100. Then D at 30, 5 of B at 20 and 5 of C at 15: 300 + 100 + 75 = 475.
      expect(costsOf("hifo", [5n, D, 20n])).to.deep.equal([100n, 475n]);
    });

    it("compares the cost of a unit and not of a lot, and takes the older of two alike", function () {
      // 2 units for 30 are dearer than 10 for 100; of two at 10 a unit the first goes.
      const { taken, left } = takeLots([A, lot(2, 10n, 100n), lot(3, 2n, 30n)], 5n, "hifo");

      expect(taken).to.deep.equal([lot(3, 2n, 30n), lot(1, 3n, 30n)]);
      expect(left).to.deep.equal([lot(1, 7n, 70n), lot(2, 10n, 100n)]);
    });
  });

  describe("average cost", function () {
    it("sells 15 of 30 for half of what all had cost", function () {
      // 450 * 15 / 30 = 225.
      expect(costsOf("average", [15n])).to.deep.equal([225n]);
    });

    it("keeps the average from sale to sale", function () {
      // 450 * 12 / 30 = 180. Then 270 * 12 / 18 = 180.
      expect(costsOf("average", [12n, 12n])).to.deep.equal([180n, 180n]);
    });

    it("changes the average with a purchase, and rounds down", function () {
      // 450 * 5 / 30 = 75. Then 375 + 300 for 35: 675 * 20 / 35 = 385.7.
      expect(costsOf("average", [5n, D, 20n])).to.deep.equal([75n, 385n]);
    });

    it("knows no date of what it takes", function () {
      expect(takeLots([A, B], 1n, "average").taken[0]?.acquired).to.equal(undefined);
    });
  });

  for (const method of LOT_METHODS) {
    it(`loses no cost to rounding (${method})`, function () {
      // 100 for 7: 3 of them 42, rounded down; 3 of the other 4 for 58 then 43; the last one 15. Together 100.
      expect(costsOf(method, [3n, 3n, 1n], [lot(1, 7n, 100n)])).to.deep.equal([42n, 43n, 15n]);
    });

    it(`says how much more was sold than there was (${method})`, function () {
      const { taken, left, missing } = takeLots([A, B], 25n, method);

      expect([totalOf(taken), left, missing]).to.deep.equal([{ quantity: 20n, cost: 300n }, [], 5n]);
    });
  }
});

describe("LotBooks", function () {
  const about = { time: unixSeconds(9), sequence: 7, asset: "TM100", kind: "redemption" } as const;

  it("shares the proceeds by quantity, the last part getting the rest", function () {
    const books = new LotBooks("fifo");
    books.acquire("alice", A);
    books.acquire("alice", B);

    books.dispose("alice", { ...about, quantity: 13n, proceeds: 200n });

    // 10 of 13: 153.8, rounded down; 3 of 13: the other 47. Cost of 3 of B: 60.
    expect(books.disposals("alice").map(({ proceeds, cost }) => [proceeds, cost])).to.deep.equal([
      [153n, 100n],
      [47n, 60n],
    ]);
  });

  it("hands lots on with cost and date", function () {
    const books = new LotBooks("fifo");
    books.acquire("alice", A);

    books.move("alice", "bob", 4n);

    expect(books.lots("alice")).to.deep.equal([lot(1, 6n, 60n)]);
    expect(books.lots("bob")).to.deep.equal([lot(1, 4n, 40n)]);
  });

  it("counts what came from nowhere as bought for nothing, and says so", function () {
    const books = new LotBooks("fifo");

    books.dispose("alice", { ...about, quantity: 5n, proceeds: 80n });

    const [disposal] = books.disposals("alice");
    expect([disposal?.cost, disposal?.proceeds, disposal?.isCostUnknown]).to.deep.equal([0n, 80n, true]);
  });

  it("has no gain on what is handed on in kind", function () {
    const books = new LotBooks("fifo");
    books.acquire("weth", A);

    books.dispose("weth", { ...about, kind: "in kind", quantity: 5n, proceeds: undefined });

    expect(books.disposals("weth").map(({ proceeds, cost }) => proceeds - cost)).to.deep.equal([0n]);
  });
});
