// Turns an allowance into a signature (ERC-2612) where the token knows permits, so that no transaction is needed for it.
import { type Address, type Hex, domainSeparator, parseAbi, parseSignature } from "viem";

import type { Sender } from "../../../execute/send.ts";

/** As the gateway takes it. */
export type Permit = { readonly deadline: bigint; readonly v: number; readonly r: Hex; readonly s: Hex };

/** Who may take how much of what. */
export type Allowance = { readonly token: Address; readonly spender: Address; readonly amount: bigint };

type Domain = {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly verifyingContract: Address;
};

const PERMIT_ABI = parseAbi([
  "function name() view returns (string)",
  "function version() view returns (string)",
  "function nonces(address owner) view returns (uint256)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
]);

const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** {s} A signature is good for. */
const VALID = 3600n;

/** The domain that the token itself confirms by its separator; undefined when it knows no permits of that form. */
export async function permitDomain({ client, wallet }: Sender, token: Address): Promise<Domain | undefined> {
  const contract = { address: token, abi: PERMIT_ABI } as const;
  try {
    const [name, separator, version] = await Promise.all([
      client.readContract({ ...contract, functionName: "name" }),
      client.readContract({ ...contract, functionName: "DOMAIN_SEPARATOR" }),
      client.readContract({ ...contract, functionName: "version" }).catch(() => "1"),
      client.readContract({ ...contract, functionName: "nonces", args: [wallet.account.address] }),
    ]);
    const domain = { name, version, chainId: wallet.chain.id, verifyingContract: token };
    return domainSeparator({ domain }) === separator ? domain : undefined;
  } catch {
    return undefined;
  }
}

/** Asks the wallet for the signature. */
export async function signPermit(
  sender: Sender,
  domain: Domain,
  { token, spender, amount }: Allowance,
): Promise<Permit> {
  const { client, wallet } = sender;
  const owner = wallet.account.address;
  const [nonce, { timestamp }] = await Promise.all([
    client.readContract({ address: token, abi: PERMIT_ABI, functionName: "nonces", args: [owner] }),
    client.getBlock(),
  ]);
  const deadline = timestamp + VALID;
  const signature = await wallet.signTypedData({
    account: wallet.account,
    domain,
    types: TYPES,
    primaryType: "Permit",
    message: { owner, spender, value: amount, nonce, deadline },
  });
  const { r, s, v, yParity } = parseSignature(signature);
  return { deadline, v: Number(v ?? BigInt(yParity + 27)), r, s };
}
