// Turns a decision and its gauges into the regime with every vote, as plain data.
import { DEFAULT_PARAMETERS } from "../config/schema.ts";
import type { IsoDate } from "../core/time.ts";
import { type Decision, decisionHash, regimeAfter } from "../engine/decision.ts";
import { type Flip, confidenceOf, nextFlip } from "../regime/flip.ts";
import type { JudgedGauge } from "../research/gauges.ts";
import { HIT_RATE_DEFINITION } from "../research/hit-rate.ts";
import type { GaugeAnswer, GaugesAnswer, SignalAnswer } from "./answers/signal.ts";
import { orNull } from "./figures.ts";

/** A decision, the day it was asked for, and the index levels of all Sundays up to its close. */
export type SignalSource = {
  readonly asOf: IsoDate;
  readonly decision: Decision;
  readonly levels: readonly number[];
};

/** What would change the regime at the next close. */
export function flipOf({ decision, levels }: SignalSource): Flip | undefined {
  const state = regimeAfter(decision);
  return nextFlip(levels, { close: decision.close, state }, DEFAULT_PARAMETERS.regime);
}

/** The signal with gauges that were made plain before, with their readings or without. */
export function signalJson<Gauge>(
  source: SignalSource,
  gauges: readonly Gauge[],
): SignalAnswer & { readonly gauges: readonly Gauge[] } {
  const { asOf, decision } = source;
  const { date, close, provider, regime, previousRegime, regimeSince, score, heldBy, indexLevel, votes, notices } =
    decision;
  return {
    asOf,
    date,
    close,
    provider,
    regime,
    previousRegime,
    regimeSince,
    score,
    confidence: confidenceOf(regime, score) ?? null,
    flip: flipOf(source) ?? null,
    heldBy,
    indexLevel,
    votes,
    notices,
    gauges,
    dataQuality: decision.dataQuality,
    references: decision.references,
    defects: decision.defects,
    badDataSince: decision.badDataSince,
    methodology: decision.methodology,
    inputDigest: decision.inputDigest,
    decisionHash: decisionHash(decision),
  };
}

/** Each gauge with definition, history and hit rate; `isKnown` is false where the data hold none of it. */
export function gaugesJson(gauges: readonly JudgedGauge[]): GaugesAnswer["gauges"] {
  return gauges.map((gauge) => ({ ...gaugeJson(gauge), values: gauge.values.map(orNull) }));
}

/** A gauge without its readings, but the latest. */
export function gaugeJson({ name, unit, definition, values, hitRate }: JudgedGauge): GaugeAnswer {
  const { weeks, hits, hit_rate, interval, always_up } = hitRate;
  return {
    name,
    unit,
    definition,
    isKnown: values.some(Number.isFinite),
    latest: orNull(values.at(-1) ?? Number.NaN),
    hitRate: { weeks, hits, hit_rate: orNull(hit_rate), interval: [...interval], always_up: orNull(always_up) },
    hitRateDefinition: HIT_RATE_DEFINITION,
  };
}
