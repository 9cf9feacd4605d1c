// Turns the fund's chain into wagmi's configuration: wallets announce themselves by EIP-6963, and reads go through them.
import { custom } from "viem";
import { type Config, createConfig, injected } from "wagmi";

import { chainOf } from "../data/chain-client.ts";
import type { Site } from "../data/api.ts";
import { PageError } from "../errors.ts";

/** The configuration for the fund's one chain. */
export function walletConfig({ chainId, chain: name, rpc }: Site): Config {
  const chain = chainOf(chainId, name, rpc ?? undefined);
  return createConfig({
    chains: [chain],
    connectors: [injected()],
    multiInjectedProviderDiscovery: true,
    transports: { [chainId]: custom({ request: refuse }) },
  });
}

/** Nothing is read past the wallet: this page has no node of its own. */
function refuse(): Promise<never> {
  return Promise.reject(
    new PageError("NO_WALLET", "Expected a connected wallet to read the chain through. Connect one."),
  );
}
