// Turns a pool that shall price an asset into what its memory lacks for the mean that the oracle asks of it.
import { type Address, ContractFunctionRevertedError, BaseError, type PublicClient, parseAbi } from "viem";

import { POOL_ABI } from "./contracts.ts";

/** {s} As WINDOW of PriceOracle.sol. */
const WINDOW = 600;
/** As LEAST_OBSERVATIONS of PriceOracle.sol, which counts what is paid for. */
const LEAST_OBSERVATIONS = 30;
const OBSERVE_ABI = parseAbi([
  "function observe(uint32[] secondsAgos) view returns (int56[] tickCumulatives, uint160[] secondsPerLiquidityCumulativeX128s)",
]);

/** What the memory of a pool lacks. */
export type MemoryGap = {
  /** `pool-filling` alone goes away without anybody's doing: paid slots that the pool's next trades will use. */
  readonly kind: "pool-memory" | "pool-window" | "pool-filling";
  readonly expected: string;
  readonly found: string;
  readonly advice: string;
};

/** What keeps the oracle from pricing an asset by a pool now, or makes that price easy to stop; empty when nothing does. */
export async function memoryGaps(client: PublicClient, pool: Address, now: bigint): Promise<MemoryGap[]> {
  const [slots, isAnswered] = await Promise.all([
    client.readContract({ address: pool, abi: POOL_ABI, functionName: "slot0" }),
    answersWindow(client, pool),
  ]);
  const [, , position, used, paid] = slots;
  const gaps: MemoryGap[] = [];
  if (paid < LEAST_OBSERVATIONS) {
    gaps.push({
      kind: "pool-memory",
      expected: `at least ${LEAST_OBSERVATIONS} observations, since it prices the asset`,
      found: String(paid),
      advice: `Anybody can pay for them: call increaseObservationCardinalityNext(${LEAST_OBSERVATIONS}) on it. Or put another pool first.`,
    });
  } else if (used < LEAST_OBSERVATIONS) {
    gaps.push({
      kind: "pool-filling",
      expected: `${LEAST_OBSERVATIONS} observations in use`,
      found: `${used} in use of ${paid} paid for`,
      advice: "Its next trades use them; until then who trades in every block can push the mean's beginning out.",
    });
  }
  if (!isAnswered) {
    const oldest = await oldestObservation(client, pool, { position, used });
    gaps.push({
      kind: "pool-window",
      expected: `a mean of the last ${WINDOW} s`,
      found: `observations of the last ${now - oldest} s`,
      advice: "Wait for it; if trades push older ones out, pay for more by increaseObservationCardinalityNext.",
    });
  }
  return gaps;
}

async function answersWindow(client: PublicClient, address: Address): Promise<boolean> {
  try {
    await client.readContract({ address, abi: OBSERVE_ABI, functionName: "observe", args: [[WINDOW, 0]] });
    return true;
  } catch (error) {
    const isRefused =
      error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionRevertedError) !== null;
    if (isRefused) return false;
    throw error;
  }
}

/** {s} When the oldest observation was made that the pool still has. */
async function oldestObservation(
  client: PublicClient,
  pool: Address,
  { position, used }: { readonly position: number; readonly used: number },
): Promise<bigint> {
  const read = { address: pool, abi: POOL_ABI, functionName: "observations" } as const;
  const [time, , , isThere] = await client.readContract({ ...read, args: [BigInt((position + 1) % used)] });
  if (isThere) return BigInt(time);
  const [first] = await client.readContract({ ...read, args: [0n] });
  return BigInt(first);
}
