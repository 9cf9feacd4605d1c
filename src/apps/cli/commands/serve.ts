// Turns a fund into its page and read-only API for browsers.
import path from "node:path";

import { type Command, Option } from "commander";

import { type ChainOptions, addChainOptions } from "../chain-options.ts";
import { withFund } from "../fund-access.ts";
import { dataOption, parsePort } from "../options.ts";
import { printJson, printText } from "../output.ts";
import { LOOPBACK, PAGE_PORT, openPage } from "../page-server.ts";
import { untilStopped } from "../serve-chain.ts";

type ServeOptions = ChainOptions & {
  readonly data: string;
  readonly port: number;
  readonly host: string;
  readonly index: string | undefined;
  readonly snapshots: string | undefined;
};

/** Adds `serve` to the program. */
export function registerServe(program: Command): void {
  const command = program
    .command("serve")
    .description("page and read-only API of a fund, current until stopped")
    .addOption(
      new Option("--port <port>", "where to serve; 0 picks a free one").argParser(parsePort).default(PAGE_PORT),
    )
    .addOption(new Option("--host <address>", "on which address of this machine").default(LOOPBACK))
    .addOption(new Option("--index <file>", "where the log's index is kept (default: beside the deployment file)"))
    .addOption(new Option("--snapshots <place>", "where the keeper publishes snapshots: a folder, or its http address"))
    .addOption(dataOption());
  addChainOptions(command).action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const { data, snapshots, port, host, rpc, deployment, json } = options;
  const file = options.index ?? deployment.replace(/(\.json)?$/, ".index.db");
  await withFund(options, async (fund, progress) => {
    progress.done();
    const folder = path.dirname(deployment);
    const page = await openPage(fund, { file, folder, data, snapshots, rpc, port, host });
    try {
      await untilStopped(() => {
        if (json) printJson({ url: page.url, index: file, data });
        else printText(`The page is open at ${page.url}, its API at ${page.url}/api/openapi.json; Ctrl-C ends it.`);
      });
    } finally {
      await page.close();
    }
  });
}
