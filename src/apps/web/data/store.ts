// Turns a value that several parts of the page share into one that they all follow.
import { useSyncExternalStore } from "react";

/** A value with those who follow it. */
export type Store<Value> = {
  readonly get: () => Value;
  readonly set: (value: Value) => void;
  readonly subscribe: (onChange: () => void) => () => void;
};

/** A store that begins with a value. */
export function createStore<Value>(first: Value): Store<Value> {
  let value = first;
  const followers = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const follower of followers) follower();
    },
    subscribe: (onChange) => {
      followers.add(onChange);
      return () => followers.delete(onChange);
    },
  };
}

/** The store's value now; the component is drawn again when it changes. */
export function useStore<Value>(store: Store<Value>): Value {
  return useSyncExternalStore(store.subscribe, store.get);
}
