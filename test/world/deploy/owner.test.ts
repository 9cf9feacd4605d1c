import { readFileSync } from "node:fs";

import { expect } from "chai";
import { encodeFunctionData } from "viem";

import { delayedAccessManagerAbi, indexVaultAbi, priceOracleAbi } from "../../../src/core/abi.ts";
import { DAY } from "../../../src/core/time.ts";
import { tokenUnits, unixSeconds } from "../../../src/core/units.ts";
import { PROBE_UNITS } from "../../../src/execute/deploy.ts";
import { deployNetwork } from "../../../src/execute/deploy/deploy-network.ts";
import { deploymentOf } from "../../../src/execute/deploy/plan.ts";
import { type Depositor, requestDeposit } from "../../../src/execute/depositor.ts";
import type { NetworkAsset } from "../../../src/execute/network.ts";
import {
  type OwnerChange,
  type OwnerPlan,
  planCarryingOut,
  planClosing,
  planOwnerChange,
} from "../../../src/execute/owner-plan.ts";
import { safeBatch } from "../../../src/execute/safe-batch.ts";
import { type Safe, executeBatch } from "../../../src/world/rehearsal/safe.ts";
import { runCli } from "../../cli-run.ts";
import { failureOf } from "../../failure-of.ts";
import { temporaryFolder } from "../../market-files.ts";
import { useRehearsal } from "./support.ts";

const ADMIN = 0n;
const NINE_DAYS = 9 * DAY;

describe("planOwnerChange", function () {
  const now = useRehearsal("base.json");

  /** The deployed fund, and the last asset of its network, which was left out. */
  async function deployed(isComplete: boolean, left = 1) {
    const { network, deployer, client } = now();
    const last = network.assets.at(-1) as NetworkAsset;
    const assets = isComplete ? network.assets : network.assets.slice(0, -left);
    const { plan } = await deployNetwork(deployer, { ...network, assets });
    return { fund: { client, deployment: deploymentOf(plan, 1) }, last };
  }

  const planned = async (fund: Parameters<typeof planOwnerChange>[0], change: OwnerChange): Promise<OwnerPlan> =>
    planOwnerChange(fund, { safe: now().owner.address, createdAt: 0 }, change);

  const wait = async (seconds: number): Promise<void> => {
    const { chain } = now().market;
    await chain.advanceTo(unixSeconds((await chain.now()) + seconds));
  };

  /** Feeds and pools go on while the owner waits. */
  const moveMarket = async (): Promise<void> => {
    const { market } = now();
    await market.moveTo({ prices: new Map(), at: unixSeconds((await market.chain.now()) + 3600), steps: 1 });
  };

  const carriedOut = async (plan: OwnerPlan, safe: Safe = now().owner): Promise<void> => {
    const { chain } = now().market;
    await executeBatch(chain, safe, plan.announce);
    await wait(NINE_DAYS);
    await moveMarket();
    await executeBatch(chain, safe, plan.carryOut);
  };

  it("lists a coin, nine days after its announcement, by a real Safe", async function () {
    const { fund, last } = await deployed(false);
    await now().market.give(last.coinId, now().owner.address, tokenUnits(PROBE_UNITS));

    await carriedOut(await planned(fund, { kind: "add-assets", assets: [last] }));

    const { vault } = fund.deployment.addresses;
    const index = fund.deployment.assets.length;
    const asset = await now().client.readContract({
      address: vault,
      abi: indexVaultAbi,
      functionName: "assetAt",
      args: [index],
    });
    expect(asset.token).to.equal(last.token);
  });

  /** A fund without the last two coins, units of which the owner has. */
  async function withoutTwo() {
    const { fund } = await deployed(false, 2);
    const pair = now().network.assets.slice(-2) as [NetworkAsset, NetworkAsset];
    for (const { coinId } of pair) await now().market.give(coinId, now().owner.address, tokenUnits(PROBE_UNITS));
    return { fund, pair };
  }

  it("lists two coins announced together, each with its own price source", async function () {
    const { fund, pair } = await withoutTwo();

    await carriedOut(await planned(fund, { kind: "add-assets", assets: pair }));

    const { oracle } = fund.deployment.addresses;
    const first = fund.deployment.assets.length;
    const sources = await Promise.all(
      pair.map((_, i) =>
        now().client.readContract({ address: oracle, abi: priceOracleAbi, functionName: "source", args: [first + i] }),
      ),
    );
    expect(sources.map(([feed, , , pool]) => (BigInt(feed) === 0n ? pool : feed))).to.deep.equal(
      pair.map(({ feed, pools }) => feed?.address ?? pools[0]?.address),
    );
  });

  it("announces no listing beside another that is announced", async function () {
    const { fund, pair } = await withoutTwo();
    const plan = await planned(fund, { kind: "add-assets", assets: [pair[0]] });
    await executeBatch(now().market.chain, now().owner, plan.announce);

    const error = await failureOf(planned(fund, { kind: "add-assets", assets: [pair[1]] }));

    expect(error.message).to.include(`found one: list ${pair[0].coinId}`);
  });

  it("replaces a role beside a listing that is announced: a stolen key does not wait", async function () {
    const { fund, pair } = await withoutTwo();
    const { announce: first } = await planned(fund, { kind: "add-assets", assets: [pair[0]] });
    await executeBatch(now().market.chain, now().owner, first);
    const [before, after] = [now().network.roles?.keeper ?? "0x", now().market.chain.accounts.stranger.address];

    const { announce } = await planned(fund, { kind: "replace", role: "keeper", before, after });

    expect(announce.transactions).to.have.lengthOf(2); // the new keeper comes, the old one goes
  });

  it("lists a coin beside an announced call that the vault does not have", async function () {
    const { fund, pair } = await withoutTwo();
    const { accessManager, vault } = fund.deployment.addresses;
    const args = [vault, "0xdeadbeef", 0] as const;
    const data = encodeFunctionData({ abi: delayedAccessManagerAbi, functionName: "schedule", args });
    const titled = { chainId: 31337, safe: now().owner.address, name: "own", description: "", createdAt: 0 };
    await executeBatch(now().market.chain, now().owner, safeBatch(titled, [{ to: accessManager, data }]));

    const { announce } = await planned(fund, { kind: "add-assets", assets: [pair[0]] });

    expect(announce.transactions).to.not.be.empty;
  });

  it("carries out what was announced when its time has come, and nothing that has lost its index", async function () {
    const { fund, pair } = await withoutTwo();
    const owner = { safe: now().owner.address, createdAt: 0 };
    const { chain } = now().market;
    // Both were planned before either was announced.
    const [one, other] = [
      await planned(fund, { kind: "add-assets", assets: [pair[0]] }),
      await planned(fund, { kind: "add-assets", assets: [pair[1]] }),
    ];
    for (const { announce } of [one, other]) await executeBatch(chain, now().owner, announce);
    const early = await failureOf(planCarryingOut(fund, owner, { kind: "add-assets", assets: [pair[0]] }));
    await wait(NINE_DAYS);
    await moveMarket();

    const batch = await planCarryingOut(fund, owner, { kind: "add-assets", assets: [pair[0]] });
    await executeBatch(chain, now().owner, batch);
    const late = await failureOf(planCarryingOut(fund, owner, { kind: "add-assets", assets: [pair[1]] }));

    expect(batch).to.deep.equal(one.carryOut);
    expect(early.message).to.match(/s left of it/);
    expect(late.message).to.match(/the announced index is not the next free one/);
  });

  it("writes the second batch anew as the documents say: owner add-asset --carry-out", async function () {
    const { fund, pair } = await withoutTwo();
    const plan = await planned(fund, { kind: "add-assets", assets: [pair[0]] });
    await executeBatch(now().market.chain, now().owner, plan.announce);
    await wait(NINE_DAYS);
    await moveMarket();
    const [rpc, folder] = [await now().market.chain.serve(0), temporaryFolder()];
    try {
      const deployment = folder.write("fund.json", [JSON.stringify(fund.deployment)]);
      const network = folder.write("network.json", [JSON.stringify(now().network)]);
      const ends = ["--safe", now().owner.address, "--network", network, "--out", folder.path];
      const fundOptions = ["--rpc", rpc, "--deployment", deployment, "--json"];
      const run = await runCli(["owner", "add-asset", pair[0].coinId, "--carry-out", ...ends, ...fundOptions]);

      expect([run.code, run.err]).to.deep.equal([0, ""]);
      const written = readFileSync((JSON.parse(run.out) as { carryOut: string }).carryOut, "utf8");
      expect(JSON.parse(written)).to.deep.include({ transactions: plan.carryOut.transactions });
    } finally {
      folder.remove();
    }
  });

  it("delists a coin", async function () {
    const { fund, last } = await deployed(true);

    await carriedOut(await planned(fund, { kind: "remove-asset", coinId: last.coinId }));

    const { vault } = fund.deployment.addresses;
    const listed = await now().client.readContract({ address: vault, abi: indexVaultAbi, functionName: "listedSet" });
    // All but the last bit are left.
    expect(listed).to.equal((1n << BigInt(fund.deployment.assets.length - 1)) - 1n);
  });

  it("makes another multisig the owner, with the same delay", async function () {
    const { fund } = await deployed(true);
    const next = now().guardian.address;

    await carriedOut(await planned(fund, { kind: "hand-over", to: next }));

    const manager = { address: fund.deployment.addresses.accessManager, abi: delayedAccessManagerAbi };
    const has = (account: typeof next) =>
      now().client.readContract({ ...manager, functionName: "hasRole", args: [ADMIN, account] });
    expect(await has(next)).to.deep.equal([true, NINE_DAYS]);
    expect((await has(now().owner.address))[0]).to.equal(false);
  });

  it("closes a fund to deposits at once, by a real Safe", async function () {
    const { fund } = await deployed(true);
    const { market } = now();
    const depositor = { ...fund, wallet: market.chain.wallets.stranger } as unknown as Depositor;
    await market.give("usd-coin", depositor.wallet.account.address, tokenUnits(20_000_000n));
    await requestDeposit(depositor, 10_000_000n);

    await executeBatch(market.chain, now().owner, await planClosing(fund, { safe: now().owner.address, createdAt: 0 }));

    const error = await failureOf(requestDeposit(depositor, 10_000_000n));
    expect(error.message).to.match(/DepositCapReached/);
  });

  it("closes nothing for a Safe that does not rule the fund", async function () {
    const { fund } = await deployed(true);

    const error = await failureOf(planClosing(fund, { safe: now().guardian.address, createdAt: 0 }));

    expect(error.message).to.match(/to be the fund's owner/);
  });

  for (const role of ["keeper", "guardian", "signer"] as const) {
    it(`gives the ${role}'s role to another account, by a real Safe`, async function () {
      const { fund } = await deployed(true);
      const { chain } = now().market;
      const before = now().network.roles?.[role] ?? "0x";
      const after = chain.accounts.stranger.address;

      await carriedOut(await planned(fund, { kind: "replace", role, before, after }));

      const manager = { address: fund.deployment.addresses.accessManager, abi: delayedAccessManagerAbi };
      const id = { keeper: 1n, guardian: 2n, signer: 3n }[role];
      const held = await Promise.all(
        [before, after].map((account) =>
          now().client.readContract({ ...manager, functionName: "hasRole", args: [id, account] }),
        ),
      );
      expect(held.map(([isMember]) => isMember)).to.deep.equal([false, true]);
    });
  }

  it("gives nothing that passes a second before nine days", async function () {
    const { fund, last } = await deployed(true);
    const plan = await planned(fund, { kind: "remove-asset", coinId: last.coinId });
    await executeBatch(now().market.chain, now().owner, plan.announce);
    await wait(NINE_DAYS - 2);

    const error = await failureOf(executeBatch(now().market.chain, now().owner, plan.carryOut));

    expect(error).to.have.property("code", "SAFE_REFUSED");
  });

  it("gives nothing that another Safe could carry out", async function () {
    const { fund, last } = await deployed(true);
    const plan = await planned(fund, { kind: "remove-asset", coinId: last.coinId });

    const error = await failureOf(executeBatch(now().market.chain, now().guardian, plan.announce));

    expect(error).to.have.property("code", "SAFE_REFUSED");
  });

  it("refuses a Safe that does not rule the fund", async function () {
    const { fund } = await deployed(true);
    const owner = { safe: now().guardian.address, createdAt: 0 };

    const error = await failureOf(planOwnerChange(fund, owner, { kind: "remove-asset", coinId: "bitcoin" }));

    expect(error.message).to.match(/to be the fund's owner/);
  });

  it("refuses an owner with a single key", async function () {
    const { fund } = await deployed(true);
    const { stranger } = now().market.chain.accounts;

    const error = await failureOf(planned(fund, { kind: "hand-over", to: stranger.address }));

    expect(error.message).to.match(/an account with a single key/);
  });

  it("refuses to list a coin twice, or by a pool that nobody has seen", async function () {
    const { fund, last } = await deployed(false);
    const bitcoin = now().network.assets.find(({ coinId }) => coinId === "bitcoin") as NetworkAsset;
    const unseen = { ...last, pools: last.pools.map((pool) => ({ ...pool, evidence: "computed" as const })) };

    const twice = await failureOf(planned(fund, { kind: "add-assets", assets: [bitcoin] }));
    const blind = await failureOf(planned(fund, { kind: "add-assets", assets: [unseen] }));

    expect(twice.message).to.match(/bitcoin listed already/);
    expect(blind.message).to.match(/seen on the chain/);
  });
});
