import { expect } from "chai";

import { legPrice } from "../../../src/plan/leg-price.ts";
import { planRebalance } from "../../../src/plan/plan.ts";
import { SHARES, market } from "./executable.ts";
import { inputOf } from "./support.ts";

describe("legPrice", function () {
  const weights = [600_000, 0, 0, 400_000, 0, 0];
  const input = inputOf({ assets: market([0, 0, 0, 900_000, 0, 0], weights), supply: SHARES });
  const { assets } = input.holdings;

  it("is what a whole unit brings after fee and impact", function () {
    const [leg] = planRebalance(input).legs;
    if (leg === undefined) throw new TypeError("60 % of 30 coins are to be sold");

    expect([leg.soldSymbol, leg.boughtSymbol]).to.deep.equal(["BTC", "USDC"]);
    expect(legPrice(leg, assets, 31337)).to.match(/^\d{5}\.\d$/);
    expect(Number(legPrice(leg, assets, 31337))).to.be.within(29_000, 29_900); // 30,000 less 0.3 % and the impact
  });

  it("is empty for a leg that is left out", function () {
    const [leg] = planRebalance({ ...input, refusing: new Set([3]) }).legs;

    expect(leg?.outcome).to.equal("skip");
    expect(leg === undefined ? undefined : legPrice(leg, assets, 31337)).to.equal("");
  });
});
