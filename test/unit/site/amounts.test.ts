import { expect } from "chai";

import { formatAmount, formatTime, formatUsd, timeString } from "../../../src/site/amounts.ts";

describe("formatAmount", function () {
  it("shows about seven digits", function () {
    expect(formatAmount(1_234_567_891n, 6)).to.equal("1,234.568");
  });

  it("keeps two decimals of large amounts", function () {
    expect(formatAmount(123_456_789_010_000n, 6)).to.equal("123,456,789.01");
  });

  it("shows tiny amounts by their exponent", function () {
    expect(formatAmount(12n, 18)).to.equal("1.20e-17");
  });

  it("shows no more decimals than the token has", function () {
    expect(formatAmount(15n, 1)).to.equal("1.5");
  });
});

describe("formatUsd", function () {
  it("shows cents", function () {
    expect(formatUsd(1_234_567n * 10n ** 15n)).to.equal("1,234.57");
  });

  it("shows no sign before nothing", function () {
    expect(formatUsd(-1n)).to.equal("0.00");
  });
});

describe("times", function () {
  it("are minutes for people", function () {
    expect(formatTime(1_630_886_400)).to.equal("2021-09-06 00:00Z");
  });

  it("are seconds for programs", function () {
    expect(timeString(1_630_886_401)).to.equal("2021-09-06T00:00:01Z");
  });
});
