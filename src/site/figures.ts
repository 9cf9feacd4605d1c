// Turns figures into what JSON can hold.

/** Figures as JSON has them: `null` where the definition divides by zero. */
export function figuresJson(figures: Readonly<Record<string, number>>): Record<string, number | null> {
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, orNull(value)]));
}

/** A number as JSON has it: `null` for what is not one. */
export function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
