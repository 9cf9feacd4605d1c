// Tests of src/plan/upkeep.ts.
import { expect } from "chai";

import { tokenUnits, unixSeconds, wad } from "../../../src/core/units.ts";
import { type AssetFacts, type UpkeepFacts, dueUpkeep } from "../../../src/plan/upkeep.ts";

const DAY = 86_400;
const NOW = unixSeconds(1_700_000_000);
const CAROL = "0x00000000000000000000000000000000000000c0";

/** Ten dollars a token of 6 decimals, long listed, and nothing wrong with it. */
const SOUND: AssetFacts = {
  index: 7,
  symbol: "ALP",
  decimals: 6,
  listedAt: unixSeconds(NOW - 400 * DAY),
  isYoung: false,
  isHeld: true,
  isStable: false,
  price: wad(10n ** 19n),
  surplus: tokenUnits(10_000n), // of the trial at its listing
  moves: true,
  isUnmovable: false,
  failedAt: undefined,
};

function facts(asset: Partial<AssetFacts>, fund: Partial<UpkeepFacts> = {}): UpkeepFacts {
  const assets = [{ ...SOUND, ...asset }];
  const calm = { abandonedFrom: unixSeconds(NOW + 1), busyUntil: unixSeconds(0), isEtherInTransit: false };
  const idle = { isRunning: false, isRequestDue: false, uncredited: [], ...calm };
  return { time: NOW, regime: "bull", assets, ...idle, ...fund };
}

/** What is due, in one word each. */
function due(asset: Partial<AssetFacts>, fund: Partial<UpkeepFacts> = {}): string[] {
  return dueUpkeep(facts(asset, fund)).map(({ kind }) => kind);
}

describe("dueUpkeep", function () {
  it("is nothing for a sound asset", function () {
    expect(dueUpkeep(facts({}))).to.deep.equal([]);
  });

  it("writes down what the token lacks, in any regime", function () {
    for (const regime of ["bull", "bear"] as const) {
      expect(dueUpkeep(facts({ surplus: undefined }, { regime }))).to.deep.equal([
        { kind: "write-down", asset: 7, why: "the token has less than the books and what is owed" },
      ]);
    }
  });

  it("ends youth after 30 days, to the second", function () {
    const listedAt = (age: number): Partial<AssetFacts> => ({ isYoung: true, listedAt: unixSeconds(NOW - age) });

    expect(due(listedAt(30 * DAY))).to.deep.equal(["mature"]);
    expect(due(listedAt(30 * DAY - 1))).to.deep.equal([]);
  });

  it("leaves an asset alone that never was young, or is no longer", function () {
    expect(due({ isYoung: false, listedAt: unixSeconds(NOW - 31 * DAY) })).to.deep.equal([]);
  });

  describe("of a fund that is abandoned", function () {
    const gone = { abandonedFrom: NOW };

    it("sells what is held for stablecoins, from the second on, ether last", function () {
      const assets = [1, 5, 2].map((index) => ({ ...SOUND, index, isStable: index === 2 }));
      const sold = (abandonedFrom: number) =>
        dueUpkeep({ ...facts({}), assets, abandonedFrom: unixSeconds(abandonedFrom) }).map((each) =>
          each.kind === "exit" ? each.asset : each.kind,
        );

      expect(sold(NOW)).to.deep.equal([5, 1]);
      expect(sold(NOW + 1)).to.deep.equal([]);
    });

    it("sells nothing in stablecoins, nor before a rebalance has had its time", function () {
      expect(due({}, { ...gone, regime: "bear" })).to.deep.equal([]);
      expect(due({}, { ...gone, busyUntil: NOW })).to.deep.equal([]);
      expect(due({}, { ...gone, busyUntil: unixSeconds(NOW - 1) })).to.deep.equal(["exit"]);
    });

    it("leaves what cannot be sold, and sells ether that is in transit alone", function () {
      expect(due({ price: wad(0n) }, gone)).to.deep.equal([]);
      expect(due({ isHeld: false }, gone)).to.deep.equal([]);
      expect(due({ isUnmovable: true, moves: false }, gone)).to.deep.equal([]);
      expect(due({ index: 1, isHeld: false }, { ...gone, isEtherInTransit: true })).to.deep.equal(["exit"]);
    });
  });

  describe("of a token that does not move", function () {
    const stuck = (ago?: number): Partial<AssetFacts> => ({
      moves: false,
      failedAt: ago === undefined ? undefined : unixSeconds(NOW - ago),
    });

    it("is a first probe", function () {
      expect(due(stuck())).to.deep.equal(["probe"]);
    });

    it("is a second one from an hour to seven days later", function () {
      expect(due(stuck(3599))).to.deep.equal([]);
      expect(dueUpkeep(facts(stuck(3600)))[0]?.why).to.contain("its quarantine begins");
      expect(dueUpkeep(facts(stuck(7 * DAY)))[0]?.why).to.contain("its quarantine begins");
    });

    it("is a first one again after seven days", function () {
      expect(dueUpkeep(facts(stuck(7 * DAY + 1)))[0]?.why).to.contain("a second probe");
    });

    it("is nothing while it is in quarantine", function () {
      expect(due({ ...stuck(3600), isUnmovable: true })).to.deep.equal([]);
    });

    it("is nothing when it is not held", function () {
      expect(due({ ...stuck(), isHeld: false })).to.deep.equal([]);
    });
  });

  describe("of a token that moves again", function () {
    it("is a probe that ends its quarantine, held or not", function () {
      for (const isHeld of [true, false]) expect(due({ isUnmovable: true, isHeld })).to.deep.equal(["probe"]);
    });

    it("is a probe that forgets the failed one while that counts", function () {
      expect(due({ failedAt: unixSeconds(NOW - 7 * DAY) })).to.deep.equal(["probe"]);
      expect(due({ failedAt: unixSeconds(NOW - 7 * DAY - 1) })).to.deep.equal([]);
    });
  });

  it("is no probe of a token of which the vault has no unit to try it with", function () {
    expect(due({ moves: undefined, isUnmovable: true })).to.deep.equal([]);
  });

  describe("of a surplus", function () {
    const gift = { surplus: tokenUnits(1_000_000n) }; // one token: ten dollars

    it("is a sweep from ten dollars on", function () {
      expect(dueUpkeep(facts(gift))).to.deep.equal([
        { kind: "sweep", asset: 7, why: "10 USD of the token are in no book" },
      ]);
      expect(due({ surplus: tokenUnits(999_999n) })).to.deep.equal([]);
    });

    for (const [when, fund] of [
      ["in stablecoins", { regime: "bear" }],
      ["while a rebalance is under way", { isRunning: true }],
      ["while requests are due", { isRequestDue: true }],
    ] as const) {
      it(`waits ${when}`, function () {
        expect(due(gift, fund)).to.deep.equal([]);
      });
    }

    it("waits without a price, and for what is not held", function () {
      expect(due({ ...gift, price: wad(0n) })).to.deep.equal([]);
      expect(due({ ...gift, isHeld: false })).to.deep.equal([]);
    });
  });

  it("credits each redeemer whose units wait", function () {
    expect(dueUpkeep(facts({}, { uncredited: [CAROL] }))).to.deep.equal([
      { kind: "credit", controller: CAROL, why: "units of what a strike could not price are not credited yet" },
    ]);
  });

  it("puts the books right first", function () {
    const asset = { surplus: undefined, moves: false, isYoung: true } as const;

    expect(due(asset, { uncredited: [CAROL] })).to.deep.equal(["write-down", "probe", "mature", "credit"]);
  });
});
