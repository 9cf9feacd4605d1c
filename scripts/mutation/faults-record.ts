// Lists faults in the record of what happened, and in the prices that everything goes by.
import type { Fault } from "./fault.ts";

const LAWS = "contracts/laws/Laws.t.sol";

export const RECORD_FAULTS: readonly Fault[] = [
  {
    name: "event-forgotten",
    file: "vault/Record.sol",
    find: "        emit IVaultRecord.LegSkipped(id, position, sold, bought, reason, sequence, head);",
    replace: "        (sequence, head);",
    breaks: "law 6: every line of the ledger is an event",
    tests: [LAWS, "contracts/IndexVault.ledger.test.ts"],
  },
  {
    name: "head-unchanged",
    file: "libraries/LedgerHead.sol",
    find: "(self.sequence, self.head) = (uint48(sequence), head);",
    replace: "self.sequence = uint48(sequence);",
    breaks: "law 6: the head is over all lines",
    tests: [LAWS, "contracts/IndexVault.ledger.test.ts"],
  },
  {
    name: "head-without-chain",
    file: "libraries/LedgerHead.sol",
    find: "abi.encode(self.head, block.chainid, address(this), sequence, keccak256(fields))",
    replace: "abi.encode(self.head, uint256(1), address(this), sequence, keccak256(fields))",
    breaks: "law 6: the head names its chain",
    tests: [LAWS, "contracts/IndexVault.ledger.test.ts"],
  },
  {
    name: "line-with-other-amount",
    file: "vault/Record.sol",
    find: "abi.encode(IVaultRecord.RedemptionClaimed.selector, controller, receiver, shares, assets)",
    replace: "abi.encode(IVaultRecord.RedemptionClaimed.selector, controller, receiver, shares, shares)",
    breaks: "law 6: the head is over what the event says",
    tests: [LAWS, "contracts/IndexVault.ledger.test.ts"],
  },
  {
    name: "line-with-a-time",
    file: "IndexVault.sol",
    find: "                LegExecuted.selector,\n                order.id,\n                order.position,",
    replace:
      "                LegExecuted.selector,\n                order.id,\n                order.position + uint32(block.timestamp),",
    breaks: "law 6 and 7: no line holds a time that its event does not say",
    tests: [LAWS, "contracts/IndexVault.ledger.test.ts"],
  },
  {
    name: "claim-unrecorded",
    file: "vault/RequestBook.sol",
    find: "        ledger.redemptionClaimed(controller, receiver, shares, assets);\n",
    replace: "",
    breaks: "law 6: every change of money set aside is a line",
    tests: [LAWS, "contracts/IndexVault.ledger.test.ts"],
  },
];

export const PRICE_FAULTS: readonly Fault[] = [
  {
    name: "stale-price-accepted",
    file: "PriceOracle.sol",
    find: "if (block.timestamp - updatedAt > feed.heartbeat()) return 0;",
    replace: "",
    breaks: "an answer older than its heartbeat is no price",
    tests: ["contracts/PriceOracle.test.ts", "contracts/PriceOracle.rounds.test.ts"],
  },
  {
    name: "bounds-ignored",
    file: "PriceOracle.sol",
    find: "return price < feed.low().unpack() || price > feed.high().unpack() ? 0 : price;",
    replace: "return price;",
    breaks: "an answer outside its bounds is no price",
    tests: ["contracts/PriceOracle.sources.test.ts", "contracts/PriceOracle.test.ts"],
  },
  {
    name: "incomplete-round-accepted",
    file: "PriceOracle.sol",
    find: "if (answeredIn < id || answeredIn > type(uint80).max) return (0, 0);",
    replace: "if (answeredIn > type(uint80).max) return (0, 0);",
    breaks: "an incomplete round is no price",
    tests: ["contracts/PriceOracle.rounds.test.ts"],
  },
  {
    name: "future-round-accepted",
    file: "PriceOracle.sol",
    find: "if (at == 0 || at > block.timestamp) return (0, 0);",
    replace: "if (at == 0) return (0, 0);\n        if (at > block.timestamp) at = block.timestamp;",
    breaks: "a round of the future is no price",
    tests: ["contracts/PriceOracle.rounds.test.ts"],
  },
  {
    name: "sequencer-grace-ignored",
    file: "PriceOracle.sol",
    find: "return block.timestamp - changedAt > SEQUENCER_GRACE;",
    replace: "return block.timestamp - changedAt > 0;",
    breaks: "no price while the sequencer is down, nor in the hour after",
    tests: ["contracts/PriceOracle.rounds.test.ts"],
  },
  {
    name: "sequencer-ignored",
    file: "PriceOracle.sol",
    find: "if (isDown != 0 || changedAt == 0 || changedAt > block.timestamp) return false;",
    replace: "if (isDown > 1 || changedAt == 0 || changedAt > block.timestamp) return false;",
    breaks: "no price while the sequencer is down",
    tests: ["contracts/PriceOracle.rounds.test.ts"],
  },
  {
    name: "gas-taken-for-a-fault",
    file: "PriceOracle.sol",
    find: "require(gasleft() >= needed, GasShortForPrice(gasleft(), needed));",
    replace: "needed;",
    breaks: "a lack of gas is never taken for a broken source",
    tests: ["contracts/PriceOracle.faults.test.ts"],
  },
  {
    name: "window-of-one-block",
    file: "PriceOracle.sol",
    find: "uint32 private constant WINDOW = 600;",
    replace: "uint32 private constant WINDOW = 1;",
    breaks: "a pool pushed for a block has the price of ten minutes",
    tests: ["contracts/attacks.trades.test.ts", "contracts/PriceOracle.test.ts"],
  },
  {
    name: "strike-without-price",
    file: "Rebalancer.sol",
    find: "bool isPriced = sides.isCashPriced && sides.unknown == 0 && !sides.isTooUnpriced();",
    replace: "bool isPriced = sides.isCashPriced && sides.unknown == 0;",
    breaks: "strikes wait for prices",
    tests: ["contracts/Rebalancer.strikes.test.ts"],
  },
];
