import { expect } from "chai";
import { type Abi, BaseError, ContractFunctionRevertedError, type Hex, encodeErrorResult } from "viem";

import * as abis from "../../../src/core/abi.ts";
import { indexVaultAbi, rebalancerAbi, targetRegistryAbi } from "../../../src/core/abi.ts";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import {
  ChainCallError,
  ContractRefusedError,
  RoleMissingError,
  chainError,
  classOf,
  customErrorOf,
} from "../../../src/execute/errors.ts";
import { REFUSAL_REMEDIES } from "../../../src/execute/refusals.ts";
import { TransactionFailedError } from "../../../src/execute/send.ts";

const KEY = "0x00000000000000000000000000000000000A11cE";

/** What viem throws for a revert with this data. */
function reverted(data: Hex): BaseError {
  const cause = new ContractFunctionRevertedError({ abi: [], data, functionName: "execute" });
  return new BaseError("The call reverted.", { cause });
}

describe("chainError", function () {
  it("says which role a key lacks and what to do", function () {
    const data = encodeErrorResult({ abi: rebalancerAbi, errorName: "RoleMissing", args: [KEY, 1n] });

    const error = chainError("execute target 8", reverted(data));

    expect(error).to.be.instanceOf(RoleMissingError);
    expect(error.message).to.equal(
      `Expected to execute target 8, but the contract refused: the key ${KEY} does not hold the keeper role; ` +
        "use the keeper's key.",
    );
    expect([error.code, error.kind, error.retryable]).to.deep.equal(["ROLE_MISSING", "chain", false]);
  });

  it("says until when a target must wait, and that it may be tried again", function () {
    const args = [21_568n, 1_630_922_400n] as const; // 2021-09-06T10:00:00Z
    const data = encodeErrorResult({ abi: targetRegistryAbi, errorName: "TargetNotExecutableYet", args });

    const error = chainError("execute target 21568", reverted(data));

    expect(error.message).to.contain("from 2021-09-06T10:00Z on");
    expect(error.retryable).to.equal(true);
  });

  it("knows the errors of the vault behind the rebalancer", function () {
    const data = encodeErrorResult({ abi: indexVaultAbi, errorName: "CashShort", args: [12n, 7n] });

    expect(customErrorOf(reverted(data))).to.deep.equal({ name: "CashShort", args: [12n, 7n] });
    expect(chainError("finish", reverted(data)).message).to.contain("redemptions take 12 units");
  });

  it("keeps name and arguments of an error without words", function () {
    const data = encodeErrorResult({ abi: indexVaultAbi, errorName: "OnlySelf", args: [KEY] });

    expect(chainError("send", reverted(data)).message).to.contain(`OnlySelf(${KEY})`);
  });

  it("says so when a contract gives no reason", function () {
    const error = chainError("send", reverted("0x12345678"));

    expect(error).to.be.instanceOf(ContractRefusedError);
    expect(error.message).to.contain("it gave no reason");
  });

  it("takes everything else for a failing node, which may be asked again", function () {
    const error = chainError("read", new BaseError("fetch failed"));

    expect(error).to.be.instanceOf(ChainCallError);
    expect(error.retryable).to.equal(true);
  });

  it("passes on what already has words", function () {
    const known = new ChainCallError("read", new BaseError("fetch failed"));

    expect(chainError("execute", known)).to.equal(known);
  });
});

describe("classOf", function () {
  const names = (Object.values(abis) as readonly Abi[]).flatMap((abi) =>
    abi.flatMap((item) => (item.type === "error" ? [item.name] : [])),
  );

  it("knows every custom error of the contracts, and no other", function () {
    expect(names.length).to.be.above(100);
    expect([...REFUSAL_REMEDIES.keys()].sort()).to.deep.equal([...new Set(names)].sort());
  });

  const refusals = [
    ["TargetNotExecutableYet", "retry"],
    ["PositionNotExpected", "replan"],
    ["RoleMissing", "stop"],
    ["", "replan"],
    ["ErrorOfSomeToken", "replan"],
  ] as const;
  for (const [name, remedy] of refusals) {
    it(`answers the refusal '${name}' with ${remedy}`, function () {
      const refusal = new ContractRefusedError("execute", { name, args: [1n, 1n] }, undefined);

      expect(classOf(refusal)).to.equal(remedy);
      expect(refusal.retryable).to.equal(remedy === "retry");
    });
  }

  it("has a node that does not answer asked again, also when viem's error has no words yet", function () {
    expect(classOf(new ChainCallError("read", new BaseError("fetch failed")))).to.equal("retry");
    expect(classOf(new BaseError("fetch failed"))).to.equal("retry");
  });

  it("looks for a refusal behind viem's error", function () {
    const data = encodeErrorResult({ abi: rebalancerAbi, errorName: "RoleMissing", args: [KEY, 1n] });

    expect(classOf(reverted(data))).to.equal("stop");
  });

  it("has what failed when mined planned anew", function () {
    const receipt = { transactionHash: "0x12", blockNumber: 7n } as const;

    expect(classOf(new TransactionFailedError("execute", receipt))).to.equal("replan");
  });

  it("stops at bad input and at mistakes of the program", function () {
    expect(classOf(new OutOfRangeError("amount", -1, "positive"))).to.equal("stop");
    expect(classOf(new TypeError("undefined is not a function"))).to.equal("stop");
  });
});
