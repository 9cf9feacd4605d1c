// Turns the fund's name, the views and where it stands into header and footer.
import { type ReactElement, useState } from "react";

import { useAnswer, useSite } from "../data/queries.ts";
import { formatNumber, formatTime, shortHex } from "../format.ts";
import { VIEWS, type ViewName, hrefOf } from "../route.ts";
import { type Theme, chooseTheme, storedTheme } from "../theme.ts";
import { Icon, Mark } from "./icons.tsx";
import { Address, RegimePill } from "./parts.tsx";

const LABELS: Readonly<Record<ViewName, string>> = {
  now: "Now",
  holdings: "Holdings",
  transactions: "Trades",
  performance: "Performance",
  invest: "Invest",
  rules: "Rules",
};

/** Name, navigation, regime and theme. */
export function Header({ current, onSkip }: { readonly current: ViewName; readonly onSkip: () => void }): ReactElement {
  const { told } = useAnswer("now");
  return (
    <header className="header">
      <button type="button" className="button skip" onClick={onSkip}>
        Skip to the content
      </button>
      <div className="header-row">
        <a className="brand" href={hrefOf("now")}>
          <Mark />
          <span>TM Global 100</span>
        </a>
        <nav className="nav" aria-label="Views">
          {VIEWS.map((view) => (
            <a key={view} href={hrefOf(view)} aria-current={view === current ? "page" : undefined}>
              <Icon name={view} />
              {LABELS[view]}
            </a>
          ))}
        </nav>
        <div className="header-end">
          {told === undefined ? null : <RegimePill regime={told.answer.fund.regime} />}
          <ThemeButton />
        </div>
      </div>
    </header>
  );
}

function ThemeButton(): ReactElement {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const other: Theme = theme === "dark" ? "light" : "dark";
  const toggle = (): void => {
    chooseTheme(other);
    setTheme(other);
  };
  return (
    <button type="button" className="button quiet icon" onClick={toggle} aria-label={`Switch to the ${other} theme`}>
      <Icon name={theme === "dark" ? "sun" : "moon"} />
    </button>
  );
}

/** What all of this is read from, and what it is not. */
export function Footer(): ReactElement {
  const site = useSite();
  const { told } = useAnswer("now");
  const ledger = told?.answer.fund.ledger;
  return (
    <footer className="footer">
      <div>
        {site === undefined ? null : (
          <span>
            {site.chain}, vault <Address of={site.addresses.vault} />
          </span>
        )}
        {told === undefined || ledger === undefined ? null : (
          <span>
            Block {formatNumber(told.answer.fund.block, 0)}, {formatTime(told.answer.fund.time)}; ledger of{" "}
            {formatNumber(ledger.lines, 0)} lines, head <code title={ledger.head}>{shortHex(ledger.head)}</code>
          </span>
        )}
        <span>Not audited. Shares may lose all their value. Nothing here is advice.</span>
      </div>
    </footer>
  );
}
