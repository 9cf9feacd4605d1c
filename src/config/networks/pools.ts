// Turns two tokens and a fee into the address at which Uniswap v3 has, or would have, their pool.
import { type Address, type Hex, encodeAbiParameters, getContractAddress, keccak256 } from "viem";

import type { NetworkPool } from "../../execute/network.ts";
import { v3Sdk } from "../../plan/uniswap.ts";

/** {1e-6} The tiers of two stablecoins, and of all others; dearer pools of the same pair come later. */
const STABLE_FEES = [100, 500] as const;
const FEES = [3000, 500, 10_000] as const;

/** The frame that pools are against. */
export type Frame = { readonly factory: Address; readonly cash: Address; readonly weth: Address };

/** An asset, as far as its pools depend on it. */
export type Pooled = { readonly token: Address; readonly isStable: boolean };

/**
 * Every pool that a fund would list of an asset, whether or not it exists: against the deposit coin for stablecoins and
 * ether, against ether and the deposit coin for all others.
 *
 * @param known Addresses, in lower case, of pools that a list names; only those are given then.
 */
export function poolsOf(frame: Frame, asset: Pooled, known: ReadonlySet<string> | undefined): NetworkPool[] {
  if (asset.token === frame.cash) return [];
  const isFrame = asset.token === frame.weth || asset.isStable;
  const quotes = isFrame ? (["cash"] as const) : (["weth", "cash"] as const);
  const fees = asset.isStable ? STABLE_FEES : FEES;
  const candidates = quotes.flatMap((quote) =>
    fees.map((fee): NetworkPool => {
      const other = quote === "cash" ? frame.cash : frame.weth;
      const address = poolAddress(frame.factory, [asset.token, other], fee);
      return { address, quote, fee, evidence: known === undefined ? "computed" : "list" };
    }),
  );
  return known === undefined ? candidates : candidates.filter(({ address }) => known.has(address.toLowerCase()));
}

/** Where the factory creates the pool of two tokens and a fee. @see UniswapV3PoolDeployer */
export function poolAddress(factory: Address, tokens: readonly [Address, Address], fee: number): Address {
  const [first, second] = tokens;
  const [token0, token1] = BigInt(first) < BigInt(second) ? [first, second] : [second, first];
  const parameters = [{ type: "address" }, { type: "address" }, { type: "uint24" }] as const;
  return getContractAddress({
    opcode: "CREATE2",
    from: factory,
    salt: keccak256(encodeAbiParameters(parameters, [token0, token1, fee])),
    bytecodeHash: v3Sdk.POOL_INIT_CODE_HASH as Hex,
  });
}
