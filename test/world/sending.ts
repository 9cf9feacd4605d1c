// A chain that mines only when told, with a token to mint, and a transactor on it whose pauses are the test's moves.
import { type Abi, type Address, type Hex, type PublicClient, createPublicClient, custom, erc20Abi } from "viem";
import { hardhat } from "viem/chains";

import { unixSeconds } from "../../src/core/units.ts";
import type { JournalLine } from "../../src/execute/journal.ts";
import type { Call } from "../../src/execute/send.ts";
import { sendingSchema } from "../../src/execute/sending-settings.ts";
import { type Transactor, type TransactorParts, createTransactor } from "../../src/execute/transactor.ts";
import { initCode, mockArtifact } from "../../src/world/artifacts.ts";
import { type LocalChain, openLocalChain } from "../../src/world/local-chain.ts";
import { type MemoryJournal, memoryJournal } from "../memory-journal.ts";

type Request = { readonly method: string; readonly params?: unknown };

/** What the node does with a request; `pass` is the real answer. */
export type Fault = (request: Request, pass: () => Promise<unknown>) => Promise<unknown>;

/** What a test may set; everything else is usual. */
export type Circumstances = {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly fault?: Fault;
  readonly relay?: TransactorParts["relay"];
  readonly gate?: TransactorParts["gate"];
  readonly account?: TransactorParts["account"];
  /** Lines of an earlier process. */
  readonly journal?: MemoryJournal;
  /** Called with each line before it is kept. */
  readonly onLine?: (line: JournalLine) => void;
  /** What happens in each pause, in turn; after that a block a pause. */
  readonly moves?: readonly (() => Promise<unknown>)[];
};

/** A transactor at work. */
export type Sending = { readonly transactor: Transactor; readonly journal: MemoryJournal };

/** A chain for tests of sending. */
export type SendingChain = {
  readonly chain: LocalChain;
  /** Mints one unit for alice. */
  readonly mint: Call;
  readonly open: (circumstances?: Circumstances) => Sending;
  /** {tok} that alice has. */
  readonly minted: () => Promise<bigint>;
  readonly rpc: (method: string, ...params: unknown[]) => Promise<unknown>;
  /** Mines a block that is too dear for everything that is pending. */
  readonly mineDear: () => Promise<void>;
  /** Mines a block without what is pending, which is lost. */
  readonly mineWithout: () => Promise<void>;
};

/** {wei/gas} */
export const GWEI = 10n ** 9n;
/** More pauses than any test needs: a transactor that waits for ever fails. */
const MOST_PAUSES = 400;
/** {s} 2021-09-06 */
const START = unixSeconds(1_630_886_400);

/** Opens the chain for the tests of a `describe`; each test finds it as new. */
export function useSendingChain(): () => SendingChain {
  let opened: SendingChain | undefined;
  let snapshot: Hex;
  const now = (): SendingChain => {
    if (opened === undefined) throw new TypeError("the chain is open while tests run");
    return opened;
  };
  before(async function () {
    opened = await openSendingChain();
  });
  after(async function () {
    await opened?.chain.close();
  });
  beforeEach(async function () {
    snapshot = await now().chain.snapshot();
  });
  afterEach(async function () {
    await now().chain.revert(snapshot);
  });
  return now;
}

/** The steps of a journal, in their order. */
export function stepsOf({ lines }: MemoryJournal): string[] {
  return lines.map(({ step }) => step);
}

async function openSendingChain(): Promise<SendingChain> {
  const chain = await openLocalChain({ initialDate: START });
  const rpc = (method: string, ...params: unknown[]) => chain.provider.request({ method, params });
  const artifact = mockArtifact("MockToken");
  const token = await chain.deploy(chain.accounts.maker.address, initCode(artifact, ["Token", "TOK", 18]));
  await rpc("evm_setAutomine", false);
  const mint = mintCall(token, artifact.abi, chain.accounts.alice.address);
  const args = [chain.accounts.alice.address] as const;
  return {
    chain,
    mint,
    rpc,
    open: (circumstances = {}) => openSending(chain, circumstances),
    minted: () => chain.publicClient.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args }),
    mineDear: async () => {
      await rpc("hardhat_setNextBlockBaseFeePerGas", `0x${(10_000n * GWEI).toString(16)}`);
      await chain.mine();
      await rpc("hardhat_setNextBlockBaseFeePerGas", `0x${GWEI.toString(16)}`);
    },
    mineWithout: async () => {
      const block = await chain.publicClient.getBlock({ blockTag: "pending" });
      for (const hash of block.transactions) await rpc("hardhat_dropTransaction", hash);
      await chain.mine();
    },
  };
}

function mintCall(address: Address, abi: Abi, to: Address): Call {
  return { address, abi, functionName: "mint", args: [to, 1n], action: "mint a unit" };
}

function openSending(chain: LocalChain, circumstances: Circumstances): Sending {
  const moves = [...(circumstances.moves ?? [])];
  let pauses = 0;
  let time = START * 1000;
  const clock = { now: () => time };
  const journal = circumstances.journal ?? memoryJournal(clock.now, circumstances.onLine);
  const transactor = createTransactor({
    client: clientOf(chain, circumstances.fault),
    chainId: hardhat.id,
    account: circumstances.account ?? chain.accounts.keeper,
    journal,
    settings: sendingSchema.parse(circumstances.settings ?? {}),
    ...(circumstances.relay === undefined ? {} : { relay: circumstances.relay }),
    ...(circumstances.gate === undefined ? {} : { gate: circumstances.gate }),
    clock,
    pause: async (ms) => {
      time += ms;
      pauses += 1;
      if (pauses > MOST_PAUSES) throw new TypeError("the transactor waits for ever");
      await (moves.shift() ?? (() => chain.mine()))();
    },
  });
  return { transactor, journal };
}

function clientOf(chain: LocalChain, fault: Fault = (_, pass) => pass()): PublicClient {
  const request = (args: Request): Promise<unknown> => fault(args, () => chain.provider.request(args as never));
  return createPublicClient({ chain: hardhat, transport: custom({ request }, { retryCount: 0 }), cacheTime: 0 });
}
