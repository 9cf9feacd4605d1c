import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { type Address, padHex } from "viem";

import {
  ChainIdMismatchError,
  type Deployment,
  DeploymentUnreadableError,
  readDeployment,
  requireChain,
  writeDeployment,
} from "../../../src/execute/deployment.ts";

const at = (index: number): Address => padHex(`0x${index}`, { size: 20 });

const DEPLOYMENT: Deployment = {
  chainId: 31337,
  block: 12,
  addresses: {
    libraries: { Record: at(2), RequestBook: at(3) },
    accessManager: at(1),
    oracle: at(4),
    venue: at(5),
    rebalancer: at(6),
    vault: at(7),
    lens: at(8),
    gateway: at(9),
    registry: at(13),
  },
  assets: [
    { index: 0, coinId: "usd-coin", symbol: "USDC", token: at(10), decimals: 6, isStable: true },
    { index: 1, coinId: "ethereum", symbol: "ETH", token: at(11), decimals: 18, isStable: false, pool: at(12) },
  ],
};

/** What a promise is rejected with. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("deployment files", function () {
  let folder = "";
  before(async function () {
    folder = await mkdtemp(path.join(tmpdir(), "deployment-"));
  });
  after(async function () {
    await rm(folder, { recursive: true });
  });

  it("are read as they were written", async function () {
    const file = path.join(folder, "fund.json");

    await writeDeployment(file, DEPLOYMENT);

    expect(await readDeployment(file)).to.deep.equal(DEPLOYMENT);
  });

  it("are missing with words", async function () {
    const error = await rejection(readDeployment(path.join(folder, "none.json")));

    expect(error).to.be.instanceOf(DeploymentUnreadableError);
    expect((error as Error).message).to.contain("found none");
  });

  it("name the field that is wrong", async function () {
    const file = path.join(folder, "wrong.json");
    await writeFile(file, JSON.stringify({ ...DEPLOYMENT, addresses: { ...DEPLOYMENT.addresses, vault: "0x12" } }));

    const error = await rejection(readDeployment(file));

    expect((error as Error).message).to.contain("addresses.vault");
  });
});

describe("requireChain", function () {
  it("says which chain was expected and which was found", async function () {
    const error = await rejection(requireChain({ getChainId: () => Promise.resolve(1) }, DEPLOYMENT));

    expect(error).to.be.instanceOf(ChainIdMismatchError);
    expect([(error as ChainIdMismatchError).expected, (error as ChainIdMismatchError).found]).to.deep.equal([31337, 1]);
    expect((error as ChainIdMismatchError).kind).to.equal("chain");
  });

  it("passes on the right chain", async function () {
    await requireChain({ getChainId: () => Promise.resolve(31337) }, DEPLOYMENT);
  });
});
