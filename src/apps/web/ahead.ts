// Fetches the rest of the page's code while nothing else is to be done: a server that is silent later cannot give it.
import proofWorker from "./proof/worker.ts?worker&url";

/** Other parts, and the thread of the proof, which the browser keeps until it is started. */
const REST: readonly (() => Promise<unknown>)[] = [
  () => import("./data/chain/answers.ts"),
  () => import("./data/chain/legs.ts"),
  () => import("./views/now/now.tsx"),
  () => import("./views/holdings/holdings.tsx"),
  () => import("./views/transactions/transactions.tsx"),
  () => import("./views/performance/performance.tsx"),
  () => import("./views/invest/invest.tsx"),
  () => import("./views/rules/rules.tsx"),
  () => import("./proof/prove-through.ts"),
  () => fetch(proofWorker).then((response) => response.arrayBuffer()),
  () => import("./proof/read-publication.ts"),
  () => import("./ui/echarts.ts"),
];

/** {ms} The first view has its figures by then. */
const PAUSE = 2000;

/** One part after another; one that cannot be had is asked for again when it is needed. */
export function fetchAhead(): void {
  setTimeout(() => {
    void REST.reduce<Promise<unknown>>(
      (before, fetchPart) => before.then(fetchPart).catch(() => undefined),
      Promise.resolve(),
    );
  }, PAUSE);
}
