// Tests of reading a real vault's log from nodes that refuse as each provider does.
import { expect } from "chai";
import { type PublicClient, createPublicClient, http } from "viem";

import { readLogs } from "../../src/execute/logs.ts";
import { fetchLedger } from "../../src/record/ledger.ts";
import type { Ledger } from "../../src/record/ledger-file.ts";
import { type RpcNode, type Twist, serveNode } from "../rpc-node.ts";
import { failureOf } from "../failure-of.ts";
import { useServedFund } from "./served-fund.ts";

/** {block} and {log} that the nodes of these tests give at most. */
const MOST_BLOCKS = 16;
const MOST_LOGS = 50;

type Range = { readonly fromBlock: string; readonly toBlock: string };
type Refusing = (range: { readonly from: number; readonly to: number; readonly logs: readonly unknown[] }) => unknown;

const hex = (block: number): string => `0x${block.toString(16)}`;
const blocksIn = ({ from, to }: { readonly from: number; readonly to: number }): number => to - from + 1;

/** What each refuses, with its own words. */
const PROVIDERS: Readonly<Record<string, Refusing>> = {
  Alchemy: ({ from, to, logs }) =>
    logs.length > MOST_LOGS && {
      code: -32602,
      message:
        "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the " +
        "response size, or you can request any block range with a cap of 10K logs in the response. Based on your " +
        `parameters, this block range should work: [${hex(from)}, ${hex(Math.floor((from + to) / 2))}]`,
    },
  Infura: ({ logs }) =>
    logs.length > MOST_LOGS && { code: -32005, message: `query returned more than ${MOST_LOGS} results` },
  QuickNode: (range) =>
    blocksIn(range) > MOST_BLOCKS && { code: -32614, message: `eth_getLogs is limited to a ${MOST_BLOCKS} range` },
  publicnode: (range) =>
    blocksIn(range) > MOST_BLOCKS && { code: -32701, message: `exceed maximum block range: ${MOST_BLOCKS}` },
  "a node without reasons": ({ logs }) => logs.length > MOST_LOGS && { code: -32000, message: "failed" },
};

describe("reading logs", function () {
  const fund = useServedFund();
  let node: RpcNode;
  let client: PublicClient;
  let whole: Ledger;

  const source = () => {
    const { chainId, block, addresses } = fund.served().world.fund.deployment();
    return { client, chainId, vault: addresses.vault, fromBlock: BigInt(block) };
  };
  const asked = (method: string): number => node.calls.filter((call) => call.method === method).length;

  before(async function () {
    const { publicClient } = fund.served().world.market.chain;
    whole = await fetchLedger({ ...source(), client: publicClient });
  });
  beforeEach(async function () {
    node = await serveNode(fund.served().world.market.chain);
    client = createPublicClient({ transport: http(node.url), cacheTime: 0 });
  });
  afterEach(() => node.close());

  const refusingAs =
    (refuse: Refusing): Twist =>
    async ({ method, params }, pass) => {
      if (method !== "eth_getLogs") return undefined;
      const [{ fromBlock, toBlock }] = params as readonly [Range];
      const logs = (await pass()) as readonly unknown[];
      const refusal = refuse({ from: Number(fromBlock), to: Number(toBlock), logs });
      if (refusal === false) return { result: logs };
      throw refusal;
    };

  for (const [name, refuse] of Object.entries(PROVIDERS)) {
    it(`gets all lines from ${name}`, async function () {
      node.twist = refusingAs(refuse);

      expect(await fetchLedger(source())).to.deep.equal(whole);
    });
  }

  it("is refused once by a node that states its range", async function () {
    let refusals = 0;
    node.twist = refusingAs((range) => {
      const refusal = PROVIDERS["QuickNode"]?.(range) ?? false;
      if (refusal !== false) refusals++;
      return refusal;
    });

    await readLogs(client, { address: source().vault, fromBlock: 0n, toBlock: await client.getBlockNumber() });
    await fetchLedger(source());

    expect(refusals).to.equal(1);
  });

  it("waits as long as a node asks for, and asks again", async function () {
    let refusals = 0;
    node.twist = ({ method }) => {
      const isRefused = method === "eth_getLogs" && ++refusals <= 2;
      return Promise.resolve(isRefused ? { status: 429, headers: { "Retry-After": "0" } } : undefined);
    };

    expect(await fetchLedger(source())).to.deep.equal(whole);
    expect(asked("eth_getLogs")).to.equal(3);
  });

  it("asks for the times of blocks that a node does not tell with logs, some at once", async function () {
    let [open, most] = [0, 0];
    node.twist = async ({ method }, pass) => {
      if (method === "eth_getLogs") {
        const logs = (await pass()) as readonly object[];
        return { result: logs.map((log) => ({ ...log, blockTimestamp: undefined })) };
      }
      if (method !== "eth_getBlockByNumber") return undefined;
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      const result = await pass();
      open--;
      return { result };
    };

    expect(await fetchLedger(source())).to.deep.equal(whole);
    expect(asked("eth_getBlockByNumber")).to.be.greaterThan(5);
    expect(most).to.be.within(2, 20);
  });

  it("gives up when one block is too much, with the node's own words", async function () {
    node.twist = refusingAs(() => ({ code: -32000, message: "this node keeps no logs" }));

    const error = await failureOf(fetchLedger(source()));

    expect(error.message).to.match(/this node keeps no logs/);
    // 10,000 at first, or all there is; then halves.
    expect(asked("eth_getLogs")).to.be.lessThan(20);
  });
});
