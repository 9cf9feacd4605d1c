// Tests of src/core/time.ts.
import { expect } from "chai";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import {
  addDays,
  dateOf,
  dateOfDay,
  dayNumber,
  dateOfExit,
  exitTargetId,
  isoDate,
  mondayOf,
  mondayOfTarget,
  startOfDay,
  weekOf,
  weeklyTargetId,
  weekday,
} from "../../../src/core/time.ts";

describe("time", function () {
  for (const text of ["2024-02-30", "2023-02-29", "24-01-01", "2024-1-1", "2024-01-01T00:00", "", "today"]) {
    it(`refuses the date '${text}'`, function () {
      expect(() => isoDate(text)).to.throw(OutOfRangeError);
    });
  }

  it("counts days from 1970-01-01", function () {
    expect(dayNumber(isoDate("1970-01-02"))).to.equal(1);
    expect(dateOfDay(dayNumber(isoDate("2024-02-29")))).to.equal("2024-02-29");
  });

  it("steps over the end of a leap February", function () {
    expect(addDays(isoDate("2024-02-28"), 2)).to.equal("2024-03-01");
    expect(addDays(isoDate("2024-03-01"), -1)).to.equal("2024-02-29");
  });

  it("finds the Monday of a week", function () {
    expect(weekday(isoDate("2021-10-25"))).to.equal(0); // a Monday
    expect(mondayOf(isoDate("2021-10-31"))).to.equal("2021-10-25"); // the Sunday after it
    expect(mondayOf(isoDate("2021-10-25"))).to.equal("2021-10-25");
  });

  it("begins week 1 on the second Monday of 1970", function () {
    expect(weekOf(startOfDay(isoDate("1970-01-05")))).to.equal(0);
    expect(weekOf(startOfDay(isoDate("1970-01-11")))).to.equal(0);
    expect(weekOf(startOfDay(isoDate("1970-01-12")))).to.equal(1);
  });

  it("numbers a week's regular target by eight and an exit by its day", function () {
    expect(weeklyTargetId(isoDate("1970-01-15"))).to.equal(8); // week 1, n = 0
    expect(exitTargetId(isoDate("1970-01-12"))).to.equal(9); // Monday: n = 1
    expect(exitTargetId(isoDate("1970-01-18"))).to.equal(15); // Sunday: n = 7
    expect([8, 9, 15].map(dateOfExit)).to.deep.equal([undefined, "1970-01-12", "1970-01-18"]);
    expect([8, 15].map(mondayOfTarget)).to.deep.equal(["1970-01-12", "1970-01-12"]);
  });

  it("knows the day in which a second lies", function () {
    expect(dateOf(86_399)).to.equal("1970-01-01");
    expect(dateOf(86_400)).to.equal("1970-01-02");
  });
});
