import { expect } from "chai";
import { concat, domainSeparator, encodeAbiParameters, keccak256, padHex, recoverAddress, stringToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";

import { ppm, unixSeconds } from "../../../src/core/units.ts";
import { type Target, chainTarget, signTarget, targetHash, weightsHash } from "../../../src/execute/publish.ts";

const TARGET: Target = {
  id: 21_568,
  regime: "bull",
  weights: { assets: [0, 7], parts: [ppm(400_000), ppm(600_000)] },
  decisionHash: padHex("0xde", { size: 32 }),
  membershipRoot: padHex("0x3e", { size: 32 }),
  twinLevel: 1000n,
  validFrom: unixSeconds(1_630_886_400),
  validUntil: unixSeconds(1_631_404_800),
};
const REGISTRY = padHex("0x9e", { size: 20 });

describe("weightsHash", function () {
  it("hashes the two arrays as Solidity encodes them", function () {
    const word = (value: number) => value.toString(16).padStart(64, "0");
    // offsets 64 and 160, then each array: length 2 and its members
    const encoded = [64, 160, 2, 0, 7, 2, 400_000, 600_000].map(word).join("");

    expect(weightsHash(TARGET.weights)).to.equal(keccak256(`0x${encoded}`));
  });
});

describe("signTarget", function () {
  it("signs the digest that the contract computes", async function () {
    const signer = privateKeyToAccount(keccak256(stringToHex("a key for this test")));
    const types = ["bytes32", "uint64", "uint8", "bytes32", "bytes32", "bytes32", "uint256", "uint64", "uint64"];
    const typeHash = keccak256(
      stringToHex(
        "Target(uint64 id,uint8 regime,bytes32 weightsHash,bytes32 decisionHash,bytes32 membershipRoot," +
          "uint256 twinLevel,uint64 validFrom,uint64 validUntil)",
      ),
    );
    const struct = keccak256(
      encodeAbiParameters(
        types.map((type) => ({ type })),
        [typeHash, ...Object.values(chainTarget(TARGET))],
      ),
    );
    const domain = { name: "TM Global 100", version: "1", chainId: 31337, verifyingContract: REGISTRY };
    const digest = keccak256(concat(["0x1901", domainSeparator({ domain }), struct])); // EIP-712

    const signature = await signTarget(signer, TARGET, { chainId: 31337, registry: REGISTRY });

    expect(await recoverAddress({ hash: digest, signature })).to.equal(signer.address);
  });
});

describe("targetHash", function () {
  it("hashes the fields of the struct in their order", function () {
    const word = (value: bigint | number | string) => BigInt(value).toString(16).padStart(64, "0");
    const encoded = Object.values(chainTarget(TARGET)).map(word).join("");

    expect(targetHash(TARGET)).to.equal(keccak256(`0x${encoded}`));
  });
});

describe("chainTarget", function () {
  it("numbers the regimes as the contract does", function () {
    expect(chainTarget(TARGET).regime).to.equal(1);
    expect(chainTarget({ ...TARGET, regime: "bear" }).regime).to.equal(0);
  });
});
