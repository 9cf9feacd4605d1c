import { expect } from "chai";

import { planRebalance } from "../../../src/plan/plan.ts";
import { planReport } from "../../../src/plan/report.ts";
import { SHARES, market } from "./executable.ts";
import { inputOf } from "./support.ts";

describe("planReport", function () {
  const weights = [600_000, 0, 0, 400_000, 0, 0];
  const input = inputOf({ assets: market([0, 0, 0, 900_000, 0, 0], weights), supply: SHARES });
  const report = planReport(planRebalance(input), input.holdings.assets, 31337);

  it("writes amounts in whole units and the price between them", function () {
    const [leg] = report.legs;

    // 60 % of 30 coins
    expect([leg?.sold, leg?.bought, leg?.amount]).to.deep.equal(["BTC", "USDC", "18"]);
    expect(leg?.poolFee).to.equal("0.30");
    expect(Number(leg?.price)).to.be.within(29_000, 29_900); // less 0.3 % and the impact
    expect(leg?.feeUsd).to.equal("1620"); // 0.3 % of 540,000
  });

  it("states NAV and number of transactions", function () {
    expect([report.navUsd, report.transactions]).to.deep.equal(["900000", 1]);
  });
});
