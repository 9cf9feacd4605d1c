// Turns the address into a view inside the page's frame.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactElement, Suspense, lazy, useEffect, useRef } from "react";

import { ServerDownError, ServerUnreadyError } from "./data/api.ts";
import { useLiveUpdates } from "./data/live.ts";
import { useSiteLoader } from "./data/queries.ts";
import { type ViewName, useRoute } from "./route.ts";
import { ChainBanner } from "./ui/chain-banner.tsx";
import { ErrorBoundary } from "./ui/error-boundary.tsx";
import { Footer, Header } from "./ui/frame.tsx";
import { Loading } from "./ui/parts.tsx";

const VIEWS: Readonly<Record<ViewName, ReturnType<typeof lazy>>> = {
  now: lazy(async () => ({ default: (await import("./views/now/now.tsx")).Now })),
  holdings: lazy(async () => ({ default: (await import("./views/holdings/holdings.tsx")).Holdings })),
  transactions: lazy(async () => ({ default: (await import("./views/transactions/transactions.tsx")).Transactions })),
  performance: lazy(async () => ({ default: (await import("./views/performance/performance.tsx")).Performance })),
  invest: lazy(async () => ({ default: (await import("./views/invest/invest.tsx")).Invest })),
  rules: lazy(async () => ({ default: (await import("./views/rules/rules.tsx")).Rules })),
};

const TITLES: Readonly<Record<ViewName, string>> = {
  now: "Now",
  holdings: "Holdings",
  transactions: "Transactions",
  performance: "Performance",
  invest: "Invest",
  rules: "Rules",
};

/** As long as a server takes that reads its market data: it answers 503 until then. */
const UNREADY_RETRIES = 20;
/** {ms} */
const UNREADY_PAUSE = 1000;
const isUnready = (error: Error): boolean => error instanceof ServerUnreadyError;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      refetchOnWindowFocus: false,
      retry: (count, error) => error instanceof ServerDownError && count < (isUnready(error) ? UNREADY_RETRIES : 1),
      retryDelay: (_, error) => (isUnready(error) ? UNREADY_PAUSE : 300),
    },
  },
});

/** The page. */
export function App(): ReactElement {
  return (
    <QueryClientProvider client={client}>
      <Page />
    </QueryClientProvider>
  );
}

function Page(): ReactElement {
  useSiteLoader();
  useLiveUpdates();
  const { view } = useRoute();
  const main = useFocusOnChange(view);
  const View = VIEWS[view];
  return (
    <div className="shell">
      <Header current={view} onSkip={() => main.current?.focus()} />
      <ChainBanner />
      <main className="page" id="main" ref={main} tabIndex={-1}>
        <ErrorBoundary key={view}>
          <Suspense fallback={<Loading what={TITLES[view]} />}>
            <View />
          </Suspense>
        </ErrorBoundary>
      </main>
      <Footer />
    </div>
  );
}

/** A keyboard or a screen reader goes on at the new view, not at the link that led to it. */
function useFocusOnChange(view: ViewName): React.RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(view);
  useEffect(() => {
    document.title = `${TITLES[view]} · TM Global 100`;
    if (shown.current === view) return;
    shown.current = view;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [view]);
  return main;
}
