// Turns outside settings of the regime into checked parameters.
import { z } from "zod";

/** Schema of the regime's parameters; its defaults are the published methodology. */
export const regimeSchema = z
  .strictObject({
    /** {week} One vote each: index above its mean of so many Sundays. */
    meanWeeks: z.array(z.int().min(2).max(200)).min(1).default([10, 20, 40]),
    /** {week} One vote each: index above its level so many Sundays ago. */
    momentumWeeks: z.array(z.int().min(1).max(199)).default([12, 26]),
    /** {1} Share of yes votes from which the regime is bull. */
    bullAt: z.number().min(0).max(1).default(0.6),
    /** {1} Share of yes votes down to which the regime is bear. */
    bearAt: z.number().min(0).max(1).default(0.4),
    /** {day} Time in stablecoins before a return to bull. */
    dwellDays: z.int().min(0).default(14),
    /** Returns to bull within {@link returnsWindowDays}, the new one included. */
    maxReturns: z.int().min(1).default(3),
    /** {day} */
    returnsWindowDays: z.int().min(1).default(90),
    /** {1} Share of the index without a price in the week above which the regime is held. */
    maxMissingWeight: z.number().min(0).max(1).default(0.1),
    /** {1} Share of the index's names without a price above which the regime is held, whatever they weigh. */
    maxMissingNames: z.number().min(0).max(1).default(0.25),
    /** {h} Age of a source's newest close above which the regime is held. */
    maxSourceAgeHours: z.number().min(1).default(24),
    /** {1} Distance of two sources of bitcoin's close from which the regime is held. */
    minSourcesApart: z.number().positive().default(0.02),
    /** {day} Bad data in a row delay a way to bear by no more. The contracts open the way out after as many. */
    maxHoldDays: z.int().min(0).default(21),
  })
  .refine((value) => value.bearAt < value.bullAt, { message: "expected bearAt < bullAt" });

/** Parameters of the regime. */
export type RegimeParameters = z.infer<typeof regimeSchema>;

/** Sundays, the last one included, that every vote together needs. */
export function weeksNeeded(parameters: RegimeParameters): number {
  return Math.max(...parameters.meanWeeks, ...parameters.momentumWeeks.map((weeks) => weeks + 1));
}
