import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { type Address, type Hex, encodeFunctionData, erc20Abi, keccak256 } from "viem";

import { delayedAccessManagerAbi, uniswapV3VenueAbi } from "../../../src/core/abi.ts";
import { checkNetwork } from "../../../src/execute/check-network.ts";
import { CREATEX, CREATEX_CODE_HASH } from "../../../src/execute/deploy/create3.ts";
import { DeploymentDiffersError, deployNetwork } from "../../../src/execute/deploy/deploy-network.ts";
import { readRecord, writeRecord } from "../../../src/execute/deploy/record.ts";
import { ChainIdMismatchError, readDeployment } from "../../../src/execute/deployment.ts";
import type { Network } from "../../../src/execute/network.ts";
import { readTokenList } from "../../../src/market/sources/network-lists.ts";
import type { LocalChain } from "../../../src/world/local-chain.ts";
import { failureOf } from "../../failure-of.ts";
import { openRehearsal, useRehearsal } from "./support.ts";

/** {tok} 10,000 USDC. */
const DEPTH = 10_000_000_000n;
const ADMIN = 0n;

describe("deployNetwork", function () {
  for (const file of ["ethereum.json", "base.json", "arbitrum-one.json", "base-sepolia.json", "sepolia.json"]) {
    it(`deploys from ${file} and reads back what was planned`, async function () {
      const { client, network, deployer, close } = await openRehearsal(file);
      try {
        const check = await checkNetwork(client, network, DEPTH);
        const { plan } = await deployNetwork(deployer, network);

        expect(check.faults).to.deep.equal([]);
        const codes = await Promise.all(plan.creations.map(({ address }) => client.getCode({ address })));
        expect(codes).not.to.include(undefined);
      } finally {
        await close();
      }
    });
  }

  describe("from Base's file", function () {
    const now = useRehearsal("base.json");

    /** What stops a deployment from the network as it was changed. */
    const refusal = (change: (network: Network) => Network) =>
      failureOf(deployNetwork(now().deployer, change(now().network)));

    it("finds the factory that every chain has", async function () {
      const code = await now().client.getCode({ address: CREATEX });

      expect(keccak256(code ?? "0x")).to.equal(CREATEX_CODE_HASH);
    });

    it("gives the same addresses on a chain with another past", async function () {
      const first = await deployNetwork(now().deployer, now().network);
      const other = await openRehearsal("sepolia.json");
      try {
        const second = await deployNetwork(other.deployer, other.network);

        expect(second.plan.addresses).to.deep.equal(first.plan.addresses);
      } finally {
        await other.close();
      }
    });

    it("leaves the deployer nothing and the owner nine days of delay", async function () {
      const { client, deployer, network } = now();

      const { plan } = await deployNetwork(deployer, network);

      const manager = { address: plan.addresses.accessManager, abi: delayedAccessManagerAbi };
      const hasAdmin = (account: Hex) =>
        client.readContract({ ...manager, functionName: "hasRole", args: [ADMIN, account] });
      expect(await hasAdmin(deployer.account.address)).to.deep.equal([false, 0]);
      expect(await hasAdmin(plan.roles.owner)).to.deep.equal([true, 777_600]); // 9 × 86,400
    });

    it("only reads back when all was done before", async function () {
      const { client, deployer, network } = now();
      await deployNetwork(deployer, network);
      const block = await client.getBlockNumber({ cacheTime: 0 });

      await deployNetwork(deployer, network);

      expect(await client.getBlockNumber({ cacheTime: 0 })).to.equal(block);
    });

    it("writes where the fund is and how it was made", async function () {
      const { client, deployer, network, folder } = now();
      const deployed = await deployNetwork(deployer, network);

      const path = await writeRecord({ client, folder, commit: "abc" }, deployed);

      const fund = await readDeployment(path);
      const record = await readRecord(folder);
      expect(fund.assets.map(({ coinId }) => coinId)).to.deep.equal(network.assets.map(({ coinId }) => coinId));
      expect(record.powers).to.have.lengthOf(4);
      const vault = record.contracts.find(({ contract }) => contract === "IndexVault");
      expect([vault?.address, vault?.args[1]]).to.deep.equal([fund.addresses.vault, network.assets[0]?.token]);
      expect(await readdir(join(folder, "input"))).to.include(vault?.input);
      const receipt = await client.getTransactionReceipt({ hash: vault?.transaction as Hex });
      expect(receipt.status).to.equal("success");
    });

    it("writes a token list with the share", async function () {
      const { client, deployer, network, folder } = now();
      await writeRecord({ client, folder, commit: "abc" }, await deployNetwork(deployer, network));

      const { name, tokens } = readTokenList(join(folder, "tokenlist.json"), new Set([31337]));

      expect(name).to.equal("TM Global 100 1.0.0");
      expect(tokens.map(({ symbol, decimals }) => [symbol, decimals])).to.deep.equal([["TM100", 18]]);
    });

    it("refuses another chain", async function () {
      expect(await refusal((network) => ({ ...network, chainId: 8453 }))).to.be.instanceOf(ChainIdMismatchError);
    });

    it("refuses a network whose pools nobody has seen", async function () {
      const unseen = (network: Network): Network => ({
        ...network,
        assets: network.assets.map((asset) => ({
          ...asset,
          pools: asset.pools.map((pool) => ({ ...pool, evidence: "computed" as const })),
        })),
      });

      expect((await refusal(unseen)).message).to.match(/pools of ethereum, dai, .*nobody has seen/);
    });

    it("refuses an owner with a single key", async function () {
      const { stranger } = now().market.chain.accounts;

      const error = await refusal((network) => withRole(network, "owner", stranger.address));

      expect(error).to.have.property("code", "ROLE_HOLDER");
      expect(error.message).to.match(/owner to be a multisig.*single key/);
    });

    it("refuses a guardian with a single key that has delegated to a contract", async function () {
      const { chain } = now().market;
      const { stranger } = chain.accounts;
      const code = `0xef0100${now().owner.address.slice(2)}`;
      await chain.provider.request({ method: "hardhat_setCode", params: [stranger.address, code] });

      const error = await refusal((network) => withRole(network, "guardian", stranger.address));

      expect(error.message).to.match(/guardian to be a multisig.*delegated/);
    });

    it("refuses to leave a role on the deployer", async function () {
      const error = await refusal((network) => withRole(network, "keeper", now().deployer.account.address));

      expect(error.message).to.match(/keeper to be another account.*the deployer/);
    });

    it("refuses without the factory", async function () {
      await now().market.chain.provider.request({ method: "hardhat_setCode", params: [CREATEX, "0x00"] });

      expect(await refusal((network) => network)).to.have.property("code", "FACTORY_MISSING");
    });

    it("refuses when the deployer lacks units for a trial, by token", async function () {
      const bitcoin = now().network.assets.find(({ coinId }) => coinId === "bitcoin");
      const { accounts, publicClient, wallets } = now().market.chain;
      const hash = await wallets.deployer.writeContract({
        address: bitcoin?.token as Hex,
        abi: erc20Abi,
        functionName: "transfer",
        args: [accounts.stranger.address, 1n],
      });
      await publicClient.waitForTransactionReceipt({ hash });

      const error = await refusal((network) => network);

      expect(error).to.have.property("code", "TRIAL_UNITS_MISSING");
      expect(error.message).to.include(`cbBTC (${bitcoin?.token})`);
    });

    it("refuses a journal that was begun from another file", async function () {
      const { deployer, network, folder } = now();
      await deployNetwork(deployer, network);

      const { stranger } = now().market.chain.accounts;
      const error = await failureOf(deployNetwork(deployer, withRole(network, "keeper", stranger.address)));

      expect(error).to.have.property("code", "JOURNAL_OF_OTHER_DEPLOYMENT");
      expect(error.message).to.include(folder);
    });

    it("refuses to begin where contracts are and the journal is gone", async function () {
      const { deployer, network, folder } = now();
      await deployNetwork(deployer, network);
      await rm(join(folder, "begun.json"));

      expect(await failureOf(deployNetwork(deployer, network))).to.have.property("code", "JOURNAL_MISMATCH");
    });

    it("refuses a journal of a chain that was begun anew", async function () {
      const { deployer, network, market } = now();
      const before = await market.chain.snapshot();
      await deployNetwork(deployer, network);
      await market.chain.revert(before);

      const error = await failureOf(deployNetwork(deployer, network));

      expect(error).to.have.property("code", "JOURNAL_MISMATCH");
      expect(error.message).to.match(/begun anew/);
    });

    it("finds a role that somebody gave away after the deployment", async function () {
      const { deployer, network, market } = now();
      const { plan } = await deployNetwork(deployer, network);
      const { guardian } = plan.roles;
      const manager = { address: plan.addresses.accessManager, abi: delayedAccessManagerAbi };
      const data = encodeFunctionData({
        ...manager,
        functionName: "renounceRole",
        args: [2n, guardian],
      });
      await sendFrom(market.chain, guardian, { to: manager.address, data });

      const error = await failureOf(deployNetwork(deployer, network));

      expect(error).to.have.property("code", "POWERS_DIFFER");
      expect(error.message).to.include(`missing: guardian ${guardian.toLowerCase()}`);
    });

    it("finds an asset whose limit was changed after the deployment", async function () {
      const { deployer, network, market } = now();
      const { plan } = await deployNetwork(deployer, network);
      const { guardian } = plan.roles;
      const data = encodeFunctionData({ abi: uniswapV3VenueAbi, functionName: "lowerLimit", args: [3, 200] });
      await sendFrom(market.chain, guardian, { to: plan.addresses.venue, data });

      const error = await failureOf(deployNetwork(deployer, network));

      expect(error).to.be.instanceOf(DeploymentDiffersError);
      expect(error.message).to.include("price limit of bitcoin in bps: expected 300, found 200");
    });
  });
});

function withRole(network: Network, role: "owner" | "guardian" | "keeper", address: Hex): Network {
  if (network.roles === undefined) throw new TypeError("a rehearsal names roles");
  return { ...network, roles: { ...network.roles, [role]: address } };
}

/** Sends from an account whose key nobody here has: a Safe. */
async function sendFrom(
  chain: LocalChain,
  from: Address,
  call: { readonly to: Address; readonly data: Hex },
): Promise<void> {
  await chain.provider.request({ method: "hardhat_impersonateAccount", params: [from] });
  await chain.setBalance(from, 10n ** 18n);
  await chain.send(from, call);
}
