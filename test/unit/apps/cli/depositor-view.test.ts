import { expect } from "chai";
import type { Address } from "viem";

import { accountOf } from "../../../../src/apps/cli/signer.ts";
import { termsOf } from "../../../../src/apps/cli/commands/redeem-in-kind.ts";
import { BalanceTooSmallError, assetNamed, sharesAsked, sharesFor } from "../../../../src/apps/cli/depositor-view.ts";
import { cutoffAfter, valueOfShares } from "../../../../src/site/money.ts";
import { UsageError } from "../../../../src/core/errors.ts";
import { WAD, unixSeconds } from "../../../../src/core/units.ts";
import type { DeployedAsset, Deployment } from "../../../../src/execute/deployment.ts";

const OWNER: Address = "0x00000000000000000000000000000000000000A1";

function asset(index: number, coinId: string, facts: Pick<DeployedAsset, "symbol" | "decimals">): DeployedAsset {
  const token: Address = `0x${index.toString(16).padStart(40, "0")}`;
  return { index, coinId, token, isStable: false, ...facts };
}

const ASSETS = [
  asset(0, "usd-coin", { symbol: "USDC", decimals: 6 }),
  asset(1, "ethereum", { symbol: "ETH", decimals: 18 }),
  asset(2, "bitcoin", { symbol: "BTC", decimals: 8 }),
  asset(3, "one", { symbol: "DUP", decimals: 18 }),
  asset(4, "two", { symbol: "DUP", decimals: 18 }),
];
const DEPLOYMENT = { assets: ASSETS } as unknown as Deployment; // only its assets are read

/** 150 USD for 100 shares: 1.5 USD a share. */
const VIEW = {
  time: unixSeconds(0),
  coins: 0n,
  shares: 7n * WAD,
  nav: 150n * WAD,
  supply: 100n * WAD,
  unpriced: 0,
  coinPrice: WAD,
};

describe("assetNamed", function () {
  it("finds a coin by its id", function () {
    expect(assetNamed("bitcoin", DEPLOYMENT).index).to.equal(2);
  });

  it("finds a coin by its symbol in any case", function () {
    expect(assetNamed("btc", DEPLOYMENT).index).to.equal(2);
  });

  it("refuses a symbol that two coins have", function () {
    expect(() => assetNamed("DUP", DEPLOYMENT)).to.throw(UsageError, "a symbol that several coins have");
  });

  it("refuses an unknown coin", function () {
    expect(() => assetNamed("foo", DEPLOYMENT)).to.throw(UsageError, "which it has not listed");
  });
});

describe("sharesAsked", function () {
  it("gives all that the account has", function () {
    expect(sharesAsked("all", OWNER, VIEW)).to.equal(7n * WAD);
  });

  it("refuses more than that", function () {
    expect(() => sharesAsked("7.5", OWNER, VIEW)).to.throw(BalanceTooSmallError, "Expected 7.5 TM100");
  });

  it("refuses an account without any", function () {
    expect(() => sharesAsked("all", OWNER, { shares: 0n })).to.throw(BalanceTooSmallError, "found 0");
  });
});

describe("sharesFor", function () {
  it("divides the deposit's value by that of a share", function () {
    expect(sharesFor(3_000_000n, { symbol: "USDC", decimals: 6 }, VIEW)).to.equal(2n * WAD); // 3 USD / 1.5
  });

  it("gives one share a dollar before there are any", function () {
    const empty = { ...VIEW, nav: 0n, supply: 0n };

    expect(sharesFor(3_000_000n, { symbol: "USDC", decimals: 6 }, empty)).to.equal(3n * WAD);
  });

  it("is unknown without a price of the coin", function () {
    expect(sharesFor(1n, { symbol: "USDC", decimals: 6 }, { ...VIEW, coinPrice: 0n })).to.equal(undefined);
  });
});

describe("valueOfShares", function () {
  it("multiplies by the value of a share", function () {
    expect(valueOfShares(2n * WAD, VIEW)).to.equal(3n * WAD);
  });
});

describe("cutoffAfter", function () {
  // 2021-09-06 was a Monday; its week ends as 2021-09-13 begins.
  it("is the end of the week on its first second", function () {
    expect(cutoffAfter(1_630_886_400)).to.equal(1_631_491_200);
  });

  it("is the end of the week on its last second", function () {
    expect(cutoffAfter(1_631_491_199)).to.equal(1_631_491_200);
  });
});

describe("termsOf", function () {
  it("skips wrapped ether in transit with wrapped ether", function () {
    expect(termsOf({ skip: ["ETH"], min: [] }, DEPLOYMENT).skipped).to.deep.equal([1, 255]);
  });

  it("reads a minimum in the coin's own units", function () {
    const { minimums } = termsOf({ skip: [], min: ["BTC=0.5"] }, DEPLOYMENT);

    expect(minimums).to.deep.equal([{ asset: 2, amount: 50_000_000n }]);
  });

  for (const min of ["BTC", "BTC=", "BTC=1=2", "BTC=x", "foo=1", "BTC=0.123456789"]) {
    it(`refuses the minimum '${min}'`, function () {
      expect(() => termsOf({ skip: [], min: [min] }, DEPLOYMENT)).to.throw(UsageError);
    });
  }

  it("refuses a coin that is skipped and demanded", function () {
    expect(() => termsOf({ skip: ["BTC"], min: ["bitcoin=1"] }, DEPLOYMENT)).to.throw(UsageError, "found it in both");
  });
});

describe("accountOf", function () {
  it("knows the development accounts on the local chain", function () {
    // The second account of the mnemonic that every development chain knows is the owner.
    expect(accountOf({ account: "owner" }, 31337).address).to.equal("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
  });

  it("refuses them on any other chain", function () {
    expect(() => accountOf({ account: "owner" }, 1)).to.throw(UsageError, "everybody knows the key");
  });
});
