// Turns the sets that vault and oracle keep into the tiers by which the caps of a target go.
import type { AssetTiers } from "../plan/caps.ts";
import { type Fund, contractsOf } from "./contracts.ts";

/** The fund's tiers now. */
export async function readTiers({ client, deployment }: Fund): Promise<AssetTiers> {
  const { vault, oracle } = contractsOf(deployment);
  const [[, stable, young, bitcoin], fed] = await Promise.all([
    client.readContract({ ...vault, functionName: "tiers" }),
    client.readContract({ ...oracle, functionName: "fedSet" }),
  ]);
  return { stable, young, bitcoin, fed };
}
