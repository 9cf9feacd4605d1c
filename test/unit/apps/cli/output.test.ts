// Tests of src/apps/cli/output.ts.
import { expect } from "chai";
import { AppError, type FailureKind, OutOfRangeError, UsageError } from "../../../../src/core/errors.ts";
import { exitCodeOf, formatPpm, formatTable } from "../../../../src/apps/cli/output.ts";
import { formatNumber } from "../../../../src/site/amounts.ts";

class SampleError extends AppError {
  readonly code = "SAMPLE";
  readonly kind: FailureKind;

  constructor(kind: FailureKind) {
    super("sample");
    this.kind = kind;
  }
}

describe("formatTable", function () {
  it("aligns cells under their headers", function () {
    const table = formatTable(
      [
        { header: "coin", align: "left" },
        { header: "price [USD]", align: "right" },
      ],
      [
        ["bitcoin", "40,000"],
        ["dai", "1"],
      ],
    );

    expect(table.split("\n")).to.deep.equal([
      "coin     price [USD]",
      "-------  -----------",
      "bitcoin       40,000",
      "dai                1",
    ]);
  });
});

describe("numbers", function () {
  it("are grouped by thousands before the point only", function () {
    expect(formatNumber(1_234_567.891234, 4)).to.equal("1,234,567.8912");
    expect(formatNumber(-1234, 0)).to.equal("-1,234");
  });

  it("in parts per million are shown as a percentage", function () {
    expect(formatPpm(507_301)).to.equal("50.7301");
  });
});

describe("exitCodeOf", function () {
  it("tells who can mend a failure", function () {
    const kinds: readonly FailureKind[] = ["usage", "data", "risk", "chain"];

    expect(kinds.map((kind) => exitCodeOf(new SampleError(kind)))).to.deep.equal([2, 3, 4, 5]);
    expect(exitCodeOf(new UsageError("u"))).to.equal(2);
    expect(exitCodeOf(new OutOfRangeError("q", 1, "two"))).to.equal(3);
  });

  it("is 1 for a defect of the program itself", function () {
    expect(exitCodeOf(new TypeError("defect"))).to.equal(1);
  });
});
