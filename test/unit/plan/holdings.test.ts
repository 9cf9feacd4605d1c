import { expect } from "chai";

import { bps, tokenUnits, wad } from "../../../src/core/units.ts";
import { aimOf, bpsOf, fairOutput, heldValue, isOnPeg } from "../../../src/plan/holdings.ts";
import { BTC, UNI, USDC, WETH, holdingsOf, units, usd } from "./support.ts";

describe("isOnPeg", function () {
  it("holds from 0.985 to 1.015 USD, ends included", function () {
    const answers = [984_999n, 985_000n, 1_015_000n, 1_015_001n].map((price) => isOnPeg(wad(price * 10n ** 12n)));

    expect(answers).to.deep.equal([false, true, true, false]);
  });
});

describe("aimOf", function () {
  it("shares out the NAV by the weights", function () {
    const assets = [{ ...USDC, balance: 1000n * 10n ** 6n }, WETH, { ...BTC, weight: 1_000_000 }];

    const aim = aimOf(holdingsOf({ assets }));

    expect(aim.nav).to.equal(usd(1000));
    expect(aim.targets.get(3)).to.equal(usd(1000));
    expect(aim.targets.get(0)).to.equal(0n);
  });

  it("counts deposits that the start strikes, and lets them pay for no redemption", function () {
    const assets = [{ ...USDC, balance: 900n * 10n ** 6n, weight: 1_000_000 }, WETH];
    const books = { assets, supply: 900n * 10n ** 18n, sharesDue: 100n * 10n ** 18n };

    const aim = aimOf(holdingsOf({ ...books, depositsDue: tokenUnits(100n * 10n ** 6n) }));

    // 1,000 USD for 1,000 shares after the strike; 100 of them leave
    expect(aim.nav).to.equal(usd(1000));
    expect(aim.owed).to.equal(usd(100));
    expect(aim.targets.get(0)).to.equal(usd(1000)); // 900 stay in it by weight, and 100 are owed
  });

  it("gives deposits fewer shares by their swing, so that more is owed for those that leave", function () {
    const assets = [{ ...USDC, balance: 900n * 10n ** 6n, weight: 1_000_000 }, WETH];
    const books = { assets, supply: 900n * 10n ** 18n, sharesDue: 100n * 10n ** 18n };

    const aim = aimOf(holdingsOf({ ...books, depositsDue: tokenUnits(100n * 10n ** 6n), depositSwing: bps(100) }));

    // 100 USD less 1% are 99 shares; 1,000 USD * 100 / 999, rounded up
    expect(aim.owed).to.equal((1000n * 100n * 10n ** 18n) / 999n + 1n);
  });

  it("counts a deposit coin that is paid in at a dollar at most", function () {
    const assets = [{ ...USDC, price: wad(101n * 10n ** 16n), balance: 900n * 10n ** 6n, weight: 1_000_000 }, WETH];
    const books = { assets, supply: 909n * 10n ** 18n, sharesDue: 100n * 10n ** 18n };

    const aim = aimOf(holdingsOf({ ...books, depositsDue: tokenUnits(100n * 10n ** 6n) }));

    // 909 USD and 909 shares; 100 coins are 100 shares and bring 101 USD: 1,010 USD * 100 / 1,009, rounded up
    expect(aim.owed).to.equal((1010n * 100n * 10n ** 18n) / 1009n + 1n);
  });

  it("doubles every target when all prices double", function () {
    const assets = [USDC, WETH, BTC, UNI].map((asset, i) => ({
      ...asset,
      balance: units(asset, usd(100 * (i + 1))),
      weight: 250_000,
    }));
    const doubled = assets.map((asset) => ({ ...asset, price: 2n * asset.price }));

    const [before, after] = [aimOf(holdingsOf({ assets })), aimOf(holdingsOf({ assets: doubled }))];

    expect([...after.targets.values()]).to.deep.equal([...before.targets.values()].map((target) => 2n * target));
  });

  it("counts ether in transit, and one unit as none", function () {
    const assets = [{ ...USDC, balance: 1n }, WETH];

    expect(heldValue(holdingsOf({ assets, transit: tokenUnits(units(WETH, usd(500))) }))).to.equal(usd(500));
    expect(heldValue(holdingsOf({ assets, transit: tokenUnits(1n) }))).to.equal(0n);
  });
});

describe("fairOutput", function () {
  it("rounds up twice, as the contract does", function () {
    const { assets } = holdingsOf({ assets: [USDC, WETH, { ...UNI, price: 3n * 10n ** 18n }] });
    const [cash, , uni] = assets;

    // one unit of UNI is 3 wei of USD; 3 * 10^6 / 10^18 of a unit of USDC, rounded up
    expect(uni && cash ? fairOutput(uni, cash, 1n) : undefined).to.equal(1n);
    expect(uni && cash ? fairOutput(cash, uni, 10n ** 6n) : undefined).to.equal(333_333_333_333_333_334n);
  });
});

describe("bpsOf", function () {
  it("rounds costs up and gains towards zero", function () {
    expect(bpsOf(1n, 10_000n)).to.equal(1);
    expect(bpsOf(11n, 100_000n)).to.equal(2);
    expect(bpsOf(-11n, 100_000n)).to.equal(-1);
  });
});
