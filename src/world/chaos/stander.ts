// A keeper's process that stands by for others as `tm100 keeper run --live` does, with a lease that ends sooner.
import { z } from "zod";

import { privateKeyToAccount } from "viem/accounts";

import { readDeployment } from "../../execute/deployment.ts";
import { sharedQueue } from "../../keeper/queue.ts";
import { KeeperService, SERVICE_DEFAULTS } from "../../keeper/service.ts";
import { openPostgresStore } from "../../keeper/store/postgres.ts";
import { createLog } from "../../keeper/watch/log.ts";
import { createMetrics } from "../../keeper/watch/metrics.ts";
import { chainClock, hire } from "./hire.ts";

const orderSchema = z.strictObject({
  rpc: z.string(),
  /** The deployment file. */
  file: z.string(),
  url: z.string(),
  schema: z.string(),
  key: z.templateLiteral(["0x", z.string()]),
  leaseFor: z.int(), // {ms}
  tendEvery: z.int(), // {ms}
});

/** What a keeper's process is told. */
export type StandingOrder = z.infer<typeof orderSchema>;

/** {ms} For an answer of the node. */
const TIMEOUT = 10_000;
const EACH_SECOND = "* * * * * *";

if (process.argv[1] === import.meta.filename) await main(orderSchema.parse(JSON.parse(process.argv[2] ?? "")));

async function main({ rpc, file, url, schema, key, leaseFor, tendEvery }: StandingOrder): Promise<void> {
  const clock = { now: (): number => Date.now() };
  const lines = chainClock();
  const account = privateKeyToAccount(key);
  const store = await openPostgresStore({ url, schema, clock: lines });
  const log = createLog(process.stderr, []);
  const service = new KeeperService({
    store,
    queue: await sharedQueue({ url, schema }, (error) => {
      log.error({ problem: String(error) }, "queue");
    }),
    holder: `${process.pid}:${account.address}`,
    keeper: hire({ rpc, deployment: await readDeployment(file), account, store, lines, timeoutMs: TIMEOUT }),
    alarms: { raise: () => Promise.resolve(), clear: () => {} },
    metrics: createMetrics(),
    log,
    heartbeat: () => Promise.resolve(),
    clock,
    settings: { ...SERVICE_DEFAULTS, cron: EACH_SECOND, leaseFor, tendEvery },
  });
  log.info("keeper started");
  const asked = new Promise((resolve) => process.once("SIGTERM", resolve));
  await service.start();
  await asked;
  await service.stop();
  await store.close();
}
