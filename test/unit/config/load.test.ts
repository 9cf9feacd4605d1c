import { expect } from "chai";

import {
  loadKeeperSettings,
  loadKeystorePassword,
  loadNodes,
  loadPrivateKey,
  loadSending,
  loadSignerSettings,
  loadSourceSettings,
} from "../../../src/config/load.ts";
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

describe("loadNodes", function () {
  it("takes several nodes and a relay", function () {
    const nodes = loadNodes("http://c.example", {
      TM100_RPC_URLS: "https://a.example/key, https://b.example",
      TM100_RELAY_URL: "https://relay.example",
    });

    expect(nodes).to.deep.include({ urls: ["https://a.example/key", "https://b.example"], maxHeadAge: 120 });
    expect(nodes.relay).to.equal("https://relay.example");
  });

  it("takes the node that is given when none is set, and the relay all the same", function () {
    const environment = { TM100_RPC_URLS: "", TM100_RELAY_URL: "https://relay.example" };

    const { urls, relay } = loadNodes("http://c.example", environment);

    expect([urls, relay]).to.deep.equal([["http://c.example"], "https://relay.example"]);
  });

  for (const [name, text] of [
    ["another protocol", "ws://a.example/SECRET"],
    ["no address", "SECRET"],
    ["one node twice", "https://a.example/SECRET,https://a.example/SECRET"],
    ["an empty one", "https://a.example/SECRET,"],
  ] as const) {
    it(`refuses ${name}, without repeating it`, function () {
      expect(() => loadNodes("http://c.example", { TM100_RPC_URLS: text }))
        .to.throw(UsageError, "TM100_RPC_URLS")
        .with.property("message")
        .that.does.not.include("SECRET");
    });
  }
});

describe("loadSending", function () {
  it("has an exit pay more than a trade, and a trade more than routine", function () {
    const { fees } = loadSending({});

    expect(fees.exit.maximumGwei > fees.trade.maximumGwei).to.equal(true);
    expect(fees.trade.maximumGwei > fees.routine.maximumGwei).to.equal(true);
  });

  it("changes what is named and keeps the rest", function () {
    const settings = loadSending({
      TM100_SENDING: '{"fees":{"trade":{"maximumGwei":"12.5"}},"dayBudgetEther":"0.25"}',
    });

    expect(settings.fees.trade).to.deep.equal({ maximumGwei: 12_500_000_000n, tipGwei: 5_000_000_000n });
    expect(settings.fees.exit).to.deep.equal(loadSending({}).fees.exit);
    expect(settings.dayBudgetEther).to.equal(250_000_000_000_000_000n);
  });

  for (const text of [
    "{",
    "[]",
    '{"fee":{}}',
    '{"fees":{"trade":{"maximumGwei":"-1"}}}',
    '{"fees":{"trade":{"maximumGwei":"1e9"}}}',
    '{"fees":{"trade":{"maximumGwei":"1"}}}', // less than its tip
    '{"pollMs":0}',
  ]) {
    it(`refuses ${text}`, function () {
      expect(() => loadSending({ TM100_SENDING: text })).to.throw(UsageError, "TM100_SENDING");
    });
  }
});

describe("loadSignerSettings", function () {
  const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

  it("gives the signer and its account", function () {
    const signer = loadSignerSettings({ TM100_SIGNER_URL: "http://127.0.0.1:9000", TM100_SIGNER_ADDRESS: ADDRESS });

    expect(signer).to.deep.equal({ url: "http://127.0.0.1:9000", address: ADDRESS });
  });

  it("gives nothing without an address of the signer", function () {
    expect(loadSignerSettings({ TM100_SIGNER_ADDRESS: ADDRESS })).to.equal(undefined);
  });

  it("refuses a signer without its account, and one of another protocol", function () {
    expect(() => loadSignerSettings({ TM100_SIGNER_URL: "http://127.0.0.1:9000" })).to.throw(UsageError);
    expect(() => loadSignerSettings({ TM100_SIGNER_URL: "unix:/x", TM100_SIGNER_ADDRESS: ADDRESS })).to.throw(
      UsageError,
    );
  });
});

describe("loadKeystorePassword", function () {
  it("gives the password as it is, and nothing for an empty one", function () {
    expect(loadKeystorePassword({ TM100_KEYSTORE_PASSWORD: " a b " })).to.equal(" a b ");
    expect(loadKeystorePassword({ TM100_KEYSTORE_PASSWORD: "" })).to.equal(undefined);
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
