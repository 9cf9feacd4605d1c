// Turns outside settings into what sending may cost and how long it waits.
import { parseEther, parseGwei } from "viem";
import { z } from "zod";

const DECIMAL = /^\d+(\.\d+)?$/;
/** A decimal string of gwei a unit of gas, which becomes {wei/gas}. */
const gwei = z
  .string()
  .regex(DECIMAL, "expected gwei such as 12.5")
  .transform((text) => parseGwei(text));
/** A decimal string of ether, which becomes {wei}. */
const ether = z
  .string()
  .regex(DECIMAL, "expected ether such as 0.5")
  .transform((text) => parseEther(text));

const feeCapSchema = (maximum: string, tip: string) =>
  z
    .strictObject({
      /** The most that a unit of gas may cost, tip included. */
      maximumGwei: gwei.prefault(maximum),
      /** The most that a block's builder gets of it. */
      tipGwei: gwei.prefault(tip),
    })
    .refine(({ maximumGwei, tipGwei }) => tipGwei <= maximumGwei, {
      message: "expected a tip that is not above the maximum",
    })
    .prefault({});

const blocks = z.int().min(1).max(100_000);

/** Schema of how transactions are sent. */
export const sendingSchema = z
  .strictObject({
    /** What a unit of gas may cost, by urgency: most on the way to stablecoins. */
    fees: z
      .strictObject({
        exit: feeCapSchema("500", "50"),
        trade: feeCapSchema("100", "5"),
        routine: feeCapSchema("40", "2"),
      })
      .prefault({}),
    /**
     * The most that the transactions of one task may cost within 7 days, of one that leads out of the market, and those
     * of all tasks within 24 hours, to which a way out may add its own.
     */
    taskBudgetEther: ether.prefault("2"),
    exitBudgetEther: ether.prefault("10"),
    dayBudgetEther: ether.prefault("4"),
    /** Blocks after which a transaction that is still pending is offered for more. */
    replaceAfter: z.strictObject({ exit: blocks, trade: blocks, routine: blocks }).prefault({
      exit: 2,
      trade: 5,
      routine: 15,
    }),
    /** Blocks after which a transaction that no node knows is sent again. */
    resendAfter: blocks.default(3),
    /** Blocks after which waiting for a transaction ends for now; it stays in the journal and is settled later. */
    giveUpAfter: blocks.default(300),
    /** Private sending: blocks after which a transaction of `publicFor` is sent to everybody. */
    publicAfter: blocks.default(10),
    publicFor: z.array(z.enum(["exit", "trade", "routine"])).default(["exit"]),
    /** Blocks, its own counted, from which on a transaction is final, or a tag; the chain's rule when left out. */
    finality: z.union([blocks, z.enum(["finalized", "safe"])]).optional(),
    /** Blocks, its own counted, after which a task goes on to its next step; finality is settled later. */
    resolveDepth: z
      .strictObject({ exit: blocks.default(1), trade: blocks.default(2), routine: blocks.default(2) })
      .prefault({}),
    /** {s} How long a trade or routine call waits for fees below its cap before it gives up for now. */
    feePatience: z.int().min(0).max(86_400).default(300),
    /** {ms} Between two looks at the chain. */
    pollMs: z.int().min(10).max(60_000).default(2000),
    /** Looks in a row that may fail before watching gives up for now; the transaction stays in the journal. */
    failedLooks: z.int().min(1).max(1000).default(30),
  })
  .prefault({});

const address = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    "expected an address with http(s)://",
  );

/** Schema of the nodes that are asked. */
export const nodesSchema = z
  .strictObject({
    /** HTTP addresses of nodes of one chain. Three let one of them fail. */
    urls: z
      .array(address)
      .min(1)
      .refine((urls) => new Set(urls).size === urls.length, "expected each node once"),
    /** Takes signed transactions without showing them to everybody, for example Flashbots Protect or MEV Blocker. */
    relay: address.optional(),
    /** How many nodes must say the same; two, or one when there is one node, when left out. */
    agreement: z.int().min(1).optional(),
    /** {s} The age at which a node's newest block shows that it has stopped. */
    maxHeadAge: z.int().min(1).default(120),
    /** {block} */
    maxLag: z.int().min(0).default(3),
    /** {ms} For one answer. */
    timeoutMs: z.int().min(100).default(10_000),
    /** {ms} How long a node that failed is left alone. */
    restMs: z.int().min(0).default(30_000),
  })
  .refine(({ agreement = 1, urls }) => agreement <= urls.length, {
    message: "expected as many nodes as must agree",
  });

/** The nodes that are asked. */
export type NodesSettings = z.infer<typeof nodesSchema>;

/** How transactions are sent. Amounts are {wei}, prices {wei/gas}. */
export type SendingSettings = z.infer<typeof sendingSchema>;
