// Turns the index into the part of a fund's status that would else be read from the whole log.
import type { FundRecord } from "../../execute/read-status.ts";
import type { Database } from "./database.ts";
import { lineOfRow, LINE_COLUMNS } from "./lines.ts";

/** {rebalance} More than the swing is made of. */
const FINISHED = 8;

/** What the index knows up to its end. */
export function indexedRecord(database: Database): FundRecord {
  return {
    since: (regime) => {
      const start = database.one(
        `select id, time from starts where id != 1 and sequence >
          (select coalesce(max(sequence), 0) from starts where id != 1 and regime != ?) order by sequence limit 1`,
        regime,
      );
      const since = start === undefined ? undefined : { targetId: Number(start["id"]), time: Number(start["time"]) };
      return Promise.resolve(since);
    },
    finished: () => {
      const rows = database.all(
        `select ${LINE_COLUMNS} from lines where event = 'RebalanceFinished' order by sequence desc limit ?`,
        FINISHED,
      );
      return Promise.resolve(rows.map((row) => Number(lineOfRow(row).args["costBps"])).reverse());
    },
  };
}
