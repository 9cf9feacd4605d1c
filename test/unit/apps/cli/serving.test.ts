// Tests of what `demo` and `replay` refuse before they open a chain, and what they say of one that stays open.
import { type AddressInfo, type Server, createServer } from "node:net";

import { expect } from "chai";

import { invitation } from "../../../../src/apps/cli/commands/demo.ts";
import { PortUnavailableError, requireFreePort } from "../../../../src/apps/cli/free-port.ts";
import { runCli } from "../../../cli-run.ts";

describe("a chain to be served", function () {
  let server: Server;
  let port: number;

  beforeEach(async function () {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
  });

  afterEach(async function () {
    await new Promise((resolve) => server.close(resolve));
  });

  describe("when the port is in use", function () {
    it("is refused by name", async function () {
      const error: unknown = await requireFreePort(port).catch((reason: unknown) => reason);

      expect(error).to.be.instanceOf(PortUnavailableError);
      expect((error as PortUnavailableError).port).to.equal(port);
    });

    it("is refused by `demo` before anything is played", async function () {
      const { code, out, err } = await runCli(["demo", "--serve", "--port", String(port)]);

      expect([code, out]).to.deep.equal([2, ""]);
      expect(err).to.include(`port ${port} of 127.0.0.1 is in use; choose another with --port`);
    });

    it("is refused by `replay` before anything is played", async function () {
      const span = ["--from", "2023-01-02", "--to", "2023-01-09"];

      const { code, out, err } = await runCli(["replay", ...span, "--serve", String(port)]);

      expect([code, out]).to.deep.equal([2, ""]);
      expect(err).to.match(/^error PORT_UNAVAILABLE: /);
    });
  });

  it("may have any free port", async function () {
    await requireFreePort(0);
  });
});

describe("demo", function () {
  it("refuses --port without --serve", async function () {
    const { code, out, err } = await runCli(["demo", "--port", "9000"]);

    expect([code, out]).to.deep.equal([2, ""]);
    expect(err).to.include("Expected --serve with --port");
  });
});

describe("invitation", function () {
  const text = invitation({
    url: "http://127.0.0.1:9000",
    deployment: "deployments/31337/fund-9000.json",
    page: "http://127.0.0.1:8100",
  });

  it("names the node in every command when it is not the default one", function () {
    const commands = text.split("\n").filter((line) => line.includes("npm run"));

    expect(commands.every((line) => line.includes(" --rpc http://127.0.0.1:9000"))).to.equal(true);
  });

  it("leads to shares that can be claimed, and says that a new request waits", function () {
    expect(text).to.match(
      /rebalance --live --account keeper .*strikes the deposit that carol has asked for\n.*claim --account carol/,
    );
    expect(text).to.match(/deposit 1000 --account dave .*a week that this chain will not see/);
  });
});

describe("replay", function () {
  const WEEK = ["--from", "2023-01-02", "--to", "2023-01-09"];
  const cases: readonly (readonly [what: string, args: readonly string[], code: number, words: string])[] = [
    ["a folder that is not there", [...WEEK, "--log", "/nonexistent/ledger.jsonl"], 2, "USAGE: Expected to write"],
    ["a folder in place of a file", [...WEEK, "--log", import.meta.dirname], 2, "USAGE: Expected to write"],
    ["a range without a Monday", ["--from", "2023-01-03", "--to", "2023-01-09"], 2, "The next is 2023-01-09"],
    ["a deposit of nothing", [...WEEK, "--deposit", "0"], 2, "an amount of USDC above zero"],
    ["weeks outside the data", ["--from", "2035-01-01", "--to", "2035-01-08"], 3, "DATE_OUT_OF_DATA"],
  ];
  for (const [what, args, expected, words] of cases) {
    it(`refuses ${what} before it prints a table`, async function () {
      const { code, out, err } = await runCli(["replay", ...args]);

      expect([code, out]).to.deep.equal([expected, ""]);
      expect(err).to.include(words);
    });
  }
});
