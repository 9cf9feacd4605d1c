import { expect } from "chai";

import { loadPrivateKey, loadSourceSettings } from "../../../src/config/load.ts";
import { UsageError } from "../../../src/core/errors.ts";

const KEY = `0x${"1f".repeat(32)}`;

describe("loadPrivateKey", function () {
  it("gives the key of the environment", function () {
    expect(loadPrivateKey({ TM100_PRIVATE_KEY: KEY })).to.equal(KEY);
  });

  it("gives nothing when none is set", function () {
    expect(loadPrivateKey({})).to.equal(undefined);
  });

  it("gives nothing for an empty one", function () {
    expect(loadPrivateKey({ TM100_PRIVATE_KEY: "" })).to.equal(undefined);
  });

  for (const text of ["1f".repeat(32), `${KEY}00`, "0x12", `0x${"zz".repeat(32)}`]) {
    it(`refuses ${text.length} characters that are no key, without repeating them`, function () {
      expect(() => loadPrivateKey({ TM100_PRIVATE_KEY: text }))
        .to.throw(UsageError)
        .with.property("message")
        .that.does.not.include(text);
    });
  }
});

describe("loadSourceSettings", function () {
  it("takes the key of the pro plan before that of the demo plan", function () {
    const both = loadSourceSettings({ COINGECKO_PRO_API_KEY: "p", COINGECKO_DEMO_API_KEY: "d" });
    const demo = loadSourceSettings({ COINGECKO_PRO_API_KEY: "", COINGECKO_DEMO_API_KEY: "d" });

    expect(both.coingecko).to.include({ key: "p", plan: "pro" });
    expect(demo.coingecko).to.include({ key: "d", plan: "demo" });
  });

  it("knows no key without a variable", function () {
    expect(loadSourceSettings({}).tokenMetrics.key).to.equal(undefined);
  });
});
