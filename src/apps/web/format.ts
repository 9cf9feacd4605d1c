// Turns decimal strings, shares and times into what a person reads. Nothing computed here is ever traded.

const NUMBERS = new Map<number, Intl.NumberFormat>();

/** A number with thousands apart and so many decimals. */
export function formatNumber(value: number, decimals: number): string {
  let format = NUMBERS.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    NUMBERS.set(decimals, format);
  }
  return format.format(value).replace(/^-(0(?:\.0*)?)$/, "$1");
}

/** The float next to a decimal string, for showing alone. */
export function floatOf(text: string): number {
  return Number.parseFloat(text);
}

/** `1,048,632.15 USD`, or without cents when there are many thousands. */
export function formatUsd(text: string | number, decimals?: number): string {
  const value = typeof text === "number" ? text : floatOf(text);
  return `${formatNumber(value, decimals ?? (Math.abs(value) >= 100_000 ? 0 : 2))} USD`;
}

/** A price: four decimals above a cent, five significant digits below it. */
export function formatPrice(text: string | number): string {
  const value = typeof text === "number" ? text : floatOf(text);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1000) return formatNumber(value, 2);
  if (size >= 0.01) return formatNumber(value, 4);
  return value
    .toPrecision(4)
    .replace(/e-(\d+)$/, " × 10⁻$1")
    .replace(/⁻(\d+)$/, (_, digits: string) => raised(digits));
}

/** An amount with about seven digits. */
export function formatAmount(text: string | number): string {
  const value = typeof text === "number" ? text : floatOf(text);
  const whole = Math.floor(Math.log10(Math.max(1, Math.abs(value)))) + 1;
  if (value !== 0 && Math.abs(value) < 1e-5) return value.toExponential(2);
  const [kept = "", decimals = ""] = formatNumber(value, Math.max(2, 7 - whole)).split(".");
  return `${kept}.${decimals.replace(/0+$/, "").padEnd(2, "0")}`;
}

/** A share of one as percent; with a sign when it is a change. */
export function formatPercent(share: number, decimals = 2): string {
  return `${formatNumber(share * 100, decimals)} %`;
}

/** `+1.20 %`: a change. */
export function formatChange(share: number, decimals = 2): string {
  return `${share > 0 ? "+" : ""}${formatPercent(share, decimals)}`.replace("-", "−");
}

/** Parts per million as percent. */
export function formatPpm(ppm: number): string {
  return formatPercent(ppm / 1_000_000);
}

/** `30 bps (0.30 %)`. */
export function formatBps(bps: number): string {
  return `${formatNumber(bps, 0)} bps (${formatNumber(bps / 100, 2)} %)`;
}

/** `2023-01-23 12:00 UTC` of a time in seconds, or of a text such as `2023-01-23T12:00:00Z`. */
export function formatTime(time: number | string): string {
  return `${isoOf(time).slice(0, 16).replace("T", " ")} UTC`;
}

/** `2023-01-23`. */
export function formatDate(time: number | string): string {
  return isoOf(time).slice(0, 10);
}

/** {s} Of a text such as `2023-01-23T12:00:00Z`. */
export function secondsOf(time: string): number {
  return Date.parse(time) / 1000;
}

/** `3 d 4 h`, `4 h 12 min` or `12 min`: a span of seconds, or "now" when it is over. */
export function formatSpan(seconds: number): string {
  if (seconds <= 0) return "now";
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min` : "less than a minute";
}

/** `0x1234…abcd`. */
export function shortHex(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`;
}

/** The first letter large. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function isoOf(time: number | string): string {
  return new Date(typeof time === "number" ? time * 1000 : time).toISOString();
}

function raised(digits: string): string {
  return `⁻${digits.replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(digit)))}`;
}
