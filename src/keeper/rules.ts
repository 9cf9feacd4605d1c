// Turns the keeper's settings into checked rules of when it acts, with the defaults it runs under.
import { z } from "zod";

import { DAY } from "../core/time.ts";

const seconds = z.int().min(0);

/** Schema of {@link KeeperRules}. */
export const keeperRulesSchema = z.strictObject({
  /** {s} After Monday's publication: a week's decision that was missed is still published so long. */
  catchUp: seconds.default(3 * DAY),
  /** {s} After a failure, doubled with each further one up to `longestRest`. */
  rest: seconds.default(300),
  /** {s} As `rest`, of what leads into stablecoins, which is never doubled. */
  exitRest: seconds.default(60),
  /** {s} */
  longestRest: seconds.default(7200),
  /** {s} Between two looks at what the assets need. */
  upkeepEvery: seconds.default(3600),
  /** {s} The keeper's clock and the newest block may be so far apart. */
  clockTolerance: seconds.default(900),
});

/** When the keeper acts. */
export type KeeperRules = z.infer<typeof keeperRulesSchema>;
