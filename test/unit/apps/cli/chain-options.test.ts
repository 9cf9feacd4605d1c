import { expect } from "chai";

import { deploymentFileOf } from "../../../../src/apps/cli/deployment-file.ts";
import {
  parseAccount,
  parseAmount,
  parseRpc,
  parseSequence,
  requireShares,
} from "../../../../src/apps/cli/chain-options.ts";
import { UsageError } from "../../../../src/core/errors.ts";

const USDC = { symbol: "USDC", decimals: 6 };

describe("parseRpc", function () {
  it("takes an HTTP address as it is", function () {
    expect(parseRpc("https://node.example/v2/key")).to.equal("https://node.example/v2/key");
  });

  for (const text of ["", "127.0.0.1:8545", "ftp://node.example", "ws://127.0.0.1:8545"]) {
    it(`refuses '${text}'`, function () {
      expect(() => parseRpc(text)).to.throw(UsageError);
    });
  }
});

describe("parseAccount", function () {
  it("takes a development account's name", function () {
    expect(parseAccount("keeper")).to.equal("keeper");
  });

  it("lists the names when there is no such account", function () {
    expect(() => parseAccount("mallory")).to.throw(UsageError, "deployer, owner, keeper");
  });
});

describe("parseAmount", function () {
  it("reads whole units", function () {
    expect(parseAmount("1234.5", USDC)).to.equal(1_234_500_000n);
  });

  for (const text of ["0", "0.0", "-1", "1e3", "1,000", "0.0000001", "all", "", "NaN"]) {
    it(`refuses '${text}'`, function () {
      expect(() => parseAmount(text, USDC)).to.throw(UsageError, "at most 6 decimals");
    });
  }
});

describe("requireShares", function () {
  it("takes `all`", function () {
    expect(() => {
      requireShares("all");
    }).not.to.throw();
  });

  it("refuses other words", function () {
    expect(() => {
      requireShares("half");
    }).to.throw(UsageError);
  });
});

describe("parseSequence", function () {
  it("takes a line number", function () {
    expect(parseSequence("12")).to.equal(12);
  });

  for (const text of ["0", "-1", "1.5", "x", "01"]) {
    it(`refuses '${text}'`, function () {
      expect(() => parseSequence(text)).to.throw(UsageError);
    });
  }
});

describe("deploymentFileOf", function () {
  const cases = [
    ["http://127.0.0.1:8545", "deployments/31337/fund.json"],
    ["http://127.0.0.1:9000", "deployments/31337/fund-9000.json"],
    ["http://localhost:9000/", "deployments/31337/fund-9000.json"],
    ["https://node.example:9000", "deployments/31337/fund.json"],
  ] as const;
  for (const [rpc, file] of cases) {
    it(`gives ${file} for ${rpc}`, function () {
      expect(deploymentFileOf(rpc)).to.equal(file);
    });
  }
});
