import { expect } from "chai";

import { explorerLink, sourcifyLink } from "../../../src/core/explorer.ts";

describe("explorerLink", function () {
  it("links an address on Base, a transaction on Ethereum, a token on Arbitrum One and a block on Sepolia", function () {
    expect([
      explorerLink(8453, "address", "0xabc"),
      explorerLink(1, "transaction", "0xdef"),
      explorerLink(42161, "token", "0x123"),
      explorerLink(11155111, "block", 7n),
    ]).to.deep.equal([
      "https://basescan.org/address/0xabc",
      "https://etherscan.io/tx/0xdef",
      "https://arbiscan.io/token/0x123",
      "https://sepolia.etherscan.io/block/7",
    ]);
  });

  it("links the source of a contract on the explorer, and on Sourcify", function () {
    expect(explorerLink(8453, "code", "0xabc")).to.equal("https://basescan.org/address/0xabc#code");
    expect(sourcifyLink(8453, "0xabc")).to.equal("https://repo.sourcify.dev/8453/0xabc");
  });

  it("gives none for the local chain", function () {
    expect([explorerLink(31337, "address", "0xabc"), sourcifyLink(31337, "0xabc")]).to.deep.equal([
      undefined,
      undefined,
    ]);
  });
});
