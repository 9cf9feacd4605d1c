// All scenarios of chaos, in the order in which they are listed.
import { exiting } from "./exit.ts";
import { killing } from "./kills.ts";
import { misleading } from "./faults.ts";
import { filing } from "./files.ts";
import { standing } from "./keepers.ts";
import type { Scenario } from "./scenario.ts";

export const SCENARIOS: readonly Scenario[] = [killing, standing, filing, misleading, exiting];
