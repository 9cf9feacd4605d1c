// All scenarios of chaos, in the order in which they are listed.
import { exiting } from "./exit.ts";
import { killing } from "./kills.ts";
import { misleading } from "./faults.ts";
import { filing } from "./files.ts";
import { standing } from "./keepers.ts";
import type { Scenario } from "./scenario.ts";
import { timing } from "./timing.ts";
import { years } from "./years.ts";

export const SCENARIOS: readonly Scenario[] = [killing, misleading, standing, timing, filing, exiting, years];
