import { expect } from "chai";

import { loadKeeperSettings, loadPrivateKey, loadSourceSettings } from "../../../src/config/load.ts";
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

describe("loadKeeperSettings", function () {
  it("gives what is set, and nothing for what is not", function () {
    const settings = loadKeeperSettings({
      DATABASE_URL: "postgresql://keeper@db/funds",
      TM100_SIGNER_KEY: KEY,
      TM100_TELEGRAM_TOKEN: "1:abc",
      TM100_TELEGRAM_CHAT: "-42",
      TM100_WEBHOOK_URL: "",
    });

    expect(settings).to.deep.equal({
      databaseUrl: "postgresql://keeper@db/funds",
      signerKey: KEY,
      webhookUrl: undefined,
      heartbeatUrl: undefined,
      telegram: { token: "1:abc", chat: "-42", baseUrl: undefined },
    });
  });

  for (const [variable, text] of [
    ["DATABASE_URL", "mysql://root:s3cret@db/funds"],
    ["TM100_WEBHOOK_URL", "s3cret"],
    ["TM100_HEARTBEAT_URL", "ftp://s3cret"],
    ["TM100_SIGNER_KEY", "s3cret"],
  ] as const) {
    it(`refuses what cannot be meant in ${variable}, without repeating it`, function () {
      expect(() => loadKeeperSettings({ [variable]: text }))
        .to.throw(UsageError)
        .with.property("message")
        .that.contains(variable)
        .and.does.not.contain("s3cret");
    });
  }

  it("wants a chat with a bot's token", function () {
    expect(() => loadKeeperSettings({ TM100_TELEGRAM_TOKEN: "1:abc" })).to.throw(UsageError, "TM100_TELEGRAM_CHAT");
  });
});
