import { expect } from "chai";
import { Signature } from "ethers";

import { type Fixture, MONDAY, USDC, useFixture, WEEK, WHOLE } from "./support/fixture.ts";
import { depositNow } from "./support/situations.ts";

const PERMIT = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** Carol's signature for the gateway over an amount of a token. */
async function permitOf({ ethers, people, gateway, usdc, vault }: Fixture, kind: "usdc" | "vault", value: bigint) {
  const token = kind === "usdc" ? usdc : vault;
  const [, name, version, chainId, verifyingContract] = await token.eip712Domain();
  const nonce = await token.nonces(people.carol);
  const deadline = MONDAY + WEEK;
  const signature = await people.carol.signTypedData({ name, version, chainId, verifyingContract }, PERMIT, {
    owner: people.carol.address,
    spender: ethers.getAddress(await gateway.getAddress()),
    value,
    nonce,
    deadline,
  });
  const { v, r, s } = Signature.from(signature);
  return { deadline, v, r, s };
}

describe("DepositGateway: permit", function () {
  const get = useFixture((fixture) => depositNow(fixture, "alice", 1_000_000n * USDC));

  it("deposits without an approval", async function () {
    const fixture = get();
    const { gateway, vault, people } = fixture;
    const permit = await permitOf(fixture, "usdc", 300n * USDC);

    await gateway.connect(people.carol).depositWithPermit(300n * USDC, people.dave, 300n * WHOLE, permit);

    expect(await vault.balanceOf(people.dave)).to.equal(300n * WHOLE);
  });

  it("redeems without an approval", async function () {
    const fixture = get();
    const { gateway, people, usdc, ethers } = fixture;
    await depositNow(fixture, "carol", 300n * USDC);
    const permit = await permitOf(fixture, "vault", 100n * WHOLE);

    const redeem = gateway.connect(people.carol).redeemWithPermit(100n * WHOLE, people.dave, 100n * USDC, permit);

    await expect(redeem).to.changeTokenBalance(ethers, usdc, people.dave, 100n * USDC);
  });

  it("goes through when somebody sent the signature first", async function () {
    const fixture = get();
    const { gateway, vault, people, usdc } = fixture;
    const { deadline, v, r, s } = await permitOf(fixture, "usdc", 300n * USDC);
    await usdc.connect(people.stranger).permit(people.carol, gateway, 300n * USDC, deadline, v, r, s);

    await gateway.connect(people.carol).depositWithPermit(300n * USDC, people.carol, 0, { deadline, v, r, s });

    expect(await vault.balanceOf(people.carol)).to.equal(300n * WHOLE);
  });

  it("of another amount is refused by name", async function () {
    const fixture = get();
    const { gateway, people } = fixture;
    const permit = await permitOf(fixture, "usdc", 299n * USDC);

    await expect(gateway.connect(people.carol).depositWithPermit(300n * USDC, people.carol, 0, permit))
      .to.be.revertedWithCustomError(gateway, "PermitRefused")
      .withArgs(300n * USDC, 0);
  });

  it("of another token is refused by name", async function () {
    const fixture = get();
    const { gateway, people } = fixture;
    const permit = await permitOf(fixture, "vault", 300n * USDC);

    await expect(gateway.connect(people.carol).depositWithPermit(300n * USDC, people.carol, 0, permit))
      .to.be.revertedWithCustomError(gateway, "PermitRefused")
      .withArgs(300n * USDC, 0);
  });

  it("of somebody else moves nothing of theirs", async function () {
    const fixture = get();
    const { gateway, people } = fixture;
    const permit = await permitOf(fixture, "usdc", 300n * USDC);

    await expect(gateway.connect(people.stranger).depositWithPermit(300n * USDC, people.stranger, 0, permit))
      .to.be.revertedWithCustomError(gateway, "PermitRefused")
      .withArgs(300n * USDC, 0);
  });

  it("leaves neither coins, shares nor an allowance", async function () {
    const fixture = get();
    const { gateway, vault, people, usdc } = fixture;
    await gateway
      .connect(people.carol)
      .depositWithPermit(300n * USDC, people.carol, 0, await permitOf(fixture, "usdc", 300n * USDC));
    await gateway
      .connect(people.carol)
      .redeemWithPermit(100n * WHOLE, people.carol, 0, await permitOf(fixture, "vault", 100n * WHOLE));

    expect([
      await usdc.balanceOf(gateway),
      await vault.balanceOf(gateway),
      await usdc.allowance(people.carol, gateway),
      await vault.allowance(people.carol, gateway),
    ]).to.deep.equal([0n, 0n, 0n, 0n]);
  });

  it("passes what a stranger requested in its name to the depositor", async function () {
    const fixture = get();
    const { gateway, vault, people, rebalancer } = fixture;
    await vault.connect(people.bob).requestDeposit(50n * USDC, gateway, people.bob);
    await rebalancer.strikeInStablecoins();

    await gateway
      .connect(people.carol)
      .depositWithPermit(300n * USDC, people.carol, 0, await permitOf(fixture, "usdc", 300n * USDC));

    expect([await vault.balanceOf(people.carol), await vault.balanceOf(gateway)]).to.deep.equal([350n * WHOLE, 0n]);
  });
});
