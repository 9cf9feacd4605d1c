import { expect } from "chai";
import { bytesToHex, keccak256 } from "viem";

import { fastKeccak } from "../../../src/site/index/fast-keccak.ts";

describe("keccak-256 by WebAssembly", function () {
  it("is viem's for every length around the blocks of 136 bytes, call after call", function () {
    for (let length = 0; length <= 300; length++) {
      const bytes = bytesToHex(Uint8Array.from({ length }, (_, i) => (31 * i + length) % 256));

      expect(fastKeccak(bytes), String(length)).to.equal(keccak256(bytes));
    }
  });
});
