// Lists every fault that the tests of the contracts must notice.
import type { Fault } from "./fault.ts";
import { MONEY_FAULTS } from "./faults-money.ts";
import { PRICE_FAULTS, RECORD_FAULTS } from "./faults-record.ts";
import { RULE_FAULTS } from "./faults-rules.ts";
import { TARGET_FAULTS } from "./faults-targets.ts";
import { TRADE_FAULTS } from "./faults-trades.ts";

/** All faults, by theme; their names are unique. */
export const FAULTS: readonly Fault[] = [
  ...TRADE_FAULTS,
  ...TARGET_FAULTS,
  ...MONEY_FAULTS,
  ...RECORD_FAULTS,
  ...PRICE_FAULTS,
  ...RULE_FAULTS,
];
