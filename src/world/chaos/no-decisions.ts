// Turns every question for a decision into a refusal: chaos plays a rebalance that is published already.
import { AppError } from "../../core/errors.ts";
import type { DecisionSource } from "../../keeper/decisions.ts";

/** No week is decided while chaos lasts. */
class NoDecisionError extends AppError {
  readonly code = "NO_DECISION";
  readonly kind = "data";
  override readonly retryable = true;
}

/** A source that has no market data. */
export const NO_DECISIONS: DecisionSource = {
  weekly: () => Promise.reject(new NoDecisionError("Expected no week to be due, found one.")),
  bearCheck: () => Promise.reject(new NoDecisionError("Expected data of today, found none: chaos has no market data.")),
};
