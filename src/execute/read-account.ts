// Turns the fund on chain, at one block, into what a depositor wants to know before acting.
import type { Address } from "viem";

import { vaultLensAbi } from "../core/abi.ts";
import { type UnixSeconds, WAD, unixSeconds } from "../core/units.ts";
import { CASH, ETHER, TRANSIT } from "../plan/holdings.ts";
import { ERC20_ABI, type Fund, contractsOf } from "./contracts.ts";
import type { DeployedAsset } from "./deployment.ts";
import { readMany } from "./read-many.ts";

/** What shares and coins are worth in the fund. */
export type FundWorth = {
  readonly time: UnixSeconds;
  readonly nav: bigint; // D18{USD} without what has no fresh price
  readonly supply: bigint; // {share}
  /** Held assets without a fresh price. */
  readonly unpriced: number;
  readonly coinPrice: bigint; // D18{USD/wholeTok} zero when there is no fresh one
};

/** One depositor and the fund. */
export type AccountView = FundWorth & {
  readonly coins: bigint; // {tok} of the deposit coin that the account holds
  readonly shares: bigint; // {share} that the account holds
};

/** What the vault holds of an asset; 255 is wrapped ether in transit. */
export type Holding = {
  readonly index: number;
  readonly asset: DeployedAsset | undefined; // undefined when the deployment file does not know the token
  readonly token: Address;
  readonly amount: bigint; // {tok}
  readonly value: bigint; // D18{USD} zero without a fresh price
};

/** What an in-kind exit could not deliver. */
export type Leftover = { readonly asset: DeployedAsset; readonly amount: bigint }; // {tok}

/** A block, and what is known of the fund in it. */
export type KnownFund = { readonly block: bigint; readonly worth?: FundWorth | undefined };

/** Reads balances, value and supply. @param known The newest block, and nothing of the fund, when left out. */
export async function fetchAccount(fund: Fund, owner: Address, known?: KnownFund): Promise<AccountView> {
  const { client, deployment } = fund;
  const { vault } = contractsOf(deployment);
  const blockNumber = known?.block ?? (await client.getBlockNumber({ cacheTime: 0 }));
  const args = [owner] as const;
  const coinsAt = (address: Address): Promise<bigint> =>
    client.readContract({ address, abi: ERC20_ABI, functionName: "balanceOf", args, blockNumber });
  const [worth, coins, shares] = await Promise.all([
    known?.worth ?? readWorth(fund, blockNumber),
    client.readContract({ ...vault, functionName: "asset", blockNumber }).then(coinsAt),
    client.readContract({ ...vault, functionName: "balanceOf", args, blockNumber }),
  ]);
  return { ...worth, coins, shares };
}

async function readWorth({ client, deployment }: Fund, blockNumber: bigint): Promise<FundWorth> {
  const { oracle } = contractsOf(deployment);
  const lens = { address: deployment.addresses.lens, abi: vaultLensAbi };
  const [{ timestamp }, { nav, supply, unpriced }, [prices]] = await Promise.all([
    client.getBlock({ blockNumber }),
    client.readContract({ ...lens, functionName: "status", blockNumber }),
    client.readContract({ ...oracle, functionName: "prices", args: [1n << BigInt(CASH)], blockNumber }),
  ]);
  const coinPrice = (prices as readonly bigint[])[CASH] ?? 0n;
  return { time: unixSeconds(Number(timestamp)), nav, supply, unpriced: Number(unpriced), coinPrice };
}

/** D18{USD/wholeShare}, rounded down; the first share is worth one USD. */
export function navPerShare({ nav, supply }: Pick<AccountView, "nav" | "supply">): bigint {
  // D18{USD/wholeShare} = D18{USD} * {share/wholeShare} / {share}
  return supply === 0n ? WAD : (nav * WAD) / supply;
}

/** Everything the vault holds, by ascending index. */
export async function fetchHoldings({ client, deployment }: Fund): Promise<Holding[]> {
  const lens = { address: deployment.addresses.lens, abi: vaultLensAbi };
  const { vault } = contractsOf(deployment);
  const blockNumber = await client.getBlockNumber();
  const [set, [tokens, amounts, , values]] = await Promise.all([
    client.readContract({ ...vault, functionName: "heldSet", blockNumber }),
    client.readContract({ ...lens, functionName: "holdings", blockNumber }),
  ]);
  const indexes = Array.from({ length: TRANSIT + 1 }, (_, index) => index).filter((index) => hasBit(set, index));
  return tokens.map((token, i) => {
    const index = indexes[i] ?? TRANSIT;
    const asset = deployment.assets.find((known) => known.index === (index === TRANSIT ? ETHER : index));
    return { index, asset, token, amount: amounts[i] ?? 0n, value: values[i] ?? 0n };
  });
}

/** What in-kind exits still owe to an account. @param block The newest when left out. */
export async function fetchLeftovers(
  { client, deployment }: Fund,
  owner: Address,
  block?: bigint,
): Promise<Leftover[]> {
  const { vault } = contractsOf(deployment);
  const { assets } = deployment;
  const reads = assets.map(({ index }) => ({ ...vault, functionName: "inKindClaimable", args: [owner, index] }));
  const amounts = (await readMany(client, reads, block ?? (await client.getBlockNumber()))) as readonly bigint[];
  return assets.flatMap((asset, i) => {
    const amount = amounts[i] ?? 0n;
    return amount === 0n ? [] : [{ asset, amount }];
  });
}

function hasBit(set: bigint, index: number): boolean {
  return ((set >> BigInt(index)) & 1n) === 1n;
}
