import { expect } from "chai";

import { isFinished, mayFallTo, mayRiseTo, slack, tradeBand } from "../../../src/plan/target-band.ts";
import { usd } from "./support.ts";

describe("TargetBand", function () {
  const nav = usd(1_000_000);

  describe("tradeBand", function () {
    it("is 20 % of a large target", function () {
      expect(tradeBand(usd(10_000), nav)).to.equal(usd(2000)); // 2 bps of NAV would be 200
    });

    it("is 2 bps of NAV for a small target", function () {
      expect(tradeBand(usd(500), nav)).to.equal(usd(200)); // 20 % of the target would be 100
    });
  });

  describe("isFinished", function () {
    it("takes a value at the edge of 30 % of the target", function () {
      expect(isFinished(usd(13_000), usd(10_000), nav)).to.equal(true);
      expect(isFinished(usd(7000), usd(10_000), nav)).to.equal(true);
    });

    it("refuses a value one unit beyond the edge", function () {
      expect(isFinished(usd(13_000) + 1n, usd(10_000), nav)).to.equal(false);
      expect(isFinished(usd(7000) - 1n, usd(10_000), nav)).to.equal(false);
    });

    it("leaves 3 bps of NAV of an asset that should not be held", function () {
      expect(isFinished(usd(300), 0n, nav)).to.equal(true);
      expect(isFinished(usd(300) + 1n, 0n, nav)).to.equal(false);
    });
  });

  describe("slack", function () {
    it("is 2 % of the target, at least 1 bp of NAV", function () {
      expect(slack(usd(10_000), nav)).to.equal(usd(200));
      expect(slack(usd(1000), nav)).to.equal(usd(100));
    });

    it("is nothing for an asset that should not be held", function () {
      expect(slack(0n, nav)).to.equal(0n);
      expect(mayRiseTo(1n, 0n, nav)).to.equal(false);
      expect(mayFallTo(0n, 0n, nav)).to.equal(true);
    });

    it("bounds how far a leg may pass the target", function () {
      expect(mayRiseTo(usd(10_200), usd(10_000), nav)).to.equal(true);
      expect(mayRiseTo(usd(10_200) + 1n, usd(10_000), nav)).to.equal(false);
      expect(mayFallTo(usd(9800), usd(10_000), nav)).to.equal(true);
      expect(mayFallTo(usd(9800) - 1n, usd(10_000), nav)).to.equal(false);
    });
  });
});
