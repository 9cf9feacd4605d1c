// Tests of what a move between two funds counts as moved: all that came of the old fund, and nothing that was there before.
import { expect } from "chai";
import { encodeFunctionData } from "viem";

import { depositGatewayAbi, indexVaultAbi, rebalancerAbi } from "../../../src/core/abi.ts";
import { tokenUnits } from "../../../src/core/units.ts";
import { saleCalls } from "../../../src/execute/move/calls.ts";
import { planAsset } from "../../../src/execute/move/read-holder.ts";
import { type Migration, type Printed, useMigration } from "./migrate-support.ts";

const USDC = 10n ** 6n;
const ETHER = 10n ** 18n;
/** {share} A share of a fund in stablecoins that never traded is worth a deposit coin. */
const SHARE = 10n ** 18n;

describe("migrate, of coins", function () {
  let move: Migration;
  useMigration(async (started) => {
    move = started;
    const { holder, old } = move;
    await move.give(holder.address, 40_000n * USDC);
    const { gateway } = old.addresses;
    const args = [40_000n * USDC, holder.address, 0n] as const;
    const data = encodeFunctionData({ abi: depositGatewayAbi, functionName: "deposit", args });
    await move.send(holder, [move.approval(gateway, 40_000n * USDC), { to: gateway, data }]);
  });

  /** {wholeTok} of deposit coins that a step says the move comes to, without what is below a coin. */
  const comesTo = ({ cost }: Printed): number => Math.round(Number(cost?.USDC));

  /** The holder asks the new fund for a deposit of `coins` {tok}. */
  const request = async (coins: bigint): Promise<void> => {
    const { holder, next } = move;
    const args = [coins, holder.address, holder.address] as const;
    const data = encodeFunctionData({ abi: indexVaultAbi, functionName: "requestDeposit", args });
    const { vault } = next.addresses;
    await move.send(holder, [move.approval(vault, coins), { to: vault, data }]);
  };

  /** The holder takes back everything that it asked for in the first epoch. */
  const cancel = async (): Promise<void> => {
    const { holder, next } = move;
    const args = [1n, holder.address, holder.address] as const;
    const data = encodeFunctionData({ abi: indexVaultAbi, functionName: "cancelDepositRequest", args });
    await move.send(holder, [{ to: next.addresses.vault, data }]);
  };

  it("compares the ways out by all that they bring, with claims and what came before", async function () {
    const { holder, old } = move;
    const { rebalancer, vault } = old.addresses;
    const who = [holder.address, holder.address] as const;
    const asked = [10_000n * SHARE, ...who] as const;
    const taken = [5000n * SHARE, ...who, [], []] as const;
    await move.send(holder, [
      { to: vault, data: encodeFunctionData({ abi: indexVaultAbi, functionName: "requestRedeem", args: asked }) },
      { to: rebalancer, data: encodeFunctionData({ abi: rebalancerAbi, functionName: "strikeInStablecoins" }) },
      { to: vault, data: encodeFunctionData({ abi: indexVaultAbi, functionName: "redeemInKind", args: taken }) },
    ]);

    const leaving = await move.go();
    const depositing = await move.step();

    expect([leaving.step, leaving.way]).to.deep.equal(["leave", "for money"]);
    // 5,000 came before, 10,000 are claimed, 25,000 are paid.
    expect([leaving, depositing].map(comesTo)).to.deep.equal([40_000, 40_000]);
  });

  it("leaves alone what the holder's own tokens bring on the fund's pools", async function () {
    const { holder, old, open } = move;
    const { market } = open;
    await move.go();
    await market.give("ethereum", holder.address, tokenUnits(ETHER));
    const [asset, { pool }] = [old.assets.find(({ coinId }) => coinId === "ethereum"), market.coin("ethereum")];
    if (asset === undefined || pool === undefined) throw new TypeError("ether is listed, with a pool");
    const hops = [{ pool: pool.address, fee: pool.fee, bought: market.usdc }];
    const sale = { asset: planAsset(asset, 0n, ETHER), amount: ETHER, hops, minimum: 0n, expected: 0n, value: 0n };
    const place = { router: market.uniswap.router, holder: holder.address, deadline: (await market.chain.now()) + 600 };
    await move.send(holder, saleCalls(place, sale, 0n));

    const depositing = await move.step();

    expect(await move.balance(market.usdc, holder.address)).to.be.above(40_100n * USDC);
    expect([depositing.step, comesTo(depositing)]).to.deep.equal(["deposit", 40_000]);
  });

  it("deposits again what the new fund gave back of a cancelled request", async function () {
    await move.go();
    await request(40_000n * USDC - 100n);
    const waiting = await move.step();
    await cancel();

    const again = await move.step();

    expect([waiting.step, again.step, comesTo(again)]).to.deep.equal(["wait", "deposit", 40_000]);
  });

  it("leaves alone what the new fund gives back of a request that was there before", async function () {
    await move.give(move.holder.address, 3000n * USDC);
    await request(3000n * USDC);
    await move.go();
    await request(10_000n * USDC);
    await cancel();

    const depositing = await move.step();

    expect([depositing.step, comesTo(depositing)]).to.deep.equal(["deposit", 40_000]);
  });
});
