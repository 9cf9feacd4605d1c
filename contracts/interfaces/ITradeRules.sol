// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title What the owner and the guardian may change about trading. No exit is touched by any of it.
/// @notice Each power that is used is a `TradingRuleSet` of the vault.
interface ITradeRules {
    /// @notice A price limit can only be raised, up to the highest. All in {bps}.
    error LimitNotRaised(uint16 newLimit, uint16 limit, uint16 highest);
    /// @notice A price limit can only be lowered, down to the lowest with which trades still happen. All in {bps}.
    error LimitNotLowered(uint16 newLimit, uint16 limit, uint16 lowest);
    /// @notice A pause ends in the future, and after seven days at the latest. Both in {s}.
    error PauseTooLong(uint64 until, uint64 longest);
    /// @notice Between the end of one pause and the next there are seven days. In {s}.
    error PauseTooSoon(uint64 possibleFrom);
    /// @notice The asset is closed for buying already, or not closed.
    error AssetClosedAlready(uint8 asset, bool isClosed);

    /// @notice Lets the legs of an asset go further from the reference. For the owner, with the manager's delay.
    /// @param newLimit {bps} at most 500.
    function raiseLimit(uint8 asset, uint16 newLimit) external;

    /// @notice Keeps the legs of an asset nearer to the reference. For the guardian.
    /// @param newLimit {bps} at least 150.
    function lowerLimit(uint8 asset, uint16 newLimit) external;

    /// @notice Stops all buying for some days. For the guardian; not again within seven days of its end, which nobody
    /// brings forward.
    /// @param until {s}
    function pauseBuying(uint64 until) external;

    /// @notice Stops the buying of one asset until the owner reopens it. For the guardian.
    function closeAsset(uint8 asset) external;

    /// @notice Lets an asset be bought again. For the owner.
    function reopenAsset(uint8 asset) external;

    /// @notice Forgets what was set for an asset that is delisted. For the vault.
    function forgetRules(uint8 asset) external;

    /// @return {bps} How far below the reference a leg of the asset may be.
    function priceLimit(uint8 asset) external view returns (uint16);

    /// @return One bit an asset that is closed for buying.
    function closedSet() external view returns (uint256);

    /// @notice What a batch must know.
    /// @return closed One bit an asset that must not be bought now: all of them during a pause.
    /// @return limited One bit an asset whose price limit is not the ordinary one of 300 {bps}.
    function rules() external view returns (uint256 closed, uint256 limited);

    /// @return {s} Until when nothing is bought; in the past when buying is not paused.
    function buyingPausedUntil() external view returns (uint64);
}
