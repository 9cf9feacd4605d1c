import { expect } from "chai";

import { type Fixture, useFixture } from "./support/fixture.ts";

const OF_REBALANCER: readonly string[] = ["AbandonedExit", "Quarantine"];

/** The linked libraries of the vault, or of the rebalancer. */
function librariesOf({ addresses }: Fixture["fund"], contract: "vault" | "rebalancer"): Record<string, string> {
  const isIts = (name: string) => OF_REBALANCER.includes(name) === (contract === "rebalancer");
  return Object.fromEntries(Object.entries(addresses.libraries).filter(([name]) => isIts(name)));
}

describe("IndexVault: its parts", function () {
  const get = useFixture();

  it("refuses a venue of another vault", async function () {
    const { ethers, fund, people, usdc, weth, vault } = get();
    const { accessManager, rebalancer, oracle } = fund.addresses;
    const venue = await ethers.deployContract("OtherVaultVenue", [people.stranger]);
    const factory = await ethers.getContractFactory("IndexVault", { libraries: librariesOf(fund, "vault") });

    await expect(factory.deploy(accessManager, usdc, weth, rebalancer, oracle, venue))
      .to.be.revertedWithCustomError(vault, "PartOfOtherVault")
      .withArgs(venue);
  });

  it("refuses a rebalancer whose registry is another vault's", async function () {
    const { ethers, fund, people, usdc, weth, vault } = get();
    const { accessManager, registry, rebalancer, oracle } = fund.addresses;
    const nonce = await people.stranger.getNonce();
    const created = ethers.getCreateAddress({ from: people.stranger.address, nonce: nonce + 1 });
    const venue = await ethers.deployContract("OtherVaultVenue", [created], people.stranger);
    const factory = await ethers.getContractFactory("IndexVault", {
      libraries: librariesOf(fund, "vault"),
      signer: people.stranger,
    });

    await expect(factory.deploy(accessManager, usdc, weth, rebalancer, oracle, venue))
      .to.be.revertedWithCustomError(vault, "PartOfOtherVault")
      .withArgs(registry);
  });

  it("refuses a registry that another rebalancer takes targets from", async function () {
    const { ethers, fund, people, usdc, weth, vault } = get();
    const { accessManager, rebalancer, oracle } = fund.addresses;
    const nonce = await people.stranger.getNonce();
    const created = ethers.getCreateAddress({ from: people.stranger.address, nonce: nonce + 3 });
    const venue = await ethers.deployContract("OtherVaultVenue", [created], people.stranger);
    const registry = await ethers.deployContract(
      "TargetRegistry",
      [accessManager, created, rebalancer, oracle],
      people.stranger,
    );
    const own = await ethers.deployContract("Rebalancer", [accessManager, registry, oracle, venue], {
      libraries: librariesOf(fund, "rebalancer"),
      signer: people.stranger,
    });
    const factory = await ethers.getContractFactory("IndexVault", {
      libraries: librariesOf(fund, "vault"),
      signer: people.stranger,
    });

    await expect(factory.deploy(accessManager, usdc, weth, own, oracle, venue))
      .to.be.revertedWithCustomError(vault, "PartOfOtherVault")
      .withArgs(registry);
  });
});
