// Turns a view that failed into words, so that the rest of the page goes on.
import { Component, type ReactNode } from "react";

import { wordsOfError } from "../errors.ts";

type State = { readonly error: unknown };

/** Shows what went wrong in what it surrounds. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override state: State = { error: undefined };

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <div className="notice bad" role="alert">
        <h2>This view could not be shown</h2>
        <p>{wordsOfError(this.state.error)} Load the page again; the other views may work.</p>
      </div>
    );
  }
}
