// Tests of what `demo` and `replay` refuse before they open a chain.
import { type AddressInfo, type Server, createServer } from "node:net";

import { expect } from "chai";

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
