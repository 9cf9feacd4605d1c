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
 * @param ranked Eligible coins by id or number, best first.
 * @param members The coins that are in now.
 * @returns At most `size` coins, best first.
 */
export function selectByBuffer<T>(ranked: readonly T[], members: ReadonlySet<T>, rule: BufferRule): T[] {
  const isChosen = (coin: T, i: number): boolean => i < (members.has(coin) ? rule.leaveRank : rule.enterRank);
  const chosen = ranked.slice(0, Math.max(rule.enterRank, rule.leaveRank)).filter(isChosen);
  if (chosen.length >= rule.size) return chosen.slice(0, rule.size);
  let places = rule.size - chosen.length;
  return ranked.filter((coin, i) => isChosen(coin, i) || places-- > 0);
}
