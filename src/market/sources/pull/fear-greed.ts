// Turns alternative.me's answers into rows of the Fear & Greed index.
import { z } from "zod";
import { DAY } from "../../../core/time.ts";
import { type Patience, USUAL_PATIENCE } from "./attempt.ts";
import { httpClient } from "./http-json.ts";
import { looseNumber } from "./loose-number.ts";
import type { MarketSource, PullBatch } from "./source.ts";

/** Where the index is published. */
export const FEAR_GREED_URL = "https://api.alternative.me";
const PER_MINUTE = 60;

const answerSchema = z.object({
  data: z.array(
    z.object({
      value: looseNumber.pipe(z.number().min(0).max(100)),
      value_classification: z.string().min(1),
      /** {s} Start of the day. */
      timestamp: looseNumber.pipe(z.int().min(0)),
    }),
  ),
});

/** What the index is asked for: days before `today` ({day} since 1970-01-01). */
export type FearGreedOptions = { readonly today: number; readonly baseUrl?: string; readonly patience?: Patience };

/** The Fear & Greed index. */
export function fearGreedSource({ today, baseUrl, patience }: FearGreedOptions): MarketSource {
  const get = httpClient({
    baseUrl: baseUrl ?? FEAR_GREED_URL,
    headers: {},
    perMinute: PER_MINUTE,
    patience: patience ?? USUAL_PATIENCE,
  });
  return {
    name: "fear-greed",
    async *batches(lastStored): AsyncIterable<PullBatch> {
      const last = await lastStored("fear_greed", {});
      const limit = last === undefined ? 0 : today - last; // 0 is all; today's own value may still change
      if (last !== undefined && limit <= 1) return;
      const { data } = await get("/fng/", { limit: String(limit), format: "json" }, answerSchema);
      const rows = data
        .map((entry) => [Math.floor(entry.timestamp / DAY), entry.value, entry.value_classification] as const)
        .filter(([day]) => day < today);
      yield { table: "fear_greed", rows, about: "the index", done: 1, total: 1 };
    },
  };
}
