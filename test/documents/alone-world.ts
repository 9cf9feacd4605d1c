// Lays out what commands about market data find on a reader's machine, and a source that they may ask.
import { chmodSync } from "node:fs";

import { type AnswerServer, answerServer } from "../answer-server.ts";
import { COINGECKO_HEADER } from "../market-files.ts";
import type { Checkout } from "./checkout.ts";

const FEAR_GREED = { data: [{ value: "30", value_classification: "Fear", timestamp: "1517443200" }] };
/** DuckDB's own command line is a program of its own; the library that this project has does what is asked of it. */
const DUCKDB = `#!/usr/bin/env node
import { DuckDBInstance } from "@duckdb/node-api";
const [flag, sql] = process.argv.slice(2);
if (flag !== "-c") throw new TypeError("only -c is known");
const connection = await (await DuckDBInstance.create(":memory:")).connect();
const reader = await connection.runAndReadAll(sql);
for (const row of reader.getRows()) console.log(row.join(" | "));
`;

/** A source of market data, and files. */
export class AloneWorld {
  readonly #source: AnswerServer;

  private constructor(source: AnswerServer) {
    this.#source = source;
  }

  /** Opens the source and writes the files. */
  static async open(checkout: Checkout): Promise<AloneWorld> {
    const days = ["01", "02", "03", "04"].map((day, i) => `2024-01-${day},bitcoin,btc,${42_000 + i},8e11,2e10`);
    checkout.write("days.csv", [COINGECKO_HEADER, ...days, ""].join("\n"));
    checkout.write("bin/duckdb", DUCKDB);
    chmodSync(checkout.at("bin/duckdb"), 0o755);
    return new AloneWorld(await answerServer({ "/fng/": [{ body: FEAR_GREED }] }));
  }

  /** What leads commands to the source. */
  settings(): Readonly<Record<string, string>> {
    return { TM100_FEARGREED_URL: this.#source.url };
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}
