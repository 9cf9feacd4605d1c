// Reads the other tests as text: every custom error and event of the contracts is named in one of them.
import { readFileSync, readdirSync } from "node:fs";

import { expect } from "chai";

import {
  delayedAccessManagerAbi,
  depositGatewayAbi,
  indexVaultAbi,
  priceOracleAbi,
  rebalancerAbi,
  targetRegistryAbi,
  uniswapV3VenueAbi,
} from "../../src/core/abi.ts";

/** From OpenZeppelin, where they have their own tests. */
const INHERITED =
  /^(ERC20|ERC2612|ECDSA|AccessManage|Address|Checkpoint|FailedCall|InsufficientBalance|SafeCast|SafeERC20|String|InvalidShortString|InvalidAccountNonce|AuthorityUpdated|Approval|Transfer|EIP712)/;

/** The manager's events are OpenZeppelin's. */
const MANAGER_ERRORS = delayedAccessManagerAbi.filter(({ type }) => type === "error");

const ABIS = [
  MANAGER_ERRORS,
  depositGatewayAbi,
  indexVaultAbi,
  priceOracleAbi,
  rebalancerAbi,
  targetRegistryAbi,
  uniswapV3VenueAbi,
];

type AbiPart = { readonly type: string; readonly name?: string };

function namesOf(type: "error" | "event"): string[] {
  const names = ABIS.flatMap((abi): readonly AbiPart[] => [...abi]).flatMap((part) =>
    part.type === type && part.name !== undefined ? [part.name] : [],
  );
  return [...new Set<string>(names)].filter((name) => !INHERITED.test(name)).toSorted();
}

const tests = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".test.ts") && file !== "coverage.test.ts")
  .map((file) => readFileSync(new URL(file, import.meta.url), "utf8"))
  .join("\n");

describe("The tests of the contracts", function () {
  for (const name of namesOf("error")) {
    it(`name the error ${name}`, function () {
      expect(tests).to.match(new RegExp(`"${name}"`));
    });
  }

  for (const name of namesOf("event")) {
    it(`name the event ${name}`, function () {
      expect(tests).to.match(new RegExp(`"${name}"`));
    });
  }
});
