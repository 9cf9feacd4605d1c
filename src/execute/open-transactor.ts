// Turns settings of nodes and sending into a chain client, and into a transactor that uses it.
import { type LocalAccount, type PublicClient, createPublicClient } from "viem";

import { chainOf } from "./chain.ts";
import { Endpoint, type EndpointHealth } from "./endpoint.ts";
import { openEndpoints } from "./endpoints.ts";
import type { Journal } from "./journal.ts";
import type { Gate } from "./sending-context.ts";
import type { NodesSettings, SendingSettings } from "./sending-settings.ts";
import type { Spending } from "./spending.ts";
import type { Outlet } from "./submit.ts";
import { type Transactor, createTransactor } from "./transactor.ts";

/** What nodes are opened with. */
export type NodesParts = {
  readonly nodes: NodesSettings;
  readonly chainId: number;
  /** {ms} Between two looks of the client for a block or receipt. */
  readonly pollMs: number;
  /** {ms} since 1970: by it nodes rest, and their newest blocks are old. */
  readonly clock: { now(): number };
};

/** A client that asks all nodes, and how the nodes do. */
export type OpenNodes = {
  readonly client: PublicClient;
  readonly chainId: number;
  /** Where transactions go first, if there is a private relay. */
  readonly relay: Outlet | undefined;
  readonly health: () => readonly EndpointHealth[];
};

/** What a transactor on open nodes is made of. */
export type SendingParts = {
  readonly sending: SendingSettings;
  readonly account: LocalAccount;
  readonly journal: Journal;
  /** {ms} since 1970, as the journal's lines. */
  readonly clock: { now(): number };
  readonly pause: (ms: number) => Promise<void>;
  readonly gate?: Gate;
  readonly spending?: Spending;
};

/** Opens the nodes; nothing is asked before they are used. */
export function openNodes({ nodes, chainId, pollMs, clock }: NodesParts): OpenNodes {
  const { agreement, relay, timeoutMs, ...rest } = nodes;
  const agreed = agreement === undefined ? {} : { agreement };
  const { transport, health } = openEndpoints({ ...rest, ...agreed, timeoutMs, chainId, clock });
  const client = createPublicClient({
    chain: chainOf(chainId),
    transport,
    pollingInterval: pollMs,
    cacheTime: 0,
  });
  return { client, chainId, relay: relay === undefined ? undefined : relayOf(relay, { timeoutMs, clock }), health };
}

/** A transactor on open nodes; nothing is asked or sent before it is used. */
export function openTransactor({ client, chainId, relay }: OpenNodes, parts: SendingParts): Transactor {
  const { sending: settings, ...rest } = parts;
  return createTransactor({ ...rest, client, chainId, settings, ...(relay === undefined ? {} : { relay }) });
}

function relayOf(url: string, { timeoutMs, clock }: Pick<NodesSettings, "timeoutMs"> & Pick<NodesParts, "clock">) {
  const endpoint = new Endpoint(url, { timeoutMs, restMs: 0, now: () => clock.now() });
  return (raw: string): Promise<unknown> => endpoint.ask({ method: "eth_sendRawTransaction", params: [raw] });
}
