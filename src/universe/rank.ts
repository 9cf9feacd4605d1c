// Turns numbers by coin id into an order from largest to smallest that is the same for everybody.

/** From largest to smallest; equal values by coin id, so that the order never depends on the input's. */
export function byValueDescending<T extends { readonly coinId: string }>(
  items: readonly T[],
  valueOf: (item: T) => number,
): T[] {
  return [...items].sort((a, b) => valueOf(b) - valueOf(a) || (a.coinId < b.coinId ? -1 : 1));
}

/**
 * A ranking with `undefined` at each place whose coin has no price.
 *
 * @param vacantAfter How many of the ranked stand above each vacant place, ascending.
 */
export function withVacancies<T>(ranked: readonly T[], vacantAfter: readonly number[]): (T | undefined)[] {
  const places: (T | undefined)[] = [];
  let next = 0;
  ranked.forEach((item, above) => {
    for (; next < vacantAfter.length && (vacantAfter[next] ?? 0) <= above; next++) places.push(undefined);
    places.push(item);
  });
  return [...places, ...vacantAfter.slice(next).map(() => undefined)];
}

/** What stands in a ranking for the vacant place at an index: no coin has such an id. */
export function vacantId(index: number): string {
  return `\u0000${index}`;
}

/** Buffer around the index. Ranks count from 1 and are those among eligible coins. */
export type BufferRule = { readonly size: number; readonly enterRank: number; readonly leaveRank: number };

/**
 * Who is in the index: members down to `leaveRank`, others from `enterRank` up, then filled or cut to `size` by rank.
 *
 * @param ranked Ids of eligible coins, best first.
 * @param members Ids of the coins that are in now.
 * @returns At most `size` ids, best first.
 */
export function selectByBuffer(ranked: readonly string[], members: ReadonlySet<string>, rule: BufferRule): string[] {
  const chosen = ranked.filter((coinId, i) => i < (members.has(coinId) ? rule.leaveRank : rule.enterRank));
  if (chosen.length >= rule.size) return chosen.slice(0, rule.size);
  const isChosen = new Set(chosen);
  const fill = ranked.filter((coinId) => !isChosen.has(coinId)).slice(0, rule.size - chosen.length);
  const isIn = new Set([...chosen, ...fill]);
  return ranked.filter((coinId) => isIn.has(coinId));
}
