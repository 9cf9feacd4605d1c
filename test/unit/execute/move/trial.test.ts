// Tests of src/execute/move/trial.ts: what it makes of nodes that do not lend an account the code of Multicall3.
import { expect } from "chai";
import { type Hex, type PublicClient, encodeFunctionResult, multicall3Abi, padHex } from "viem";

import { tryCalls } from "../../../../src/execute/move/trial.ts";
import { failureOf } from "../../../failure-of.ts";

const HOLDER = padHex("0x1", { size: 20 });
const CALL = { to: padHex("0x2", { size: 20 }), data: "0x01" } as const;

/** A node that answers so. */
function nodeOf(answer: { readonly code: Hex; readonly data?: Hex }): PublicClient {
  return {
    getCode: () => Promise.resolve(answer.code),
    call: () => Promise.resolve({ data: answer.data }),
  } as unknown as PublicClient;
}

/** Meter, call and meter, as Multicall3 gives back their answers. */
function answersOf(...answers: readonly Hex[]): Hex {
  const result = answers.map((returnData) => ({ success: true, returnData }));
  return encodeFunctionResult({ abi: multicall3Abi, functionName: "aggregate3", result });
}

describe("tryCalls", function () {
  it("tells the gas that a call used by what was left before and after it", async function () {
    const [before, after] = [6300n, 3150n].map((gas) => padHex(`0x${gas.toString(16)}`, { size: 32 })) as [Hex, Hex];

    const trials = await tryCalls(nodeOf({ code: "0x01", data: answersOf(before, "0x2a", after) }), HOLDER, [CALL]);

    // 3,150 * 64 / 63
    expect(trials).to.deep.equal([{ succeeds: true, gas: 3200n, data: "0x2a" }]);
  });

  for (const [node, answer] of [
    ["of a chain without Multicall3", { code: "0x" }],
    ["that gives the account no code", { code: "0x01" }],
    ["at which the account answers something else", { code: "0x01", data: "0x01" }],
    ["that gives the meter no code", { code: "0x01", data: answersOf("0x", "0x2a", "0x") }],
  ] as const) {
    it(`names what is needed to a node ${node}`, async function () {
      const error = await failureOf(tryCalls(nodeOf(answer), HOLDER, [CALL]));

      expect(error).to.have.property("code", "TRIAL_IMPOSSIBLE");
      expect(error.message).to.match(/a node that takes state overrides in eth_call, found .* --rpc/);
    });
  }
});
