import { expect } from "chai";
import { BaseError, ContractFunctionRevertedError, type Hex, encodeErrorResult } from "viem";

import { indexVaultAbi, rebalancerAbi, targetRegistryAbi } from "../../../src/core/abi.ts";
import {
  ChainCallError,
  ContractRefusedError,
  RoleMissingError,
  chainError,
  customErrorOf,
} from "../../../src/execute/errors.ts";

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
