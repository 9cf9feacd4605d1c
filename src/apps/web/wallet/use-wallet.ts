// Turns wagmi's connection into the one thing that the forms need: who acts, and through which clients.
import { useEffect, useMemo } from "react";
import {
  type Address,
  ChainDisconnectedError,
  type EIP1193Provider,
  UnauthorizedProviderError,
  createPublicClient,
  createWalletClient,
  custom,
} from "viem";
import { useConnection, useConnectorClient } from "wagmi";

import type { Sender } from "../../../execute/send.ts";
import { offerAccess } from "../data/access.ts";
import type { Site } from "../data/api.ts";

/** {ms} Between two looks for a receipt. */
const POLLING = 1000;

/** Where the wallet stands. */
export type WalletState =
  | { readonly kind: "none" }
  | {
      readonly kind: "wrong-network";
      readonly address: Address;
      readonly name: string;
      readonly chainId: number | undefined;
    }
  | { readonly kind: "ready"; readonly address: Address; readonly name: string; readonly sender: Sender };

/** The wallet for the fund's chain. */
export function useWallet({ chainId }: Site): WalletState {
  const connection = useConnection();
  const isOnChain = connection.status === "connected" && connection.chainId === chainId;
  const { data } = useConnectorClient({ chainId, query: { enabled: isOnChain } });
  const sender = useMemo((): Sender | undefined => {
    if (data === undefined) return undefined;
    // Reads and signatures lead through the wallet. What was true a block ago is not good enough before signing.
    const request = guarded(data.transport.request, { owner: data.account.address, chainId });
    const shared = { chain: data.chain, transport: custom({ request }), cacheTime: 0, pollingInterval: POLLING };
    return { client: createPublicClient(shared), wallet: createWalletClient({ account: data.account, ...shared }) };
  }, [data, chainId]);
  useWalletAsAccess(connection.connector, isOnChain);
  if (connection.status !== "connected") return { kind: "none" };
  const { address } = connection;
  const { name } = connection.connector;
  if (!isOnChain) return { kind: "wrong-network", address, name, chainId: connection.chainId };
  return sender === undefined ? { kind: "none" } : { kind: "ready", address, name, sender };
}

type Request = (asked: { readonly method: string; readonly params?: unknown }) => Promise<unknown>;

/** The second is what viem falls back to where a wallet does not know the first. */
const SIGNATURES: ReadonlySet<string> = new Set([
  "eth_sendTransaction",
  "wallet_sendTransaction",
  "eth_signTypedData_v4",
]);

/** A person may switch account or network in the wallet while an action is under way: then nothing more is signed. */
function guarded(request: Request, { owner, chainId }: { readonly owner: Address; readonly chainId: number }): Request {
  return async (asked) => {
    if (SIGNATURES.has(asked.method)) {
      const [accounts, chain] = await Promise.all([
        request({ method: "eth_accounts" }) as Promise<readonly string[]>,
        request({ method: "eth_chainId" }),
      ]);
      if (accounts[0]?.toLowerCase() !== owner.toLowerCase()) {
        throw new UnauthorizedProviderError(new Error(`the wallet is no longer at ${owner}`));
      }
      if (Number(chain) !== chainId) throw new ChainDisconnectedError(new Error(`the wallet left chain ${chainId}`));
    }
    return request(asked);
  };
}

type Connector = ReturnType<typeof useConnection>["connector"];

/** Proof and fallback may read through the wallet too, unless the visitor named a node. */
function useWalletAsAccess(connector: Connector, isOnChain: boolean): void {
  useEffect(() => {
    if (connector === undefined || !isOnChain) return;
    void connector.getProvider().then((provider) => {
      offerAccess({ kind: "wallet", name: connector.name, provider: provider as EIP1193Provider });
    });
  }, [connector, isOnChain]);
}
