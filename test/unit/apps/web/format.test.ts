import { expect } from "chai";

import {
  formatAmount,
  formatChange,
  formatPrice,
  formatSpan,
  formatTime,
  formatUsd,
  shortHex,
} from "../../../../src/apps/web/format.ts";

describe("the page's formats", function () {
  it("show a price with what matters of it, also far below a cent", function () {
    expect(formatPrice("51750.123")).to.equal("51,750.12");
    expect(formatPrice("0.90346")).to.equal("0.9035");
    expect(formatPrice("0.000000005123")).to.equal("5.123 × 10⁻⁹");
    expect(formatPrice("0")).to.equal("0");
  });

  it("show an amount with about seven digits, two of them behind the point at least", function () {
    expect(formatAmount("20000")).to.equal("20,000.00");
    expect(formatAmount("3.3453732")).to.equal("3.345373");
    expect(formatAmount("0")).to.equal("0.00");
  });

  it("show cents where they matter", function () {
    expect(formatUsd("99.999")).to.equal("100.00 USD");
    expect(formatUsd("1048632.15")).to.equal("1,048,632 USD");
  });

  it("show the sign of a change, and none of nothing", function () {
    expect(formatChange(0.012)).to.equal("+1.20 %");
    expect(formatChange(-0.012)).to.equal("−1.20 %");
    expect(formatChange(0)).to.equal("0.00 %");
  });

  it("show times in UTC, spans in the two largest units, and hashes by their ends", function () {
    expect(formatTime(1_630_886_400)).to.equal("2021-09-06 00:00 UTC");
    expect(formatSpan(2 * 86_400 + 3 * 3600 + 59)).to.equal("2 d 3 h");
    expect(formatSpan(0)).to.equal("now");
    expect(shortHex("0x1234567890abcdef")).to.equal("0x1234…cdef");
  });
});
