// Turns a gauge's history into a small line without axes.
import type { ReactElement } from "react";

const WIDTH = 100;
const HEIGHT = 30;

/** The last values, oldest first; gaps where there is none. */
export function Spark({
  values,
  words,
}: {
  readonly values: readonly (number | null)[];
  readonly words: string;
}): ReactElement {
  return (
    <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={words}>
      <path d={pathOf(values)} />
    </svg>
  );
}

function pathOf(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return "";
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const span = high - low || 1;
  let isOpen = false;
  let path = "";
  values.forEach((value, place) => {
    if (value === null) {
      isOpen = false;
      return;
    }
    const x = (place / (values.length - 1)) * WIDTH;
    const y = HEIGHT - 2 - ((value - low) / span) * (HEIGHT - 4);
    path += `${isOpen ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`;
    isOpen = true;
  });
  return path;
}
