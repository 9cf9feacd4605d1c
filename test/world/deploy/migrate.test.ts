// Rehearses the move from one fund to another: a Safe by the batches of `migrate`, a person by the recipe of the document.
import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";

import { expect } from "chai";
import { type Address, encodeFunctionData } from "viem";

import { depositGatewayAbi, indexVaultAbi } from "../../../src/core/abi.ts";
import { tokenUnits, unixSeconds } from "../../../src/core/units.ts";
import { deployFund } from "../../../src/execute/deploy.ts";
import { writeDeployment } from "../../../src/execute/deployment.ts";
import { claimDeposit, requestDeposit } from "../../../src/execute/depositor.ts";
import { saleCalls } from "../../../src/execute/move/calls.ts";
import { planAsset } from "../../../src/execute/move/read-holder.ts";
import type { SafeBatch } from "../../../src/execute/safe-batch.ts";
import { executeBatch } from "../../../src/world/rehearsal/safe.ts";
import { failureOf } from "../../failure-of.ts";
import { type Migration, type Printed, lostBps, useMigration } from "./migrate-support.ts";

const USDC = 10n ** 6n;
const ETHER = 10n ** 18n;

describe("migrate", function () {
  let move: Migration;
  useMigration((started) => {
    move = started;
  });

  describe("between funds wholly in stablecoins", function () {
    const named = (file: string): Promise<string> => {
      const { holder } = move;
      const network = move.file("2", "network.json");
      return move.refusal("--to", file, "--holder", holder.address, "--network", network);
    };

    it("goes out and in by the gateways at once", async function () {
      const { holder, old, next } = move;
      await move.give(holder.address, 40_000n * USDC);
      const { gateway } = old.addresses;
      const args = [40_000n * USDC, holder.address, 0n] as const;
      const data = encodeFunctionData({ abi: depositGatewayAbi, functionName: "deposit", args });
      await move.send(holder, [move.approval(gateway, 40_000n * USDC), { to: gateway, data }]);
      const before = await move.worth(old, holder.address);

      const steps = [await move.go(), await move.go(), await move.step()];

      expect(steps.map(({ step }) => step)).to.deep.equal(["leave", "deposit", "done"]);
      expect(steps.map(({ way }) => way)).to.deep.equal(["for money", "at once", null]);
      const after = await move.worth(next, holder.address);
      // Nothing is traded, and a fund in stablecoins that never traded keeps nothing.
      expect(lostBps(before, after)).to.be.within(0, 0.01);
      expect(await move.worth(old, holder.address)).to.equal(0n);
    });

    it("refuses what is no other fund on the chain, or not all of one", async function () {
      const { next, open } = move;
      const [chain, half] = [join(open.folder, "chain.json"), join(open.folder, "half.json")];
      const nowhere: Address = `0x${"12".repeat(20)}`;
      await writeDeployment(chain, { ...next, chainId: 8453 });
      await writeDeployment(half, { ...next, addresses: { ...next.addresses, lens: nowhere, gateway: nowhere } });

      expect(await named(chain)).to.match(/SUCCESSOR: .*one chain, found the old one on 31337 and .* 8453/);
      expect(await named(move.file("1"))).to.match(/SUCCESSOR: .*two funds, found the vault 0x\w+ twice/);
      expect(await named(half)).to.match(/SUCCESSOR: .*no code of its lens, gateway/);
    });

    it("refuses a fund of another coin, one of foreign parts, and one that its deployer still rules", async function () {
      const { market, folder } = move.open;
      const { keeper, guardian, signer } = market.chain.accounts;
      const roles = { keeper: keeper.address, guardian: guardian.address, signer: signer.address };
      const deployer = { wallet: market.chain.wallets.owner, reader: market.chain.publicClient };
      const file = join(folder, "own.json");
      const own = async (coin: Address, gateway?: Address): Promise<string> => {
        const places = { coin, weth: market.weth, factory: market.uniswap.factory };
        const addresses = await deployFund(deployer, places, roles);
        const changed = gateway === undefined ? addresses : { ...addresses, gateway };
        await writeDeployment(file, { ...move.next, addresses: changed, assets: [] });
        return named(file);
      };

      expect(await own(market.coin("dai").token)).to.match(
        /SUCCESSOR: .*the same deposit coin.* Name a fund of .* --to/,
      );
      expect(await own(market.usdc, move.next.addresses.gateway)).to.match(/SUCCESSOR: .*new fund's gateway's vault/);
      expect(await own(market.usdc)).to.match(/SUCCESSOR: .*handed over to its multisig/);
    });

    it("refuses a holder without shares, one with a single key, and numbers out of range", async function () {
      const [to, holder] = [
        ["--to", move.file("2")],
        ["--holder", move.holder.address],
      ];
      const single = move.open.market.chain.accounts.bob.address;
      const wrong = [
        ["--slippage", "0"],
        ["--slippage", "1001"],
        ["--slippage", "1.5"],
        ["--batch-gas", "16777217"],
      ] as const;

      expect(await move.refusal(...to, ...holder)).to.match(/HOLDER: .*to hold shares of 0x/);
      expect(await move.refusal(...to, "--holder", single)).to.match(/HOLDER: .*an account with a single key/);
      for (const [option, value] of wrong) {
        const err = await move.refusal(...to, ...holder, option, value);
        expect(err).to.match(new RegExp(`USAGE: Expected ${option} from \\d+ to \\d+, found '${value}'`));
      }
      expect(await move.refusal(...to, ...holder, "--network", "base")).to.match(
        /chain 31337, found .* 8453 .* --network/,
      );
    });
  });

  describe("between funds in the market", function () {
    before(async function () {
      const { holder, old, next, open } = move;
      const { alice, bob } = open.market.chain.accounts;
      await move.give(holder.address, 100_000n * USDC);
      const args = [100_000n * USDC, holder.address, holder.address] as const;
      const data = encodeFunctionData({ abi: indexVaultAbi, functionName: "requestDeposit", args });
      const { vault } = old.addresses;
      await move.send(holder, [move.approval(vault, 100_000n * USDC), { to: vault, data }]);
      await move.give(bob.address, 30_000n * USDC);
      await requestDeposit(move.at("bob", old), 30_000n * USDC);
      await move.give(alice.address, 50_000n * USDC);
      await requestDeposit(move.at("alice", next), 50_000n * USDC);
      await move.week(old, 0);
      await claimDeposit(move.at("bob", old));
      await move.week(next, 1);
    });

    it("moves a Safe by its batches, and a person by the recipe", async function () {
      const { holder, old, next, open, out } = move;
      const { chain, usdc, weth } = open.market;
      const bob = chain.accounts.bob.address;
      // Coins of its own, which stay.
      await move.give(holder.address, 7n * USDC);
      await open.market.give("ethereum", holder.address, tokenUnits(ETHER));
      await closeOld();
      const [before, bobBefore] = [await move.worth(old, holder.address), await move.worth(old, bob)];

      const leaving = await move.go();
      // A sale takes about 150,000 gas.
      const selling = await move.step("--batch-gas", "600000");
      const files = await readdir(out);
      await move.signed({ ...selling, batches: selling.batches.slice(0, 1) });
      const steps = [leaving, selling, await move.go(), await move.go(), await move.step()];
      await recipe();
      await move.week(next, 2);
      steps.push(await move.go(), await move.step());
      await move.bob("claim", "2");

      const names = ["leave", "sell", "sell", "deposit", "wait", "claim", "done"];
      expect(steps.map(({ step }) => step)).to.deep.equal(names);
      expect(steps.map(({ way }) => way)[3]).to.equal("by a request");
      expect(selling.batches.length).to.be.above(2);
      expect(files).to.have.members([...selling.batches.map(({ file }) => basename(file)), "close.json"]);
      expect(steps.flatMap(({ stays }) => stays)).to.deep.equal([]);
      expect([await move.balance(usdc, holder.address), await move.balance(weth, holder.address)]).to.deep.equal([
        7n * USDC,
        ETHER,
      ]);
      // Pools keep 0.05 to 1 %, and the new fund 30 bps at least.
      const { tradingBps, swingBps } = leaving.cost ?? { tradingBps: 0, swingBps: 0 };
      expect([tradingBps > 5, swingBps >= 30]).to.deep.equal([true, true]);
      // What was stated before anything was signed, and the new fund's next rebalance, which everybody there pays.
      const lost = lostBps(before, await move.worth(next, holder.address));
      expect(lost).to.be.within(tradingBps + swingBps - 5, tradingBps + swingBps + 15);
      // The Safe's sales have moved the pools that bob sells on.
      expect(lostBps(bobBefore, await move.worth(next, bob))).to.be.within(swingBps, tradingBps + swingBps + 40);
    });

    it("names what cannot be sold, and goes on with it once it can", async function () {
      const { market } = move.open;
      const later = async (hours: number): Promise<void> => {
        const at = unixSeconds((await market.chain.now()) + hours * 3600);
        await market.moveTo({ prices: new Map(), at, steps: 1 });
      };
      await market.freezeToken("virtual-protocol");
      market.stopFeed("aerodrome-finance");
      await later(30);

      const steps = [await move.go(), await move.go(), await move.go()];
      await market.thawToken("virtual-protocol");
      market.resumeFeed("aerodrome-finance");
      await later(1);
      steps.push(await move.go(), await move.go(), await move.step());

      const named = ({ stays }: Printed) => stays.map(({ symbol, reason }) => `${symbol}: ${reason}`).sort();
      const left = ["AERO: no fresh price", "VIRTUAL: its token does not move; the old vault keeps it for the holder"];
      expect(steps.map(({ step }) => step)).to.deep.equal(["leave", "sell", "deposit", "leave", "sell", "deposit"]);
      expect(steps.map(named)).to.deep.equal([left, left, left, [], [], []]);
    });

    it("names a token that froze once the holder had it, and pools that pay too little", async function () {
      await move.go();
      await move.open.market.freezeToken("virtual-protocol");

      const frozen = await move.step();
      const narrow = await move.step("--slippage", "1");

      expect(frozen.stays.map(({ symbol, reason }) => [symbol, reason.slice(0, 21)])).to.deep.equal([
        ["VIRTUAL", "its sale was refused:"],
      ]);
      const [cash, ...tokens] = [...narrow.stays].reverse();
      expect([cash?.symbol, cash?.reason]).to.deep.equal(["USDC", "less than a deposit may be"]);
      expect(new Set(tokens.map(({ reason }) => reason))).to.deep.equal(
        new Set(["no pool pays the oracle's price less 1 bps"]),
      );
    });

    it("gives sales that revert after their hours, and once a pool pays less than was said", async function () {
      const { market } = move.open;
      const at = async (hours: number) => unixSeconds((await market.chain.now()) + hours * 3600);
      await move.go();

      const brief = await move.step("--hours", "1");
      await market.chain.advanceTo(await at(2));
      const late = await failureOf(move.signed(brief));
      const fresh = await move.step();
      const fallen = new Map([["bitcoin", market.priceOf("bitcoin") * 0.95]]);
      await market.moveTo({ prices: fallen, at: await at(1), steps: 1 });
      const low = await failureOf(move.signed(fresh));

      expect([late, low].map((error) => (error as { readonly code?: string }).code)).to.deep.equal([
        ...["SAFE_REFUSED", "SAFE_REFUSED"],
      ]);
    });

    it("refuses a new fund that takes no deposits", async function () {
      const { next, open, holder, out } = move;
      const data = encodeFunctionData({ abi: indexVaultAbi, functionName: "lowerDepositCap", args: [0n] });
      await move.send(open.owner, [{ to: next.addresses.vault, data }]);
      const to = ["--to", move.file("2")];

      const mine = await move.refusal(...to, "--holder", holder.address);
      const owners = await move.tm100("owner", "migrate", ...to, "--safe", open.owner.address, "--out", out);

      expect(mine).to.match(/SUCCESSOR: .*takes deposits, found 0x\w+ closed to them\. Its owner can/);
      expect([owners.code, owners.err.includes("closed to them")]).to.deep.equal([2, true]);
    });
  });

  /** The owner closes the old fund, now that the new one is open. */
  const closeOld = async (): Promise<void> => {
    const { open, out } = move;
    const args = ["--to", move.file("2"), "--safe", open.owner.address, "--out", out];
    const { code, err } = await move.tm100("owner", "migrate", ...args);
    expect([code, err]).to.deep.equal([0, ""]);
    const batch = JSON.parse(await readFile(join(out, "close.json"), "utf8")) as SafeBatch;
    await executeBatch(open.market.chain, open.owner, batch);
  };

  /** As docs/deploying.md has it; what is to be sold is sold on Uniswap. */
  const recipe = async (): Promise<void> => {
    const { chain, uniswap, usdc, weth, coin } = move.open.market;
    const bob = chain.accounts.bob.address;
    const through = { fee: coin("ethereum").pool?.fee ?? 0, pool: usdc, bought: usdc };
    await move.bob("redeem-in-kind all", "1");
    for (const listed of move.old.assets.slice(1)) {
      const amount = await move.balance(listed.token, bob);
      const { pool } = coin(listed.coinId);
      if (amount === 0n || pool === undefined) continue;
      const first = { pool: pool.address, fee: pool.fee, bought: pool.quoteToken };
      const hops = pool.quoteToken === weth ? [first, through] : [first];
      const sale = { asset: planAsset(listed, 0n, amount), amount, hops, minimum: 0n, expected: 0n, value: 0n };
      const place = { router: uniswap.router, holder: bob, deadline: (await chain.now()) + 600 };
      for (const call of saleCalls(place, sale, 0n)) await chain.send(bob, call);
    }
    await move.bob(`deposit ${(await move.balance(usdc, bob)) / USDC}`, "2");
  };
});
