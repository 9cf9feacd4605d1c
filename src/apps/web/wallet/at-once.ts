// Turns a deposit or a redemption into one transaction of the gateway, which works while all is in stablecoins.
import { type Address, erc20Abi } from "viem";

import { depositGatewayAbi } from "../../../core/abi.ts";
import { type Sender, send } from "../../../execute/send.ts";
import type { Deployment } from "../../../execute/deployment.ts";
import { PageError } from "../errors.ts";
import { permitDomain, signPermit } from "./permit.ts";

/** What is given, and the least that must come back. */
export type AtOnce = {
  readonly kind: "deposit" | "redeem";
  readonly token: Address;
  readonly amount: bigint; // {tok} of the deposit coin, or {share}
  readonly minimum: bigint; // {share}, or {tok}
};

/** Permit where the token knows it, approval where not; then the exchange. Gives back the transaction. */
export async function exchangeAtOnce(
  sender: Sender,
  { addresses }: Pick<Deployment, "addresses">,
  { order, onStep }: { readonly order: AtOnce; readonly onStep: (step: string) => void },
): Promise<string> {
  const { kind, token, amount, minimum } = order;
  const owner = sender.wallet.account.address;
  const gateway = { address: addresses.gateway, abi: depositGatewayAbi };
  const action = kind === "deposit" ? "deposit at once" : "redeem at once";
  const allowance = { token, spender: gateway.address, amount };
  const args = { client: sender.client, token, owner, spender: gateway.address };
  const domain = (await allowed(args)) >= amount ? undefined : await permitDomain(sender, token);
  if (domain !== undefined) {
    onStep("Sign the permit in your wallet: it costs nothing and sends nothing");
    const permit = await signPermit(sender, domain, allowance);
    onStep("Confirm the exchange in your wallet");
    const functionName = kind === "deposit" ? "depositWithPermit" : "redeemWithPermit";
    const receipt = await send(sender, { ...gateway, functionName, args: [amount, owner, minimum, permit], action });
    return receipt.transactionHash;
  }
  await approve(sender, allowance, onStep);
  onStep("Confirm the exchange in your wallet");
  const receipt = await send(sender, { ...gateway, functionName: kind, args: [amount, owner, minimum], action });
  return receipt.transactionHash;
}

/** Approves exactly the amount, if less is approved so far. */
export async function approve(
  sender: Sender,
  { token, spender, amount }: { readonly token: Address; readonly spender: Address; readonly amount: bigint },
  onStep: (step: string) => void,
): Promise<void> {
  const owner = sender.wallet.account.address;
  if ((await allowed({ client: sender.client, token, owner, spender })) >= amount) return;
  onStep("Approve the amount in your wallet (first of two transactions)");
  const call = {
    address: token,
    abi: erc20Abi,
    functionName: "approve",
    args: [spender, amount],
    action: "approve the amount",
  };
  await send(sender, call);
  await untilAllowed(sender, { token, spender, amount });
}

/** {ms} Between two looks at a node that may lag behind the one that took the approval; and how many. */
const PAUSE = 500;
const LOOKS = 40;

/**
 * What comes next is simulated: a node that does not know the approval yet would refuse it.
 *
 * @throws PageError when it still does not know it.
 */
async function untilAllowed(
  { client, wallet }: Sender,
  { token, spender, amount }: { readonly token: Address; readonly spender: Address; readonly amount: bigint },
): Promise<void> {
  const owner = wallet.account.address;
  for (let look = 0; look < LOOKS; look++) {
    if ((await allowed({ client, token, owner, spender })) >= amount) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  const waited = (LOOKS * PAUSE) / 1000;
  throw new PageError(
    "NODE_BEHIND",
    `Expected your wallet's node to know your approval within ${waited} s, found that it does not. Nothing more was sent; begin again in a minute.`,
  );
}

async function allowed(what: {
  readonly client: Sender["client"];
  readonly token: Address;
  readonly owner: Address;
  readonly spender: Address;
}): Promise<bigint> {
  const { client, token, owner, spender } = what;
  return client.readContract({ address: token, abi: erc20Abi, functionName: "allowance", args: [owner, spender] });
}
