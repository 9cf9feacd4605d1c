// Turns the port of a local chain into the place of its deployment file.
import path from "node:path";

/** Where `demo --serve` leaves its fund unless told otherwise. */
export const DEFAULT_RPC = "http://127.0.0.1:8545";

const FOLDER = "deployments/31337";
const DEFAULT_PORT = "8545";
const LOCAL_HOSTS: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** The deployment file of the node at an address: one a port of this machine, the default one for all others. */
export function deploymentFileOf(rpc: string): string {
  const { hostname, port } = new URL(rpc);
  const isDefault = port === DEFAULT_PORT || !LOCAL_HOSTS.has(hostname);
  return path.posix.join(FOLDER, isDefault ? "fund.json" : `fund-${port === "" ? "80" : port}.json`);
}
