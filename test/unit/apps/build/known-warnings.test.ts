// Which of the compiler's warnings are kept from whoever builds.
import { expect } from "chai";
import type { CompilerOutputError } from "hardhat/types/solidity";

import { unknownWarnings } from "../../../../src/apps/build/known-warnings.ts";

const TEXT = "Transient storage as defined by EIP-1153 can break the composability of smart contracts: and so on.";

function warning(message: string, file: string): CompilerOutputError {
  const formattedMessage = `Warning: ${message}\n   --> ${file}:108:13:\n`;
  return { type: "Warning", component: "general", severity: "warning", message, formattedMessage };
}

describe("unknownWarnings", function () {
  it("leaves out transient storage in OpenZeppelin's own file", function () {
    const known = warning(TEXT, "./node_modules/@openzeppelin/contracts/utils/TransientSlot.sol");

    expect(unknownWarnings([known])).to.deep.equal([]);
  });

  it("keeps transient storage in our contracts", function () {
    const ours = warning(TEXT, "./contracts/IndexVault.sol");

    expect(unknownWarnings([ours])).to.deep.equal([ours]);
  });

  it("keeps every other warning of that file", function () {
    const other = warning("Unused local variable.", "@openzeppelin/contracts/utils/TransientSlot.sol");

    expect(unknownWarnings([other])).to.deep.equal([other]);
  });
});
