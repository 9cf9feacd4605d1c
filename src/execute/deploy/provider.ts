// Turns a node and an account whose key is here into the provider that Ignition sends by.
import { type Hex, type LocalAccount, type PublicClient, hexToBigInt, hexToNumber, keccak256 } from "viem";

/** A transaction that was signed, written down before it was sent. */
export type Signed = { readonly nonce: number; readonly hash: Hex; readonly raw: Hex };

/** EIP-1193, as Ignition uses it. */
export type SigningProvider = {
  readonly request: (asked: {
    readonly method: string;
    readonly params?: readonly unknown[] | object;
  }) => Promise<unknown>;
};

/** A transaction as it stands in a request. */
type Asked = {
  readonly to?: Hex;
  readonly data?: Hex;
  readonly value?: Hex;
  readonly nonce: Hex;
  readonly gas: Hex;
  readonly gasPrice?: Hex;
  readonly maxFeePerGas?: Hex;
  readonly maxPriorityFeePerGas?: Hex;
};

/**
 * Everything goes to the node, but what is to be sent from the account is signed here.
 *
 * @param note Called with each signed transaction before it is sent.
 */
export function signingProvider(
  client: PublicClient,
  account: LocalAccount,
  note: (signed: Signed) => Promise<void>,
): SigningProvider {
  const ask = client.request as unknown as SigningProvider["request"];
  return {
    request: async ({ method, params }) => {
      if (method === "eth_accounts") return [account.address];
      if (method !== "eth_sendTransaction") return ask(params === undefined ? { method } : { method, params });
      const [asked] = params as readonly [Asked];
      const raw = await account.signTransaction(await unsignedOf(client, asked));
      const hash = keccak256(raw);
      await note({ nonce: hexToNumber(asked.nonce), hash, raw });
      return ask({ method: "eth_sendRawTransaction", params: [raw] });
    },
  };
}

async function unsignedOf(client: PublicClient, asked: Asked) {
  const shared = {
    chainId: await client.getChainId(),
    nonce: hexToNumber(asked.nonce),
    gas: hexToBigInt(asked.gas),
    value: hexToBigInt(asked.value ?? "0x0"),
    ...(asked.to === undefined ? {} : { to: asked.to }),
    ...(asked.data === undefined ? {} : { data: asked.data }),
  };
  if (asked.maxFeePerGas === undefined) {
    return { ...shared, type: "legacy", gasPrice: hexToBigInt(asked.gasPrice ?? "0x0") } as const;
  }
  const maxFeePerGas = hexToBigInt(asked.maxFeePerGas);
  const maxPriorityFeePerGas = hexToBigInt(asked.maxPriorityFeePerGas ?? "0x0");
  return { ...shared, type: "eip1559", maxFeePerGas, maxPriorityFeePerGas } as const;
}
