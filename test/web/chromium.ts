// Says where Debian's Chromium is and how it is started without a screen.

/** The browser; `TM100_CHROMIUM` names another one. */
export const CHROMIUM = process.env["TM100_CHROMIUM"] ?? "/usr/bin/chromium";

export const CHROMIUM_FLAGS: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
];
