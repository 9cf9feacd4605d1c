// Reads the other tests as text: every custom error and event of the contracts is named in one of them.
import { readFileSync, readdirSync } from "node:fs";

import { expect } from "chai";

import {
  depositGatewayAbi,
  indexVaultAbi,
  priceOracleAbi,
  rebalancerAbi,
  targetRegistryAbi,
  uniswapV3VenueAbi,
} from "../../src/core/abi.ts";

/** From OpenZeppelin, where they have their own tests. */
const INHERITED =
  /^(ERC20|ERC2612|ECDSA|AccessManaged|Checkpoint|SafeCast|SafeERC20|String|InvalidShortString|InvalidAccountNonce|AuthorityUpdated|Approval|Transfer|EIP712)/;

const ABIS = [depositGatewayAbi, indexVaultAbi, priceOracleAbi, rebalancerAbi, targetRegistryAbi, uniswapV3VenueAbi];

function namesOf(type: "error" | "event"): string[] {
  const names = ABIS.flatMap((abi) => [...abi]).flatMap((part) => (part.type === type ? [part.name] : []));
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
