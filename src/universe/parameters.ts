// Turns outside settings of the universe into checked parameters.
import { z } from "zod";

/** Schema of the universe's parameters; its defaults are the published methodology. */
export const universeSchema = z
  .strictObject({
    /** Names in the index. */
    size: z.int().min(1).max(200).default(100),
    /** A coin outside the index enters at this rank or better. */
    enterRank: z.int().min(1).default(90),
    /** A coin in the index leaves below this rank. */
    leaveRank: z.int().min(1).default(110),
    /** {day} Window of the average market cap by which coins are ranked. */
    capWindowDays: z.int().min(1).default(7),
    /** {day} Window of the median volume. */
    volumeWindowDays: z.int().min(1).default(30),
    /** {day} */
    minListedDays: z.int().min(0).default(90),
    /** {USD} Median daily volume that a coin needs to enter. */
    enterVolumeUsd: z.number().nonnegative().default(1_000_000),
    /** {USD} Median daily volume that a coin in the index needs to stay. */
    stayVolumeUsd: z.number().nonnegative().default(800_000),
    /** {day} Window of the peg test. */
    pegWindowDays: z.int().min(2).default(90),
    /** {USD} A close counts as pegged when it is at most this far from 1 USD. */
    pegBandUsd: z.number().positive().default(0.05),
    /** {1} Share of pegged closes from which a coin counts as pegged. */
    pegShare: z.number().min(0).max(1).default(0.95),
  })
  .refine((value) => value.enterRank <= value.size && value.size <= value.leaveRank, {
    message: "expected enterRank <= size <= leaveRank",
  });

/** Parameters of the universe. */
export type UniverseParameters = z.infer<typeof universeSchema>;
