import { expect } from "chai";
import { toFunctionSelector } from "viem";

import { useFixture } from "./support/fixture.ts";

/** Functions of each interface by its id, which is the exclusive or of their selectors. Source: the three standards. */
const INTERFACES: Readonly<Record<string, readonly string[]>> = {
  "0x01ffc9a7": ["supportsInterface(bytes4)"],
  "0xe3bc4e65": ["setOperator(address,bool)", "isOperator(address,address)"],
  "0xce3bbe50": [
    "requestDeposit(uint256,address,address)",
    "pendingDepositRequest(uint256,address)",
    "claimableDepositRequest(uint256,address)",
    "deposit(uint256,address,address)",
    "mint(uint256,address,address)",
  ],
  "0x620ee8e4": [
    "requestRedeem(uint256,address,address)",
    "pendingRedeemRequest(uint256,address)",
    "claimableRedeemRequest(uint256,address)",
  ],
  "0x2f0a18c5": [
    "asset()",
    "share()",
    "totalAssets()",
    "convertToShares(uint256)",
    "convertToAssets(uint256)",
    "maxDeposit(address)",
    "previewDeposit(uint256)",
    "deposit(uint256,address)",
    "maxMint(address)",
    "previewMint(uint256)",
    "mint(uint256,address)",
    "maxWithdraw(address)",
    "previewWithdraw(uint256)",
    "withdraw(uint256,address,address)",
    "maxRedeem(address)",
    "previewRedeem(uint256)",
    "redeem(uint256,address,address)",
  ],
};

describe("IndexVault: standards", function () {
  const get = useFixture();

  for (const [id, functions] of Object.entries(INTERFACES)) {
    it(`answers for ${id}`, async function () {
      expect(await get().vault.supportsInterface(id)).to.equal(true);
    });

    it(`has every function of ${id}`, function () {
      const { vault } = get();

      const missing = functions.filter((signature) => !vault.interface.hasFunction(signature));

      expect(missing).to.deep.equal([]);
      const selectors = functions.map((signature) => BigInt(toFunctionSelector(`function ${signature}`)));
      expect(selectors.reduce((bits, selector) => bits ^ selector)).to.equal(BigInt(id));
    });
  }

  it("denies the id that ERC-165 forbids", async function () {
    expect(await get().vault.supportsInterface("0xffffffff")).to.equal(false);
  });

  // ERC-7887: there a request is cancelled in two steps.
  for (const id of ["0x8bf840e3", "0xe76cffc7"]) {
    it(`does not answer for ${id}`, async function () {
      expect(await get().vault.supportsInterface(id)).to.equal(false);
    });
  }
});
