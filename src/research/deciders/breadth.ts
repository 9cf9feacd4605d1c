// Turns the grades of the index's coins into wishes: bear when too few coins have a high grade.
import type { MarketPath } from "../market-path.ts";
import { type GradeName, gradesOf } from "../grades.ts";
import type { Decider, Wish } from "./decider.ts";

/** A grade from here on is high. */
const HIGH_GRADE = 60;
/** {1} Below this share of high grades the market is bearish: the vendor's published limit. */
const BEARISH_BELOW = 0.4;

/** {1} Share of high grades among the index's graded coins, each Sunday; NaN where none has a grade. */
export function breadthOf({ compositions }: Pick<MarketPath, "compositions">, name: GradeName): Float64Array {
  return Float64Array.from(compositions, (composition) => {
    const grades = gradesOf(composition, name).filter((grade) => !Number.isNaN(grade));
    return grades.filter((grade) => grade >= HIGH_GRADE).length / grades.length;
  });
}

/** Bear when fewer than 40 % of the index's coins have a grade of 60 or more. */
export function breadthDecider(name: GradeName): Decider {
  return {
    name: `breadth-${name}`,
    wishes: (path) => {
      const wishes: Wish[] = [];
      for (const share of breadthOf(path, name)) {
        wishes.push(Number.isNaN(share) ? undefined : share < BEARISH_BELOW ? "bear" : "bull");
      }
      return wishes;
    },
  };
}
