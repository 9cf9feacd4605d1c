// Lists what can be said of a contract's code and of its sources.

/**
 * `match`: the same byte by byte, the hash of the sources at its end included, except for immutables, which the
 * constructor writes. `no-source`: there is nothing compiled to compare with. `no-code`: nothing is at the address.
 */
export const CODE_VERDICTS = ["match", "differs", "no-source", "no-code"] as const;
export type CodeVerdict = (typeof CODE_VERDICTS)[number];

/** Services that verify sources. */
export const SOURCE_SERVICES = ["sourcify", "etherscan", "blockscout"] as const;

/** Sourcify's kinds, `verified` of a service that tells none, and `refused`. */
export const SOURCE_MATCHES = ["exact_match", "match", "verified", "refused"] as const;
