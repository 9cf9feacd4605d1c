import { expect } from "chai";
import fc from "fast-check";

import { capsOf, firstFees, replacementFees } from "../../../src/execute/fees.ts";
import { sendingSchema } from "../../../src/execute/sending-settings.ts";

const GWEI = 10n ** 9n;
const CAPS = { maximum: 100n * GWEI, tip: 5n * GWEI };

describe("firstFees", function () {
  it("offers twice the base fee and the usual tip", function () {
    const fees = firstFees({ baseFee: 20n * GWEI, tip: GWEI }, CAPS, "trade");

    expect(fees).to.deep.equal({ maximum: 41n * GWEI, tip: GWEI }); // 2 * 20 + 1
  });

  it("tips half of the tip's cap at most, so that a replacement can tip more", function () {
    const fees = firstFees({ baseFee: 20n * GWEI, tip: 30n * GWEI }, CAPS, "trade");

    expect(fees?.tip).to.equal((5n * GWEI) / 2n);
  });

  it("has a trade wait when the base fee is fifty times as high", function () {
    expect(firstFees({ baseFee: 1000n * GWEI, tip: GWEI }, CAPS, "trade")).to.equal(undefined);
    expect(firstFees({ baseFee: 1000n * GWEI, tip: GWEI }, CAPS, "routine")).to.equal(undefined);
  });

  it("has an exit offer its cap and no more", function () {
    const fees = firstFees({ baseFee: 1000n * GWEI, tip: GWEI }, CAPS, "exit");

    expect(fees).to.deep.equal({ maximum: 100n * GWEI, tip: GWEI });
  });
});

describe("capsOf", function () {
  const settings = sendingSchema.parse({});

  it("lowers the cap to what the budget pays for the whole gas limit", function () {
    const caps = capsOf(settings, "exit", { room: 10n ** 18n, gas: 10_000_000n }); // 1 ether / 10 M gas

    expect(caps.maximum).to.equal(100n * GWEI);
  });

  it("leaves nothing when nothing is left", function () {
    expect(capsOf(settings, "exit", { room: 0n, gas: 21_000n })).to.deep.equal({ maximum: 0n, tip: 0n });
  });
});

describe("replacementFees", function () {
  const fee = fc.bigInt({ min: 1n, max: 200n * GWEI });

  it("is an eighth above both fees at least, within the caps, or nothing", function () {
    fc.assert(
      fc.property(fee, fee, fee, (maximum, baseFee, marketTip) => {
        const present = { maximum, tip: maximum / 3n };
        const next = replacementFees(present, { baseFee, tip: marketTip }, CAPS);
        if (next === undefined)
          return maximum * 1125n > CAPS.maximum * 1000n - 1000n || present.tip * 1125n > CAPS.tip * 1000n - 1000n;
        const isHigher = next.maximum * 1000n >= maximum * 1125n && next.tip * 1000n >= present.tip * 1125n;
        return isHigher && next.maximum <= CAPS.maximum && next.tip <= CAPS.tip && next.tip <= next.maximum;
      }),
    );
  });

  it("goes with a market that rose more", function () {
    const next = replacementFees({ maximum: 10n * GWEI, tip: GWEI }, { baseFee: 30n * GWEI, tip: 2n * GWEI }, CAPS);

    expect(next).to.deep.equal({ maximum: 62n * GWEI, tip: 2n * GWEI }); // 2 * 30 + 2
  });

  it("is nothing when the caps leave no room for an eighth", function () {
    expect(replacementFees({ maximum: 90n * GWEI, tip: GWEI }, { baseFee: GWEI, tip: GWEI }, CAPS)).to.equal(undefined);
    expect(replacementFees({ maximum: GWEI, tip: CAPS.tip }, { baseFee: GWEI, tip: GWEI }, CAPS)).to.equal(undefined);
  });
});
