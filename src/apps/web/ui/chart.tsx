// Turns the description of a chart into a drawing that follows the theme and the width of its place.
import type { EChartsCoreOption } from "echarts/core";
import { type ReactElement, useEffect, useRef, useState } from "react";

import { type Palette, readPalette } from "./palette.ts";

/** What is drawn, in the theme's colors. */
export type Drawing = (palette: Palette, isNarrow: boolean) => EChartsCoreOption;

/** {px} Below it a chart has no room for names at its lines. */
const NARROW = 560;

/** A chart. The words say what it shows to whoever does not see it; a table nearby should hold the figures. */
export function Chart(props: {
  readonly drawing: Drawing;
  readonly words: string;
  readonly className?: string;
}): ReactElement {
  const { drawing, words, className = "" } = props;
  const place = useRef<HTMLDivElement>(null);
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    return follow(element, drawing, () => {
      setDrawn(true);
    });
  }, [drawing]);
  return <div ref={place} className={`chart ${className}`} role="img" aria-label={words} data-drawn={isDrawn} />;
}

/** Draws, and again at another theme or width; gives back what ends it. */
function follow(element: HTMLElement, drawing: Drawing, onDrawn: () => void): () => void {
  let end: (() => void) | undefined;
  let isOver = false;
  void import("./echarts.ts").then(({ init }) => {
    if (isOver) return;
    const chart = init(element, null, { renderer: "canvas" });
    const draw = (): void => {
      chart.setOption({ ...BASE, ...drawing(readPalette(), element.clientWidth < NARROW) }, true);
      onDrawn();
    };
    const resized = new ResizeObserver(() => {
      chart.resize();
    });
    const themed = new MutationObserver(draw);
    resized.observe(element);
    themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    draw();
    end = () => {
      resized.disconnect();
      themed.disconnect();
      chart.dispose();
    };
  });
  return () => {
    isOver = true;
    end?.();
  };
}

const BASE: EChartsCoreOption = {
  animation: false,
  textStyle: { fontFamily: "system-ui, sans-serif" },
};
