// What every deliberate failure carries.
import { expect } from "chai";

import { AppError, assertNever, OutOfRangeError } from "../../../src/core/errors.ts";

describe("OutOfRangeError", function () {
  const error = new OutOfRangeError("volatility", -1, "positive");

  it("says what was expected and what was found", function () {
    expect(error.message).to.equal("volatility must be positive, but is -1.");
  });

  it("is an AppError with a stable code that no repetition mends", function () {
    expect(error).to.be.instanceOf(AppError);
    expect([error.code, error.kind, error.retryable]).to.deep.equal(["OUT_OF_RANGE", "data", false]);
  });
});

describe("assertNever", function () {
  it("throws when a value gets past the compiler", function () {
    expect(() => assertNever("new kind" as never)).to.throw(TypeError, "new kind");
  });
});
