// Turns the style sheet's colors of the present theme into those of a chart.

/** Colors by what they stand for. */
export type Palette = {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly accent: string;
  readonly bull: string;
  readonly bear: string;
  readonly loss: string;
  readonly link: string;
  readonly bullSoft: string;
  readonly bearSoft: string;
};

/** The colors as the page has them now. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: color("text"),
    muted: color("muted"),
    line: color("line"),
    surface: color("surface"),
    accent: color("accent"),
    bull: color("bull"),
    bear: color("bear"),
    loss: color("loss"),
    link: color("link"),
    bullSoft: color("bull-soft"),
    bearSoft: color("bear-soft"),
  };
}
