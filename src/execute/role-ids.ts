// Names the roles of the access manager.

/** Numbers of the roles in FundConstants.sol. */
export const ROLE_IDS = { keeper: 1n, guardian: 2n, signer: 3n } as const;
