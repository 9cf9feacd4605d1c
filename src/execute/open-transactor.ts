// Turns settings of nodes and sending into a chain client and a transactor that uses it.
import { type LocalAccount, type PublicClient, createPublicClient, defineChain } from "viem";

import { Endpoint } from "./endpoint.ts";
import { type EndpointHealth, openEndpoints } from "./endpoints.ts";
import type { Journal } from "./journal.ts";
import type { NodesSettings, SendingSettings } from "./sending-settings.ts";
import { type Transactor, createTransactor } from "./transactor.ts";

/** What a sending process starts with. */
export type SendingParts = {
  readonly nodes: NodesSettings;
  readonly sending: SendingSettings;
  readonly chainId: number;
  readonly account: LocalAccount;
  readonly journal: Journal;
  /** {ms} since 1970. */
  readonly clock: { now(): number };
  readonly pause: (ms: number) => Promise<void>;
};

/** A client that asks all nodes, a transactor on it, and how the nodes do. */
export type OpenSending = {
  readonly client: PublicClient;
  readonly transactor: Transactor;
  readonly health: () => readonly EndpointHealth[];
};

/** Opens the nodes; nothing is asked before it is used. */
export function openTransactor(parts: SendingParts): OpenSending {
  const { nodes, sending, chainId, account, journal, clock, pause } = parts;
  const { transport, health } = openEndpoints({ ...agreementOf(nodes), chainId, clock });
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [] } },
  });
  const client = createPublicClient({ chain, transport, pollingInterval: sending.pollMs, cacheTime: 0 });
  const relay = nodes.relay === undefined ? {} : { relay: relayOf(nodes.relay, parts) };
  const transactor = createTransactor({ client, chainId, account, journal, settings: sending, clock, pause, ...relay });
  return { client, transactor, health };
}

function agreementOf({ agreement, ...nodes }: NodesSettings) {
  return { ...nodes, ...(agreement === undefined ? {} : { agreement }) };
}

function relayOf(url: string, { nodes, clock }: SendingParts) {
  const endpoint = new Endpoint(url, { timeoutMs: nodes.timeoutMs, restMs: 0, now: () => clock.now() });
  return (raw: string): Promise<unknown> => endpoint.ask({ method: "eth_sendRawTransaction", params: [raw] });
}
