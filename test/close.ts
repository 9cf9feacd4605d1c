// Turns two numbers, or two rows of them, into the fact that they agree.
import { expect } from "chai";

/** Fails unless `actual` lies within `tolerance` of `expected`, relative to it where it is above 1. */
export function expectClose(actual: number | undefined, expected: number, tolerance = 1e-9): void {
  const room = tolerance * Math.max(1, Math.abs(expected));
  expect(actual).to.be.within(expected - room, expected + room);
}

/** Fails unless both rows have one length and agree number by number. */
export function expectAllClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-9): void {
  expect(actual.length).to.equal(expected.length);
  expected.forEach((value, i) => {
    expectClose(actual[i], value, tolerance);
  });
}

/** Fails unless `actual` has every figure of `expected`, and they agree. */
export function expectFigures(
  actual: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): void {
  for (const [key, value] of Object.entries(expected)) {
    expect(actual[key], key).to.be.within(
      value - 1e-9 * Math.max(1, Math.abs(value)),
      value + 1e-9 * Math.max(1, Math.abs(value)),
    );
  }
}
