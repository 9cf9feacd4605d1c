import { expect } from "chai";

import { completeSpec, depthUsd, feedDecimals, needsResize } from "../../src/world/rules.ts";

const NAMES = Array.from({ length: 400 }, (_, index) => `coin-${index}`);

function specOf(coinId: string, volumeUsd = 1e8) {
  return completeSpec({ coinId, symbol: coinId, priceUsd: 1, volumeUsd }, false);
}

describe("completeSpec", function () {
  it("keeps what the caller chose", function () {
    const spec = completeSpec(
      { coinId: "a", symbol: "A", priceUsd: 1, volumeUsd: 1, decimals: 7, fee: 500, quote: "USDC", hasFeed: true },
      false,
    );

    expect(spec).to.include({ decimals: 7, fee: 500, quote: "USDC", hasFeed: true });
  });

  it("gives the same coin the same token wherever it stands", function () {
    expect(specOf("aave").decimals).to.equal(completeSpec({ ...specOf("aave") }, true).decimals);
  });

  it("uses 6, 8 and 18 decimals", function () {
    expect(new Set(NAMES.map((name) => specOf(name).decimals))).to.deep.equal(new Set([6, 8, 18]));
  });

  it("prices most coins in WETH", function () {
    const part = NAMES.filter((name) => specOf(name).quote === "WETH").length / NAMES.length;

    expect(part).to.be.within(0.6, 0.8);
  });

  it("prices ether in USDC", function () {
    expect(specOf("ethereum").quote).to.equal("USDC");
  });

  it("gives bitcoin 8 decimals", function () {
    expect(specOf("bitcoin").decimals).to.equal(8);
  });

  it("gives bitcoin a feed wherever it stands", function () {
    expect(specOf("bitcoin").hasFeed).to.equal(true);
  });

  it("gives a coin of the lower half no feed", function () {
    expect(specOf("nem").hasFeed).to.equal(false);
  });

  it("makes tether a token that returns nothing", function () {
    expect(specOf("tether").quirk).to.equal("no-return");
  });

  it("gives stablecoins the tier of 0.01 %", function () {
    expect(specOf("dai").fee).to.equal(100);
  });

  it("gives 500 M USD a day the tier of 0.05 %", function () {
    expect(specOf("a", 500e6).fee).to.equal(500);
  });

  it("gives 10 M USD a day the tier of 0.3 %", function () {
    expect(specOf("a", 10e6).fee).to.equal(3000);
  });

  it("gives less than 10 M USD a day the tier of 1 %", function () {
    expect(specOf("a", 9.9e6).fee).to.equal(10_000);
  });
});

describe("depthUsd", function () {
  it("is 0.5 % of a day's volume", function () {
    expect(depthUsd(200e6)).to.equal(1e6);
  });

  it("is never below 2,000 USD", function () {
    expect(depthUsd(0)).to.equal(2000);
  });

  it("is never above 50 M USD", function () {
    expect(depthUsd(1e12)).to.equal(50e6);
  });
});

describe("needsResize", function () {
  it("leaves a position that is twice too deep", function () {
    expect(needsResize(200n, 100n)).to.equal(false);
  });

  it("changes a position that is more than twice too deep", function () {
    expect(needsResize(201n, 100n)).to.equal(true);
  });

  it("changes a position that is less than half as deep", function () {
    expect(needsResize(49n, 100n)).to.equal(true);
  });
});

describe("feedDecimals", function () {
  it("gives small prices 18 decimals", function () {
    expect(feedDecimals(7e-6)).to.equal(18);
  });

  it("gives other prices 8 decimals", function () {
    expect(feedDecimals(0.01)).to.equal(8);
  });
});
