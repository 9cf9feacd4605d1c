// Turns small texts into what this browser still knows at the next visit; a browser that stores nothing is fine too.

/** What was kept under a key. */
export function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(`tm100.${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a text, or forgets it. */
export function keep(key: string, text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(`tm100.${key}`);
    else localStorage.setItem(`tm100.${key}`, text);
  } catch {
    // Nothing is lost but the convenience.
  }
}
