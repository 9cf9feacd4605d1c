import { expect } from "chai";

import { amountTyped } from "../../../../src/apps/web/views/invest/amount.ts";

const USDC = { symbol: "USDC", decimals: 6 };

describe("amountTyped", function () {
  it("reads whole units and decimals to the last unit", function () {
    expect(amountTyped("1234.5", USDC)).to.deep.equal({ amount: 1_234_500_000n, fault: undefined });
    expect(amountTyped(" 0.000001 ", USDC)).to.deep.equal({ amount: 1n, fault: undefined });
  });

  it("takes commas between thousands", function () {
    expect(amountTyped("1,234,567.89", USDC).amount).to.equal(1_234_567_890_000n);
  });

  it("refuses a comma that may be meant as a decimal point", function () {
    for (const text of ["1,5", "1234,5", "1,23", "12,3456"]) expect(amountTyped(text, USDC).amount).to.equal(undefined);
  });

  it("refuses what is no amount, zero, and more decimals than the token has", function () {
    for (const text of ["", "-1", "1e3", "abc", "0", "0.00", "0.0000001", "1.", ".5", "0x10"]) {
      expect(amountTyped(text, USDC).amount, text).to.equal(undefined);
    }
  });
});
