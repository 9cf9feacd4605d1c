import { expect } from "chai";
import { type Address, type Hex, encodeAbiParameters, encodeEventTopics, parseAbi, zeroAddress } from "viem";

import { unixSeconds } from "../../../src/core/units.ts";
import type { VaultLog } from "../../../src/record/lines.ts";
import { type OrderedLog, transfersBetween } from "../../../src/record/transfers.ts";
import { ALICE, BOB, LINES, PLACE } from "./support.ts";

const ABI = parseAbi(["event Transfer(address indexed from, address indexed to, uint256 value)"]);
const TIME = unixSeconds(1_630_886_400);

function transfer(from: Address, to: Address, value: bigint): OrderedLog {
  const log: VaultLog = {
    topics: encodeEventTopics({ abi: ABI, args: { from, to } }) as VaultLog["topics"],
    data: encodeAbiParameters([{ type: "uint256" }], [value]),
    blockNumber: 20n,
    transactionHash: LINES[10]?.transaction as Hex,
  };
  return { log, line: undefined, time: TIME };
}

/** The log of a line; only its line is looked at. */
function lineLog(sequence: number): OrderedLog {
  const { log } = transfer(ALICE, BOB, 0n);
  return { log: { ...log, topics: ["0x00"] as unknown as VaultLog["topics"] }, line: LINES[sequence - 1], time: TIME };
}

function found(logs: readonly OrderedLog[]): (readonly [number, string])[] {
  return transfersBetween(logs, PLACE.vault).map(({ after, amount }) => [after, amount]);
}

describe("transfersBetween", function () {
  it("finds shares that go from one account to another, behind the line before", function () {
    expect(found([lineLog(10), transfer(ALICE, BOB, 7n)])).to.deep.equal([[10, "7"]]);
  });

  it("leaves out what is minted, burnt, handed out and handed in", function () {
    const logs = [
      transfer(zeroAddress, PLACE.vault, 5n),
      transfer(PLACE.vault, zeroAddress, 5n),
      transfer(PLACE.vault, ALICE, 5n),
      transfer(ALICE, PLACE.vault, 1_000_000n),
      lineLog(11), // alice hands in 1,000,000 shares
    ];

    expect(found(logs)).to.deep.equal([]);
  });

  it("finds shares that were sent to the vault without a request", function () {
    const logs = [transfer(ALICE, PLACE.vault, 1_000_000n), transfer(ALICE, PLACE.vault, 1_000_000n), lineLog(11)];

    expect(found(logs)).to.have.length(1);
  });
});
