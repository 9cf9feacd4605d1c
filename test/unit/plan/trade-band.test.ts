import { expect } from "chai";

import { wad } from "../../../src/core/units.ts";
import { type Position, changesTowards, spread } from "../../../src/plan/trade-band.ts";
import { usd } from "./support.ts";

function position(asset: number, value: number, target: number): Position {
  return { asset, value: wad(usd(value)), target: wad(usd(target)) };
}

describe("changesTowards", function () {
  const nav = wad(usd(100_000));
  const still = { nav, freshCash: 0n, spareCash: 0n, cashTarget: 0n };

  it("leaves an asset inside its band alone", function () {
    const positions = [position(2, 12_000, 10_000), position(3, 8000, 10_000)]; // 20 % of 10,000 = 2,000

    expect(changesTowards({ ...still, positions })).to.deep.equal([]);
  });

  it("brings an asset outside its band to the target", function () {
    const positions = [position(2, 12_001, 10_000), position(3, 7999, 10_000)];

    expect(changesTowards({ ...still, positions })).to.deep.equal([
      { asset: 2, amount: -usd(2001), cause: "above target" },
      { asset: 3, amount: usd(2001), cause: "below target" },
    ]);
  });

  it("always trades what enters and what leaves", function () {
    const positions = [position(2, 10, 0), position(3, 0, 10)]; // 2 bps of NAV = 20, both are inside

    expect(changesTowards({ ...still, positions })).to.deep.equal([
      { asset: 2, amount: -usd(10), cause: "removed" },
      { asset: 3, amount: usd(10), cause: "added" },
    ]);
  });

  it("spreads fresh cash over the gaps in proportion, whatever the bands", function () {
    const positions = [position(2, 9700, 10_000), position(3, 9900, 10_000), position(4, 10_100, 10_000)];

    const changes = changesTowards({ ...still, positions, freshCash: usd(200), spareCash: usd(200) });

    // gaps 300 and 100, so 200 go 150 and 50
    expect(changes).to.deep.equal([
      { asset: 2, amount: usd(150), cause: "cash in" },
      { asset: 3, amount: usd(50), cause: "cash in" },
    ]);
  });

  it("raises cash for redemptions from what is above target", function () {
    const positions = [position(2, 10_300, 10_000), position(3, 10_100, 10_000), position(4, 9900, 10_000)];

    const changes = changesTowards({ ...still, positions, freshCash: -usd(200), spareCash: -usd(200) });

    expect(changes).to.deep.equal([
      { asset: 2, amount: -usd(150), cause: "cash out" },
      { asset: 3, amount: -usd(50), cause: "cash out" },
    ]);
  });

  it("sells inside the bands to pay for what lies below its band", function () {
    const positions = [position(2, 7000, 10_000), position(3, 11_500, 10_000), position(4, 11_500, 10_000)];

    const changes = changesTowards({ ...still, positions });

    expect(changes).to.deep.equal([
      { asset: 2, amount: usd(3000), cause: "below target" },
      { asset: 3, amount: -usd(1500), cause: "cash out" },
      { asset: 4, amount: -usd(1500), cause: "cash out" },
    ]);
  });

  it("leaves cash inside its own band where it is", function () {
    const positions = [position(2, 40_100, 45_000)];
    const held = { ...still, positions, cashTarget: usd(55_000) };

    expect(changesTowards({ ...held, spareCash: usd(4900) })).to.deep.equal([]); // 20 % of 55,000 = 11,000
  });

  it("leaves cash of less than 2 bps of NAV where it is", function () {
    const positions = [position(2, 9980, 10_000)];

    expect(changesTowards({ ...still, positions, freshCash: 0n, spareCash: usd(20) })).to.deep.equal([]);
  });
});

describe("spread", function () {
  it("buys no more than the gaps", function () {
    expect(spread([{ value: usd(90), target: usd(100) }], usd(50))).to.deep.equal([usd(10)]);
  });

  it("takes up to 1 % of the target more when the excess does not raise enough", function () {
    const parts = spread([{ value: usd(1010), target: usd(1000) }], -usd(500));

    expect(parts).to.deep.equal([-usd(20)]); // 10 above target, and 1 % of 1,000
  });
});
