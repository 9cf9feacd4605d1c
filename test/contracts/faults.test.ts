// Holds the list of seeded faults to the contracts as they are: a list that no longer fits would prove nothing.
import { existsSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import { FaultMisfitError, sourceOf, withFault } from "../../scripts/mutation/checkout.ts";
import { FAULTS } from "../../scripts/mutation/faults.ts";
import { nameOfFailure, TestsNotRunError } from "../../scripts/mutation/try-fault.ts";

const ROOT = path.join(import.meta.dirname, "../..");

describe("The list of seeded faults", function () {
  it("has a name for each", function () {
    expect(new Set(FAULTS.map(({ name }) => name)).size).to.equal(FAULTS.length);
  });

  for (const fault of FAULTS) {
    it(`fits the contracts and tests in ${fault.name}`, async function () {
      const source = await sourceOf(ROOT, fault);

      const changed = withFault(source, fault);

      expect(changed).to.not.equal(source);
      expect(fault.tests.filter((test) => !existsSync(path.join(ROOT, "test", test)))).to.deep.equal([]);
    });
  }

  it("refuses a text that is there twice", function () {
    const fault = { name: "twice", file: "X.sol", find: "a;", replace: "", breaks: "nothing", tests: [] };

    expect(() => withFault("a; a;", fault)).to.throw(FaultMisfitError);
  });
});

describe("nameOfFailure", function () {
  it("names the first failing test of Mocha", function () {
    const output = "  1 passing\n  1 failing\n\n  1) Vault\n       when open\n         pays:\n     AssertionError\n";

    expect(nameOfFailure(output)).to.equal("Vault › when open › pays");
  });

  it("names the first failing Solidity test", function () {
    const output = "  1 failing\n\n  1) LawsTest#test_it()\n    Error: LawBroken(1)\n";

    expect(nameOfFailure(output)).to.equal("LawsTest#test_it()");
  });

  it("takes a run that never began for no verdict", function () {
    expect(() => nameOfFailure("SyntaxError: no such export")).to.throw(TestsNotRunError);
  });
});
