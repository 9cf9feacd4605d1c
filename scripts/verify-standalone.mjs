// Proves the ledger of a TM Global 100 vault with nothing but viem: read all of it before you run it.
//   node verify-standalone.mjs <rpc> <vault> <from block>     exits with 0 when the record is whole, and 1 otherwise
import { createPublicClient, decodeEventLog, encodeAbiParameters, http, isAddress } from "viem";
import { keccak256, parseAbi, slice, toEventSelector } from "viem";

// The events that are lines of the ledger, as contracts/interfaces/IVaultRecord.sol declares them. Each ends with the
// number of the line and the head after it.
const LINES = /** @type {readonly import("viem").AbiEvent[]} */ (
  parseAbi(
    [
      "AssetListed(uint8 indexed asset, address indexed token, string coinId, uint8 decimals, bool isStable",
      "AssetDelisted(uint8 indexed asset, address indexed token, uint256 left",
      "TargetPublished(uint256 indexed id, string regime, bytes32 decisionHash, bytes32 membershipRoot, uint256 twinLevel, uint256 validFrom, uint256 executableAt, uint256 validUntil, uint256[] assets, uint256[] partsPerMillion",
      "LevelPublished(uint256 indexed week, string regime, bytes32 decisionHash, bytes32 membershipRoot, uint256 twinLevel",
      "TargetVetoed(uint256 indexed id, address indexed guardian",
      "ExitBudgetRaised(uint256 indexed id, address indexed guardian",
      "RebalanceStarted(uint256 indexed id, string regime, bytes32 decisionHash, bytes32 membershipRoot, uint256 nav, uint256 supply",
      "LegExecuted(uint256 indexed id, uint256 position, uint8 soldAsset, uint8 boughtAsset, address indexed sold, address indexed bought, uint256 amountSold, uint256 amountBought, uint256 fair, uint256 minimum, address pool",
      "LegSkipped(uint256 indexed id, uint256 position, address indexed sold, address indexed bought, string reason",
      "RebalanceFinished(uint256 indexed id, string regime, uint256 nav, uint256 supply, uint256 costBps, uint256 legs, uint256 skips, uint256 twinLevel",
      "RebalanceClosed(uint256 indexed id, string reason, uint8[] outside",
      "RewardPaid(uint256 indexed id, address indexed receiver, uint8 asset, address indexed token, uint256 amount",
      "RoundTripCompleted(uint256 indexed exitId, uint256 indexed entryId, uint256 exitNavPerShare, uint256 entryNavPerShare, uint256 exitTwinLevel, uint256 entryTwinLevel",
      "DepositRequested(address indexed controller, address indexed owner, uint256 indexed epoch, uint256 assets",
      "RedemptionRequested(address indexed controller, address indexed owner, uint256 indexed epoch, uint256 shares",
      "DepositCancelled(address indexed controller, address indexed receiver, uint256 indexed epoch, uint256 assets",
      "RedemptionCancelled(address indexed controller, address indexed receiver, uint256 indexed epoch, uint256 shares",
      "DepositsStruck(uint256 indexed epoch, uint256 assets, uint256 shares, uint256 nav, uint256 supply, uint256 swing",
      "RedemptionsStruck(uint256 indexed epoch, uint256 shares, uint256 assets, uint256 nav, uint256 supply, uint256 swing",
      "RedeemedUnitsSetAside(uint256 indexed epoch, uint256 shares, uint8[] assets, address[] tokens, uint256[] amounts",
      "RedeemedUnitsCredited(address indexed controller, uint8[] assets, address[] tokens, uint256[] amounts",
      "DepositClaimed(address indexed controller, address indexed receiver, uint256 assets, uint256 shares",
      "RedemptionClaimed(address indexed controller, address indexed receiver, uint256 shares, uint256 assets",
      "RedeemedInKind(address indexed owner, address indexed receiver, uint256 shares, uint8[] assets, address[] tokens, uint256[] amounts, bool[] delivered",
      "InKindClaimed(address indexed owner, address indexed receiver, address indexed token, uint256 amount",
      "FeeAccrued(address indexed recipient, uint256 shares, uint256 rate, uint256 supply",
      "AssetQuarantined(uint8 indexed asset, address indexed token, string reason",
      "AssetReleased(uint8 indexed asset, address indexed token, string reason",
      "BooksWrittenDown(uint8 indexed asset, address indexed token, uint256 booked, uint256 left",
      "SurplusSwept(uint8 indexed asset, address indexed token, uint256 amount",
    ].map((fields) => `event ${fields}, uint256 sequence, bytes26 head)`),
  )
);
const LEDGER = parseAbi(["function ledger() view returns (uint256 sequence, bytes26 head)"]);
const SPAN = 10_000n; // blocks that public nodes search at once

const [rpc = "", vault = "", from = ""] = process.argv.slice(2);
if (!/^https?:/.test(rpc) || !isAddress(vault) || !/^\d+$/.test(from)) {
  console.error("usage: node verify-standalone.mjs <rpc> <vault> <from block>");
  process.exit(2); // it was not asked properly, as for every command here
}

/**
 * Ends with the reason why the record is not whole.
 * @param {string} reason
 * @returns {never}
 */
function broken(reason) {
  console.error(`NOT PROVEN: ${reason}`);
  process.exit(1); // whoever runs it in a script must not take a broken record for a proven one
}

/**
 * The arguments of an event, by name; nothing when the log is not of its shape.
 * @param {import("viem").AbiEvent} event
 * @param {import("viem").Log} log
 * @returns {Record<string, any>}
 */
function argumentsOf(event, { data, topics }) {
  try {
    return decodeEventLog({ abi: [event], data, topics }).args;
  } catch {
    return {};
  }
}

const client = createPublicClient({ transport: http(rpc) });
const [chainId, last] = await Promise.all([client.getChainId(), client.getBlockNumber()]);

// 1. Everything that the vault has written.
const logs = [];
for (let block = BigInt(from); block <= last; block += SPAN) {
  const toBlock = block + SPAN - 1n < last ? block + SPAN - 1n : last;
  logs.push(...(await client.getLogs({ address: vault, fromBlock: block, toBlock })));
}

// 2. Each line's head: the hash of the head before, chain, vault, number, and the hash of the event's own fields.
const events = new Map(LINES.map((event) => [toEventSelector(event), event]));
const LINK = ["bytes26", "uint256", "address", "uint256", "bytes32"].map((type) => ({ type }));
/** @type {`0x${string}`} */
let head = `0x${"00".repeat(26)}`;
let sequence = 0n;
for (const log of logs) {
  const [topic] = log.topics;
  const event = topic && events.get(topic);
  if (!event) continue; // share transfers and the events of the standards are no lines
  sequence += 1n;
  const name = `line ${sequence} (${event.name}, transaction ${log.transactionHash})`;
  if (log.address.toLowerCase() !== vault.toLowerCase()) broken(`${name} is of ${log.address}`);
  const args = argumentsOf(event, log);
  const { sequence: number, head: stated } = args;
  if (stated === undefined) broken(`${name} was altered: it does not decode`);
  if (number !== sequence) broken(`line ${sequence} is missing; in its place stands line ${number}`);
  const fields = event.inputs.slice(0, -2);
  const types = [{ type: "bytes32" }, ...fields.map(({ type }) => ({ type }))];
  const hash = keccak256(encodeAbiParameters(types, [topic, ...fields.map((field) => args[field.name ?? ""])]));
  head = slice(keccak256(encodeAbiParameters(LINK, [head, BigInt(chainId), vault, sequence, hash])), 0, 26);
  if (stated !== head) broken(`${name} was altered`);
}

// 3. The vault itself keeps the number of its last line and the head after it.
const ask = { address: vault, abi: LEDGER, blockNumber: last };
const [known, wanted] = await client.readContract({ ...ask, functionName: "ledger" });
if (known !== sequence) broken(`the vault has written ${known} lines, and the node gave ${sequence}`);
if (wanted !== head) broken(`the vault's head is ${wanted}, and the lines give ${head}`);
console.log(`PROVEN: ${sequence} lines of ${vault} on chain ${chainId} up to block ${last}, head ${head}`);
