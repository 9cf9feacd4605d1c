// Turns version strings into the answer whether a Node can run this checkout.

/** Hardhat 3 and type stripping without a flag need at least this. */
export const OLDEST_NODE = "22.18.0";

/** What the bootstrap brings when the running Node is older than {@link OLDEST_NODE}. */
export const BROUGHT_NODE = "24.21.0";

/**
 * Negative when `left` is older than `right`, 0 when both are the same, positive when it is newer.
 *
 * @param {string} left `22.18.0` or `v22.18.0`; what follows the third number does not count.
 * @param {string} right
 */
export function compareVersions(left, right) {
  const [a, b] = [versionNumbers(left), versionNumbers(right)];
  const differing = a.findIndex((part, index) => part !== b[index]);
  return differing === -1 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0);
}

/**
 * True when a Node of this version runs TypeScript without a flag, and Hardhat 3.
 *
 * @param {string} version
 */
export function fits(version) {
  return compareVersions(version, OLDEST_NODE) >= 0;
}

/**
 * @param {string} version
 * @returns {number[]} Always three.
 */
function versionNumbers(version) {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (match === null) throw new TypeError(`not a version: ${version}`);
  return match.slice(1).map(Number);
}
