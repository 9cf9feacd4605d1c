// Tests of the comparison of running code with compiled code; what runs is made by hand from what was compiled.
import { expect } from "chai";
import type { Hex } from "viem";

import { type ContractName, readArtifact } from "../../../src/execute/artifacts.ts";
import { judgeCode } from "../../../src/execute/runtime-code.ts";

const ADDRESS = "0x00000000000000000000000000000000000000a1";
const RECORD = "0x00000000000000000000000000000000000000b2";
const WORD = 32;

/** A code with bytes put at a place. */
function put(code: string, start: number, digits: string): Hex {
  const from = 2 + 2 * start;
  return `0x${code.slice(2, from)}${digits}${code.slice(from + digits.length)}`;
}

/** The gateway, whose constructor wrote ones into every immutable. */
async function runningGateway(): Promise<Hex> {
  const { deployedBytecode, immutableReferences } = await readArtifact("DepositGateway");
  const places = Object.values(immutableReferences).flat();
  expect(places.length).to.be.above(0);
  return places.reduce((code, { start }) => put(code, start, "11".repeat(WORD)), deployedBytecode as Hex);
}

/** Listings at its address, linked with Record at its own. */
async function runningListings(): Promise<Hex> {
  const { deployedBytecode, deployedLinkReferences, immutableReferences } = await readArtifact("Listings");
  const own = immutableReferences["library_deploy_address"] ?? [];
  const calls = Object.values(deployedLinkReferences).flatMap((file) => file["Record"] ?? []);
  expect([own.length, calls.length]).to.deep.equal([1, 2]);
  const linked = calls.reduce((code, { start }) => put(code, start, RECORD.slice(2)), deployedBytecode as Hex);
  return own.reduce((code, { start }) => put(code, start, ADDRESS.slice(2).padStart(2 * WORD, "0")), linked);
}

describe("judgeCode", function () {
  const judge = (contract: ContractName | "Nobody", code: Hex | undefined, libraries = {}): Promise<string> =>
    judgeCode({ contract, address: ADDRESS, code }, libraries);

  it("leaves out what the constructor wrote", async function () {
    expect(await judge("DepositGateway", await runningGateway())).to.equal("match");
  });

  it("finds one other byte, also in the hash of the sources", async function () {
    const code = await runningGateway();
    const hashAt = code.length / 2 - 1 - 30; // {byte} inside the 53 bytes of metadata at the end
    const flipped = (at: number): Hex => put(code, at, code.slice(2 + 2 * at, 4 + 2 * at) === "00" ? "01" : "00");

    expect([await judge("DepositGateway", flipped(1)), await judge("DepositGateway", flipped(hashAt))]).to.deep.equal([
      "differs",
      "differs",
    ]);
  });

  it("finds a code that is longer or shorter", async function () {
    const code = await runningGateway();

    expect(await judge("DepositGateway", `${code}00`)).to.equal("differs");
    expect(await judge("DepositGateway", "0x6080")).to.equal("differs");
  });

  it("asks for the fund's own libraries, and for a library's own address", async function () {
    const code = await runningListings();
    const elsewhere = { contract: "Listings", address: RECORD, code } as const;

    expect(await judge("Listings", code, { Record: RECORD })).to.equal("match");
    expect(await judge("Listings", code, { Record: ADDRESS })).to.equal("differs");
    expect(await judgeCode(elsewhere, { Record: RECORD })).to.equal("differs");
  });

  it("says when there is nothing on the chain, or nothing to compare with", async function () {
    expect(await judge("DepositGateway", undefined)).to.equal("no-code");
    expect(await judge("Nobody", "0x6080")).to.equal("no-source");
  });
});
