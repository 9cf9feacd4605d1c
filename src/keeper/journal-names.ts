// Names the journals of a fund in a keeper's store.
import type { Fund } from "../execute/contracts.ts";

/** Names the diary of a fund. */
export function diaryOf({ chainId, addresses }: Fund["deployment"]): string {
  return `fund:${chainId}:${addresses.vault.toLowerCase()}`;
}

/** Names the journal of a key at a fund. */
export function keyJournalOf(deployment: Fund["deployment"], address: string): string {
  return `${diaryOf(deployment)}:key:${address.toLowerCase()}`;
}
