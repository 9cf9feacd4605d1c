// Turns wakes into jobs: within one process, or in PostgreSQL, where keepers share them and none is lost with its taker.
import { PgBoss } from "pg-boss";

/** A wake that somebody has to act on. */
export type Wake = { readonly done: () => Promise<void>; readonly failed: (reason: string) => Promise<void> };

/** Wakes that wait. */
export interface WakeQueue {
  /** Asks for a cycle; one that waits already is enough. */
  offer(): Promise<void>;
  /** The wake that waits, if one does; nobody else gets it until it is done or given back. */
  take(): Promise<Wake | undefined>;
  close(): Promise<void>;
}

const NAME = "keeper-wake";
/** {s} A taker that says nothing for so long is dead, and another gets the wake. */
const PATIENCE = 600;
const RETRIES = 2;
/** {ms} As the journal's: a wake behind a line that has gone silent must not wait for it. */
const CONNECTION = { connectionTimeoutMillis: 10_000, query_timeout: 10_000 };

/** Wakes of one process. */
export function localQueue(): WakeQueue {
  let isWaiting = false;
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    offer: () => {
      isWaiting = true;
      return Promise.resolve();
    },
    take: () => {
      const wake = isWaiting ? { done: nothing, failed: nothing } : undefined;
      isWaiting = false;
      return Promise.resolve(wake);
    },
    close: nothing,
  };
}

/**
 * Wakes in a schema of pg-boss. However many keepers offer, one job waits. What a dead process took blocks nobody: the
 * lease alone says who acts.
 *
 * @param onError Told of what goes wrong between two calls.
 */
export async function sharedQueue(
  { url, schema }: { readonly url: string; readonly schema: string },
  onError: (error: unknown) => void,
): Promise<WakeQueue> {
  const boss = new PgBoss({
    ...CONNECTION, // handed on to pg
    ...{ connectionString: url, schema: `${schema}_jobs`, schedule: false, max: 3 },
  });
  boss.on("error", onError);
  await boss.start();
  await boss.createQueue(NAME, { policy: "short", expireInSeconds: PATIENCE, retryLimit: RETRIES });
  return {
    offer: async () => {
      await boss.send(NAME, {});
    },
    take: async () => {
      const [job] = await boss.fetch(NAME);
      if (job === undefined) return undefined;
      return {
        done: async () => {
          await boss.complete(NAME, job.id);
        },
        failed: async (reason) => {
          await boss.fail(NAME, job.id, { reason });
        },
      };
    },
    close: () => boss.stop({ graceful: false }),
  };
}
