// Turns a snapshot and the index of its week into how sound the data are, in numbers and in words.
import { PPM } from "../core/units.ts";
import { REFERENCE_COIN, spreadOf } from "../market/references.ts";
import { type DataHold, type DataQuality, dataHolds, statedQuality } from "../regime/data-quality.ts";
import type { RegimeParameters } from "../regime/parameters.ts";
import type { LevelStep } from "../universe/index-level.ts";
import type { UniverseMember } from "../universe/universe.ts";
import type { IndexEntry } from "./decision.ts";
import type { Snapshot } from "./snapshot.ts";

/** How sound the data of a decision are. @param composed The index of the week and, in the same order, its members. */
export function qualityOf(
  snapshot: Snapshot,
  { missingWeight, missingNames }: LevelStep,
  { index, members }: { readonly index: readonly IndexEntry[]; readonly members: readonly UniverseMember[] },
): DataQuality {
  const late = index.filter((_, i) => (members[i]?.priceAgeDays ?? 0) > 0);
  return statedQuality({
    missingWeight,
    missingNames,
    lateWeight: late.reduce((sum, { weightPpm }) => sum + weightPpm, 0) / PPM,
    lateNames: index.length === 0 ? 0 : late.length / index.length,
    sourceAgeHours: snapshot.sourceAgeHours,
    sourcesApart: spreadOf(snapshot.references),
  });
}

/** Why nobody should act on the week's data, a line for each kind; empty for a sound week. */
export function defectsOf(quality: DataQuality, snapshot: Snapshot, parameters: RegimeParameters): string[] {
  return dataHolds(quality, parameters).map((hold) => words(hold, quality, snapshot));
}

function words(hold: DataHold, quality: DataQuality, { close, provider, references }: Snapshot): string {
  switch (hold) {
    case "missing-prices":
      return `${shares(quality.missingWeight, quality.missingNames)} had no price in the week to ${close}`;
    case "late-source": {
      const { sourceAgeHours: age, lateWeight, lateNames } = quality;
      const late = `${shares(lateWeight, lateNames)} has no price at the close of ${close}`;
      return age > 24 ? `${late}: ${provider}'s newest close was ${age} h old at the decision` : late;
    }
    case "sources-apart": {
      const stated = references.map(({ source, priceUsd }) => `${source} ${priceUsd}`).join(", ");
      return `sources state ${REFERENCE_COIN} ${percent(quality.sourcesApart)} apart on ${close}: ${stated}`;
    }
  }
}

function shares(weight: number, names: number): string {
  return `${percent(weight)} of the index (${percent(names)} of its names)`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
