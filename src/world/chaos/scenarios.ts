// All scenarios of chaos, in the order in which they are listed.
import { killing } from "./kills.ts";
import { misleading } from "./faults.ts";
import type { Scenario } from "./scenario.ts";
import { timing } from "./timing.ts";
import { years } from "./years.ts";

export const SCENARIOS: readonly Scenario[] = [killing, misleading, timing, years];
