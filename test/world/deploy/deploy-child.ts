// Deploys from a network's file as a process of its own, to be killed: RPC URL, file, folder.
import { createPublicClient, http } from "viem";

import { chainOf } from "../../../src/execute/chain.ts";
import { deployNetwork } from "../../../src/execute/deploy/deploy-network.ts";
import { readNetwork } from "../../../src/execute/network.ts";
import { devAccount } from "../../../src/world/dev-accounts.ts";

if (process.argv[1] === import.meta.filename) {
  const [rpc = "", file = "", folder = ""] = process.argv.slice(2);
  const network = await readNetwork(file);
  const chain = chainOf(network.chainId, [rpc]);
  const client = createPublicClient({ chain, transport: http(rpc), cacheTime: 0 });
  const account = devAccount("deployer");
  await deployNetwork({ client, account, folder, fund: "1", confirmations: 1, pollingMs: 20 }, network);
}
