// Turns the strikes that could not price everything into the units that each redeemer was credited, and still can be.
import { LedgerContradictionError, requireEqual } from "./contradiction.ts";
import { textOf, unitsOf } from "./line-values.ts";
import type { LedgerLine } from "./lines.ts";
import type { QueueState, Settlement } from "./queue.ts";

/** {share} Less than this is what roundings of the queue leave of a strike. @see RedeemedUnits.sol */
const DUST = 1_000_000n;

/** What one strike set aside, as far as it is not credited. */
type SetAside = {
  readonly left: ReadonlyMap<string, bigint>; // {tok} by token
  readonly due: bigint; // {share} of the accounts that were not credited yet
};

/** What an account has given at a strike and was not credited for, part by part. */
type Entitlement = { readonly strike: number; readonly given: readonly bigint[] };

/**
 * {tok} by token that each account would be credited now, by account in lower case; accounts without any are left out.
 *
 * @param redemptions The queue after the same lines.
 * @throws LedgerContradictionError when a credit is not the account's part.
 * @see RedeemedUnits.sol, of which this repeats the arithmetic.
 */
export function creditableAfter(
  lines: readonly LedgerLine[],
  redemptions: QueueState,
): ReadonlyMap<string, ReadonlyMap<string, bigint>> {
  const dueAt = new Map(redemptions.strikes.map(({ sequence, due }) => [sequence, due]));
  const settledAt = Map.groupBy(redemptions.settlements, ({ sequence }) => sequence);
  const parts = new Map<number, SetAside>();
  const waiting = new Map<string, Entitlement[]>();
  let strike = 0;
  for (const line of lines) {
    if (line.event === "RedemptionsStruck") strike = line.sequence;
    else if (line.event === "RedeemedUnitsSetAside") {
      const left = new Map(unitsOf(line.args).map(({ token, amount }) => [token, amount]));
      parts.set(strike, { left, due: dueAt.get(strike) ?? 0n });
      for (const settlement of settledAt.get(strike) ?? []) addEntitlement(waiting, settlement);
    } else if (line.event === "RedeemedUnitsCredited") requireCredit(line, parts, waiting);
  }
  const accounts = [...waiting].map(([account, entitlements]) => {
    return [account, credit(entitlements, new Map(parts)).amounts] as const;
  });
  return new Map(accounts.filter(([, amounts]) => amounts.size > 0));
}

function addEntitlement(waiting: Map<string, Entitlement[]>, { sequence, account, before }: Settlement): void {
  waiting.set(account, [...(waiting.get(account) ?? []), { strike: sequence, given: before }]);
}

/** A line credits exactly what its account has not been credited for. */
function requireCredit(
  { args, sequence }: LedgerLine,
  parts: Map<number, SetAside>,
  waiting: Map<string, Entitlement[]>,
): void {
  const account = textOf(args, "controller");
  const entitlements = waiting.get(account);
  if (entitlements === undefined) {
    throw new LedgerContradictionError(sequence, "units", { expected: "nothing to credit", found: account });
  }
  const { amounts } = credit(entitlements, parts);
  const units = unitsOf(args);
  requireEqual(sequence, "units", { expected: amounts.size, found: units.length });
  for (const { token, amount } of units) {
    requireEqual(sequence, "units", { expected: amounts.get(token) ?? 0n, found: amount });
  }
  waiting.delete(account);
}

/** Takes what entitlements get out of the parts, which are changed; the last account takes the rest. */
function credit(entitlements: readonly Entitlement[], parts: Map<number, SetAside>) {
  const amounts = new Map<string, bigint>();
  for (const { strike, given } of entitlements) {
    for (const shares of given) {
      const part = parts.get(strike);
      if (part === undefined) continue;
      const isLast = part.due - shares < DUST;
      const left = new Map<string, bigint>();
      for (const [token, rest] of part.left) {
        // {tok} = {tok} * {share} / {share}
        const amount = isLast ? rest : (rest * shares) / part.due;
        left.set(token, rest - amount);
        amounts.set(token, (amounts.get(token) ?? 0n) + amount);
      }
      parts.set(strike, { left, due: part.due - shares });
    }
  }
  return { amounts };
}
