// Turns a fund's transactions and logs into what an explorer shows of them, by the verified ABI alone.
import {
  type Abi,
  type Address,
  type Hex,
  type PublicClient,
  decodeEventLog,
  decodeFunctionData,
  isAddressEqual,
} from "viem";

import {
  delayedAccessManagerAbi,
  depositGatewayAbi,
  indexVaultAbi,
  rebalancerAbi,
  targetRegistryAbi,
} from "../../core/abi.ts";
import type { Deployment } from "../../execute/deployment.ts";

/** A call or an event as an explorer shows it: its name, and each argument by its name. */
export type Shown = {
  readonly kind: "function" | "event";
  readonly name: string;
  readonly args: readonly (readonly [name: string, value: string])[];
};

type Contract = { readonly address: Address; readonly abi: Abi };

/** Everything that was sent to the fund, and everything that its vault recorded, from a block to the newest, in order. */
export async function walk(client: PublicClient, { addresses }: Deployment, fromBlock: bigint): Promise<Shown[]> {
  const contracts: Contract[] = [
    { address: addresses.vault, abi: indexVaultAbi },
    { address: addresses.rebalancer, abi: rebalancerAbi },
    { address: addresses.registry, abi: targetRegistryAbi },
    { address: addresses.gateway, abi: depositGatewayAbi },
    { address: addresses.accessManager, abi: delayedAccessManagerAbi },
  ];
  const shown: Shown[] = [];
  const last = await client.getBlockNumber({ cacheTime: 0 });
  for (let blockNumber = fromBlock; blockNumber <= last; blockNumber++) {
    const { transactions } = await client.getBlock({ blockNumber, includeTransactions: true });
    for (const { to, input, hash } of transactions) {
      const called = contracts.find(({ address }) => to !== null && isAddressEqual(address, to));
      if (called === undefined) continue;
      shown.push(shownCall(called.abi, input));
      const { logs } = await client.getTransactionReceipt({ hash });
      const own = logs.filter(({ address }) => isAddressEqual(address, addresses.vault));
      shown.push(...own.map(({ topics, data }) => shownEvent(topics as [Hex, ...Hex[]], data)));
    }
  }
  return shown;
}

function shownCall(abi: Abi, data: Hex): Shown {
  const { functionName, args = [] } = decodeFunctionData({ abi, data });
  const item = abi.find(
    (one) => one.type === "function" && one.name === functionName && one.inputs.length === args.length,
  );
  const names = item?.type === "function" ? item.inputs.map(({ name }) => name ?? "") : [];
  return { kind: "function", name: functionName, args: args.map((value, i) => [names[i] ?? "", valueText(value)]) };
}

function shownEvent(topics: [Hex, ...Hex[]], data: Hex): Shown {
  const { eventName, args } = decodeEventLog({ abi: indexVaultAbi, topics, data });
  const named = Object.entries(args as unknown as Readonly<Record<string, unknown>>);
  return { kind: "event", name: eventName, args: named.map(([name, value]) => [name, valueText(value)]) };
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `(${Object.entries(value)
      .map(([name, part]) => `${name} ${valueText(part)}`)
      .join(", ")})`;
  }
  return String(value);
}
