// Shows a snapshot of one coin, in the form of those of a hundred.
import type { z } from "zod";

import { DEFAULT_PARAMETERS } from "../../config/schema.ts";
import { METHODOLOGY_VERSION } from "../../engine/decision.ts";
import { SNAPSHOT_FORMAT, type publishedSchema } from "../../engine/published-schema.ts";

/** A file that the schema allows and that can be replayed. */
export const SNAPSHOT_EXAMPLE: z.input<typeof publishedSchema> = {
  format: SNAPSHOT_FORMAT,
  methodology: METHODOLOGY_VERSION,
  parameters: DEFAULT_PARAMETERS,
  previous: {
    decisionHash: null,
    state: {
      levels: [],
      index: [],
      provider: null,
      regime: { regime: "bear", since: null, returns: [], badDataSince: null },
      target: null,
    },
  },
  snapshot: {
    date: "2023-01-23",
    close: "2023-01-22",
    provider: "simulated",
    inputDigest: "8f7f5022bdf5".padEnd(64, "0"),
    sourceAgeHours: 0.5,
    references: [{ source: "simulated", priceUsd: 22_700 }],
    coins: [
      {
        coinId: "bitcoin",
        symbol: "BTC",
        listedDays: 3000,
        averageCapUsd: 4.2e11,
        capUsd: 4.4e11,
        priceUsd: 22_700,
        priceAgeDays: 0,
        volumeUsd: 2.5e10,
        label: null,
        isPegged: false,
      },
    ],
    vacancies: null,
    valuation: { provider: "simulated", closes: { bitcoin: 22_700 } },
  },
};
