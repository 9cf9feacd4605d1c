// Starts the demo as its reader does, and turns what it leaves into the values of the commands that are typed beside it.
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

import type { Address } from "viem";

import { readDeployment } from "../../src/execute/deployment.ts";
import { devAccount } from "../../src/world/dev-accounts.ts";
import type { Checkout, Going, Run } from "./checkout.ts";

/** Under the ports that the system gives to others meanwhile. */
const [LOWEST, HIGHEST] = [20_000, 30_000];

/** A port that nobody has, in place of the one that page or chain take unless told otherwise. */
async function freePort(): Promise<number> {
  const port = randomInt(LOWEST, HIGHEST);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, "127.0.0.1", () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
  return isFree ? port : freePort();
}

/** The demo with its chain open. */
export class DemoWorld {
  readonly rpc: string;
  readonly vault: Address;
  readonly block: number;
  /** Somebody with shares. */
  readonly holder: Address = devAccount("carol").address;
  readonly #going: Going;

  private constructor(going: Going, rpc: string, place: { readonly vault: Address; readonly block: number }) {
    this.#going = going;
    this.rpc = rpc;
    this.vault = place.vault;
    this.block = place.block;
  }

  /** Plays it by a command of the documents. */
  static async open(checkout: Checkout, command: string): Promise<DemoWorld> {
    const [port, page] = [await freePort(), await freePort()];
    const going = await checkout.start(`${command} --port ${port} --page-port ${page}`, {}, /Ctrl-C ends it/);
    if (!going.printed().includes("Ctrl-C ends it")) {
      throw new TypeError(`${command} ended: ${(await going.end()).err}`);
    }
    const { addresses, block } = await readDeployment(checkout.at(`deployments/31337/fund-${port}.json`));
    return new DemoWorld(going, `http://127.0.0.1:${port}`, { vault: addresses.vault, block });
  }

  /** The head of the record that the demo told. */
  head(): string {
    return /head (0x[0-9a-f]{52})/.exec(this.#going.printed())?.[1] ?? "no head";
  }

  /** As Ctrl-C. */
  end(): Promise<Run> {
    return this.#going.end();
  }
}
