// Tests of src/execute/fetch-target.ts: which of two targets is the one to carry out.
import { expect } from "chai";
import { type PublicClient, encodeAbiParameters, numberToHex, padHex, toEventSelector } from "viem";

import { ppm, unixSeconds } from "../../../src/core/units.ts";
import type { Deployment } from "../../../src/execute/deployment.ts";
import { fetchTarget } from "../../../src/execute/fetch-target.ts";
import { type Target, targetHash } from "../../../src/execute/publish.ts";
import { abiEventOf } from "../../../src/record/lines.ts";

const HASH = padHex("0x1", { size: 32 });
const RUNNING = targetWith(8, "bull");
const PENDING = targetWith(16, "bull");
const EXIT = targetWith(10, "bear");

function targetWith(id: number, regime: Target["regime"]): Target {
  const times = { validFrom: unixSeconds(0), validUntil: unixSeconds(1000) };
  const weights = { assets: [0], parts: [ppm(1_000_000)] };
  return { id, regime, weights, decisionHash: HASH, membershipRoot: HASH, twinLevel: 1n, ...times };
}

/** The line that publishes a target, as a node gives it. */
function logOf({ id, weights, twinLevel, validFrom, validUntil, ...target }: Target): object {
  const [event, numbers] = [abiEventOf("TargetPublished"), weights.assets.map(BigInt)];
  const values: Readonly<Record<string, unknown>> = {
    ...{ ...target, twinLevel, assets: numbers, partsPerMillion: weights.parts.map(BigInt) },
    ...{ executableAt: 0n, validFrom: BigInt(validFrom), validUntil: BigInt(validUntil) },
    ...{ sequence: 1n, head: padHex("0x1", { size: 26 }) },
  };
  const inputs = event.inputs.filter(({ indexed }) => indexed !== true);
  return {
    topics: [toEventSelector(event), numberToHex(id, { size: 32 })],
    data: encodeAbiParameters(
      inputs,
      inputs.map(({ name = "" }) => values[name]),
    ),
    ...{ blockNumber: "0x1", logIndex: "0x0", transactionIndex: "0x0", transactionHash: HASH, blockHash: HASH },
  };
}

/** A chain at `now` {s}, with a rebalance under way until 500 and a target that may be started until 1000. */
async function found(now: number, pending: Target): Promise<number | undefined> {
  const answers: Readonly<Record<string, unknown>> = {
    pending: {
      ...{ id: BigInt(pending.id), regime: pending.regime === "bull" ? 1 : 0 },
      ...{ targetHash: targetHash(pending), executableAt: 0n, validUntil: 1000n },
    },
    running: { id: BigInt(RUNNING.id), targetHash: targetHash(RUNNING), deadline: 500n },
  };
  const client = {
    getBlock: () => Promise.resolve({ number: 1n, timestamp: BigInt(now) }),
    getBlockNumber: () => Promise.resolve(1n),
    request: () => Promise.resolve([RUNNING, PENDING, EXIT].map(logOf)),
    readContract: ({ functionName }: { functionName: string }) => Promise.resolve(answers[functionName]),
  } as unknown as PublicClient;
  const deployment = { block: 0, addresses: { vault: padHex("0x1", { size: 20 }) } } as unknown as Deployment;
  return (await fetchTarget({ client, deployment }))?.target.id;
}

describe("fetchTarget", function () {
  it("gives what is under way until its deadline", async function () {
    expect(await found(500, PENDING)).to.equal(RUNNING.id);
  });

  it("gives the pending target after the deadline", async function () {
    expect(await found(501, PENDING)).to.equal(PENDING.id);
  });

  it("gives a pending exit at once", async function () {
    expect(await found(1, EXIT)).to.equal(EXIT.id);
  });

  it("gives what is under way again once the pending target has expired", async function () {
    expect(await found(1000, PENDING)).to.equal(PENDING.id);
    expect(await found(1001, PENDING)).to.equal(RUNNING.id);
    expect(await found(1001, EXIT)).to.equal(RUNNING.id);
  });
});
