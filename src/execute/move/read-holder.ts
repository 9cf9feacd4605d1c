// Turns the chain into how far a holder has come on the way from one fund to another, and what is left to be done.
import { type Address, isAddressEqual } from "viem";

import { ppm, tokenUnits, wad } from "../../core/units.ts";
import { CASH, ETHER, type PlanAsset } from "../../plan/holdings.ts";
import { ORDINARY_LIMIT } from "../../plan/limits.ts";
import { ERC20_ABI, type Fund } from "../contracts.ts";
import type { DeployedAsset, Deployment } from "../deployment.ts";
import { type Read, readMany } from "../read-many.ts";
import { type AccountStatus, fetchAccountStatus } from "../read-position.ts";
import { readPrices } from "../read-prices.ts";
import { poolsOf } from "../read-state.ts";
import { refundedTo } from "./refunds.ts";
import { type Amounts, type Transfer, receivedFrom, sentBy, sumsOf } from "./transfers.ts";

/** Who moves from where to where. */
export type Move = {
  /** The fund that is left. */
  readonly from: Fund;
  /** The fund that is joined, on the same chain. */
  readonly to: Deployment;
  readonly holder: Address;
};

/** How far a holder has come. */
export type HolderState = {
  /** At the old fund, which also keeps what exits could not deliver. */
  readonly before: AccountStatus;
  readonly after: AccountStatus;
  /** All assets of the old fund, with their price and, as balance, what of it is left to be sold or deposited. */
  readonly assets: readonly PlanAsset[];
  /** True once anything came out of the old fund on this way. */
  readonly hasLeft: boolean;
};

/**
 * Reads where the holder stands. What there is to be sold is what came out of the old fund since the new one exists,
 * less whatever the holder has sent since: coins that the holder had before are never touched.
 */
export async function readHolder({ from, to, holder }: Move): Promise<HolderState> {
  const { client, deployment } = from;
  const [before, after, flows, prices] = await Promise.all([
    fetchAccountStatus(from, holder),
    fetchAccountStatus({ client, deployment: to }, holder),
    readFlows({ from, to, holder }),
    readPrices(from, from.deployment.assets),
  ]);
  const assets = deployment.assets.map((asset) => planAsset(asset, prices[asset.index] ?? 0n, leftOf(flows, asset)));
  return { before, after, assets, hasLeft: flows.received.size > 0 };
}

/** An asset as sales are planned with it; weights and limits of the fund mean nothing there. */
export function planAsset(asset: DeployedAsset, price: bigint, balance: bigint): PlanAsset {
  const { index, symbol, token, decimals, isStable } = asset;
  const books = { balance: tokenUnits(balance), price: wad(price), weight: ppm(0), priceLimit: ORDINARY_LIMIT };
  return { index, symbol, token, decimals, isStable, ...books };
}

/** The deposit coin and wrapped ether of a fund. @throws TypeError for a deployment without them, which nobody reads. */
export function frameOf(assets: readonly PlanAsset[]): { readonly cash: PlanAsset; readonly ether: PlanAsset } {
  const [cash, ether] = [CASH, ETHER].map((index) => assets.find((asset) => asset.index === index));
  if (cash === undefined || ether === undefined) throw new TypeError("a fund lists its deposit coin and wrapped ether");
  return { cash, ether };
}

type Flows = { readonly received: Amounts; readonly sent: Amounts; readonly balances: Amounts };

/**
 * What came of sales, what was sent and what the new fund gave back counts from the block on in which something came out
 * of the old fund.
 */
async function readFlows({ from, to, holder }: Move): Promise<Flows> {
  const { client, deployment } = from;
  const toBlock = await client.getBlockNumber();
  const tokens = deployment.assets.map(({ token }) => token);
  const range = { account: holder, tokens, fromBlock: BigInt(to.block), toBlock };
  const { vault, gateway } = deployment.addresses;
  const out = await receivedFrom(client, range, [vault, gateway]);
  const [first] = out;
  if (first === undefined) return { received: new Map(), sent: new Map(), balances: new Map() };
  const since = { ...range, fromBlock: first.block };
  const coin = deployment.assets.find(({ index }) => index === CASH);
  if (coin === undefined) throw new TypeError("a fund lists its deposit coin");
  const [paid, sent, refunded, balances] = await Promise.all([
    receivedFrom(client, { ...since, tokens: [coin.token] }, poolsOf(deployment.assets)),
    sentBy(client, since),
    refundedTo(client, { ...since, vault: to.addresses.vault }),
    readBalances(from, holder, toBlock),
  ]);
  const sold = proceeds(paid, { out, sent, coin: coin.token });
  const received = sumsOf([...out, ...sold, { token: coin.token, value: refunded }]);
  return { received, sent: sumsOf(sent), balances };
}

type Sold = { readonly out: readonly Transfer[]; readonly sent: readonly Transfer[]; readonly coin: Address };

/** What pools paid where a token went that the old fund gave: they also buy what the holder had before. */
function proceeds(paid: readonly Transfer[], { out, sent, coin }: Sold): readonly Transfer[] {
  const given = new Set(out.map(({ token }) => token).filter((token) => !isAddressEqual(token, coin)));
  const sales = new Set(sent.filter(({ token }) => given.has(token)).map(({ transaction }) => transaction));
  return paid.filter(({ transaction }) => sales.has(transaction));
}

async function readBalances({ client, deployment }: Fund, holder: Address, block: bigint): Promise<Amounts> {
  const tokens = deployment.assets.map(({ token }) => token);
  const reads = tokens.map((address): Read => ({ address, abi: ERC20_ABI, functionName: "balanceOf", args: [holder] }));
  const balances = (await readMany(client, reads, block)) as readonly bigint[];
  return new Map(tokens.map((token, i) => [token.toLowerCase(), balances[i] ?? 0n]));
}

function leftOf({ received, sent, balances }: Flows, { token }: DeployedAsset): bigint {
  const key = token.toLowerCase();
  const left = (received.get(key) ?? 0n) - (sent.get(key) ?? 0n);
  const balance = balances.get(key) ?? 0n;
  if (left <= 0n) return 0n;
  return left < balance ? left : balance;
}
