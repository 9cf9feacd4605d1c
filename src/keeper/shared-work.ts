// Turns work that several machines want done into jobs: each is done once, by whoever comes first, and everybody gets all.
import { createHash } from "node:crypto";

import { PgBoss } from "pg-boss";
import { z } from "zod";

/** What is to be done. Everybody who shares it names it in the same way. */
export type SharedWork = {
  readonly url: string;
  /** Schema of pg-boss. */
  readonly schema: string;
  /** Stands for everything that a result depends on besides its item. */
  readonly batch: string;
  readonly items: readonly string[];
  /** The result of an item, as text. */
  readonly work: (item: string) => string;
};

const QUEUE = "shared-work";
/** {s} Whoever says nothing for so long is dead, and another does the job. */
const PATIENCE = 900;
const RETRIES = 3;
/** {s} Results are kept so long for machines that come later. */
const KEPT = 7 * 86_400;
/** {ms} Between two looks at what the others still do. */
const LOOK = 250;

const jobSchema = z.object({ item: z.string() });
const outputSchema = z.object({ text: z.string() });

/**
 * Does a share of the work, waits for the others' share, and gives all results by item. A job that fails three times
 * is done here. Any number of machines may come and go meanwhile.
 *
 * @param onError Told of what goes wrong between two calls.
 */
export async function shareWork(
  shared: SharedWork,
  onError: (error: unknown) => void,
): Promise<ReadonlyMap<string, string>> {
  const boss = new PgBoss({ connectionString: shared.url, schema: shared.schema, schedule: false, max: 3 });
  boss.on("error", onError);
  await boss.start();
  try {
    const queue = `${QUEUE}-${digestOf(shared.batch).slice(0, 16)}`;
    await boss.createQueue(queue, { expireInSeconds: PATIENCE, retryLimit: RETRIES, deleteAfterSeconds: KEPT });
    // The same item has the same id wherever it is offered, and is kept once.
    for (const item of shared.items) await boss.send(queue, { item }, { id: idOf(shared.batch, item) });
    await doShare(boss, queue, shared);
    return await collect(boss, queue, shared);
  } finally {
    await boss.stop({ graceful: false });
  }
}

async function doShare(boss: PgBoss, queue: string, { work }: SharedWork): Promise<void> {
  for (;;) {
    const [job] = await boss.fetch(queue);
    if (job === undefined) return;
    try {
      const { item } = jobSchema.parse(job.data);
      await boss.complete(queue, job.id, { text: work(item) });
    } catch (error) {
      await boss.fail(queue, job.id); // another machine may have more memory, or more luck
      throw error;
    }
  }
}

async function collect(boss: PgBoss, queue: string, shared: SharedWork): Promise<ReadonlyMap<string, string>> {
  const results = new Map<string, string>();
  for (const item of shared.items) {
    let text: string | undefined;
    while ((text = await resultOf(boss, queue, { ...shared, item })) === undefined) {
      await new Promise((resolve) => setTimeout(resolve, LOOK));
      await doShare(boss, queue, shared); // what a dead machine left
    }
    results.set(item, text);
  }
  return results;
}

/** Undefined while somebody is at it. */
async function resultOf(
  boss: PgBoss,
  queue: string,
  { batch, item, work }: SharedWork & { readonly item: string },
): Promise<string | undefined> {
  const job = await boss.getJobById(queue, idOf(batch, item));
  if (job === null || job.state === "failed" || job.state === "cancelled") return work(item);
  return job.state === "completed" ? outputSchema.parse(job.output).text : undefined;
}

/** A UUID that follows from batch and item. */
function idOf(batch: string, item: string): string {
  const hex = digestOf(`${batch}\n${item}`);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join("-");
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
