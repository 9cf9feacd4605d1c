// Turns the visitor's choice of a way to the chain into one that every part of the page uses.
import type { ChainAccess } from "./way.ts";
import { keep, recall } from "./memory.ts";
import { type Store, createStore, useStore } from "./store.ts";

const RPC = "rpc";
const typed = recall(RPC);

const access: Store<ChainAccess | undefined> = createStore<ChainAccess | undefined>(
  typed === undefined ? undefined : { kind: "rpc", url: typed },
);

/** The visitor's way to the chain; undefined until there is one. */
export function useAccess(): ChainAccess | undefined {
  return useStore(access);
}

/** Takes a way to the chain; an RPC address is kept for the next visit. */
export function chooseAccess(chosen: ChainAccess | undefined): void {
  if (chosen?.kind !== "wallet") keep(RPC, chosen?.url);
  access.set(chosen);
}

/** A wallet is taken where nothing else was chosen. */
export function offerAccess(offered: ChainAccess): void {
  if (access.get()?.kind !== "rpc") access.set(offered);
}
