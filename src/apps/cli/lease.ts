// Keeps a lease renewed while a command works, and gives it back afterwards.
import { SERVICE_DEFAULTS } from "../../keeper/service.ts";
import type { KeeperStore, Lease } from "../../keeper/store/store.ts";

/** Sending may take longer than a lease lasts. Without a renewal the fence forbids what comes next, and says so. */
export async function whileHeld<Result>(
  { lease }: KeeperStore,
  held: Lease,
  work: () => Promise<Result>,
): Promise<Result> {
  const renew = (): void => {
    lease.take(held.holder, SERVICE_DEFAULTS.leaseFor).catch(() => undefined);
  };
  const tending = setInterval(renew, SERVICE_DEFAULTS.tendEvery);
  try {
    return await work();
  } finally {
    clearInterval(tending);
    await lease.release(held);
  }
}
