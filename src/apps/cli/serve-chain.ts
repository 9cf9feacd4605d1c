// Turns a local world into a node that other processes can talk to, until somebody stops it.
import { mkdirSync } from "node:fs";
import path from "node:path";

import { writeDeployment } from "../../execute/deployment.ts";
import type { World } from "../../world/week.ts";
import { deploymentFileOf } from "./deployment-file.ts";
import { requireFreePort } from "./free-port.ts";

/** A chain that is being served. */
export type ServedChain = { readonly url: string; readonly deployment: string };

/**
 * Serves the chain, then writes the deployment file; the port stays open until the world is closed.
 *
 * @throws PortUnavailableError when somebody took the port meanwhile; the file is then as it was.
 */
export async function serveWorld({ market, fund }: World, port: number): Promise<ServedChain> {
  await requireFreePort(port); // Hardhat's server has no listener for a port that is in use
  const url = await market.chain.serve(port);
  const deployment = deploymentFileOf(url);
  mkdirSync(path.dirname(deployment), { recursive: true });
  await writeDeployment(deployment, fund.deployment());
  return { url, deployment };
}

/**
 * Ends when the process is asked to stop. Whoever reads in `say` that it runs may ask at once, so that is said when the
 * signals are heard already.
 */
export function untilStopped(say?: () => void): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        resolve();
      });
    say?.();
  });
}
