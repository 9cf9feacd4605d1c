// Turns a fund into its page and API, kept current until they are closed.
import { setTimeout as sleep } from "node:timers/promises";

import { hardhat } from "viem/chains";

import type { Fund } from "../../execute/contracts.ts";
import { Site } from "../../site/site.ts";
import { PAGE_FOLDER } from "../server/page-folder.ts";
import { type SiteServer, serveSite } from "../server/server.ts";

/** Where the page is served unless told otherwise. */
export const PAGE_PORT = 8100;
export const LOOPBACK = "127.0.0.1";

/** {ms} Between two looks at the chain. */
const LOCAL_PERIOD = 500;
const PUBLIC_PERIOD = 4000;

/** What a page is served from, and where. */
export type PagePlace = {
  /** The index: a file, or `:memory:`. */
  readonly file: string;
  /** Of the deployment, if it has one. */
  readonly folder?: string;
  readonly data: string;
  /** Where the keeper publishes snapshots, if somebody said so. */
  readonly snapshots?: string | undefined;
  readonly rpc: string;
  readonly port: number;
  readonly host: string;
};

/** Serves at once and reads the chain meanwhile. @throws SitePortError, IndexUnusableError */
export async function openPage(fund: Fund, place: PagePlace): Promise<SiteServer> {
  const { file, folder, data, snapshots, rpc, port, host } = place;
  const site = new Site({
    fund,
    file,
    data,
    rpc,
    clock: () => performance.now(),
    ...(folder === undefined ? {} : { folder }),
    ...(snapshots === undefined ? {} : { snapshots }),
  });
  const leave = new AbortController();
  try {
    const server = await serveSite({ site, host, port, page: PAGE_FOLDER });
    const following = follow(site, fund.deployment.chainId === hardhat.id ? LOCAL_PERIOD : PUBLIC_PERIOD, leave.signal);
    return {
      url: server.url,
      close: async () => {
        leave.abort();
        await server.close();
        await following;
        await site.close();
      },
    };
  } catch (error) {
    await site.close();
    throw error;
  }
}

/** What keeps data away is told here, with its path; visitors hear only that something does. */
async function follow(site: Site, period: number, signal: AbortSignal): Promise<void> {
  const told = new Set<string>();
  while (!signal.aborted) {
    await site.refresh();
    const { market, unpublished } = site.state();
    for (const failure of [market.failure, unpublished]) {
      if (failure === undefined || told.has(failure)) continue;
      told.add(failure);
      process.stderr.write(`note: the page lacks data: ${failure}\n`);
    }
    await sleep(period, undefined, { signal }).catch(() => undefined);
  }
}
