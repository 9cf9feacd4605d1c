// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IRebalancer} from "./IRebalancer.sol";
import {IVaultRecord} from "./IVaultRecord.sol";
import {IVenue} from "./IVenue.sol";
import {ITargetRegistry} from "./ITargetRegistry.sol";

/// @title Custody, books and shares of the fund, and its whole record.
interface IIndexVault is IVaultRecord {
    /// @notice The way out of the market and back.
    struct RoundTrip {
        uint64 exitId;
        uint64 entryId;
        uint256 exitNavPerShare; // D18{USD/share} before the cost of the exit
        uint256 entryNavPerShare; // D18{USD/share} after the cost of the return
        uint256 exitTwinLevel; // D18{1}
        uint256 entryTwinLevel; // D18{1}
    }

    /// @notice A listed asset.
    struct Asset {
        address token;
        uint8 decimals;
        bool isStable;
        uint40 listedAt; // {s}
    }

    /// @notice One swap that the rebalancer orders.
    struct Order {
        uint256 id;
        uint256 position;
        uint8 sold;
        uint8 bought;
        address pool;
        uint256 amount; // {tok} of the asset sold
        uint256 minimum; // {tok} of the asset bought
        uint256 fair; // {tok} of the asset bought, at the oracle's prices
        IVenue.Terms terms;
    }

    /// @notice The least that an in-kind exit must pay of an asset.
    struct Minimum {
        uint8 asset;
        uint256 amount; // {tok}
    }

    /// @notice What a depositor should know before a request.
    struct Conditions {
        uint256 depositSwing; // {bps} of the epoch that a deposit request would join now
        uint256 redemptionSwing; // {bps} the same for a redemption request
        uint256 bullFee; // {bps} a year
        uint256 bearFee; // {bps} a year
        uint256 accruedAt; // {s} when the rates were set or the fee was last accrued
        address recipient; // of the fee
        uint256 depositCap; // D18{USD}; 2^96 - 1 is none
        uint256 lastNav; // D18{USD} at the last start, finish or strike
        uint256 pausedUntil; // {s} deposits are paused before it
    }

    /// @notice Only the rebalancer moves money into trades and strikes.
    error OnlyRebalancer(address caller);
    /// @notice Only the venue records what was changed about trading.
    error OnlyVenue(address caller);
    /// @notice Only the registry records targets.
    error OnlyRegistry(address caller);
    /// @notice Only the venue may ask for payment, and only during a leg.
    error PaymentNotExpected(address caller, uint256 amount);
    /// @notice Rebalancer, registry or venue belong to another vault.
    error PartOfOtherVault(address part);
    /// @notice No room for another asset.
    error AssetListFull();
    /// @notice The token is listed already.
    error TokenAlreadyListed(address token);
    /// @notice The token's decimals are outside what the books can hold.
    error DecimalsOutOfRange(address token, uint8 decimals);
    /// @notice The vault must have units of a token before it is listed, for a trial. All in {tok}.
    error ProbeUnitsMissing(address token, uint256 found, uint256 needed);
    /// @notice A trial transfer left another balance than it must: the token takes a fee, or rounds. All in {tok}.
    error TransferInexact(address token, uint256 expected, uint256 found);
    /// @notice The token answers a question that only tokens answer whose balances change by themselves.
    error TokenRebases(address token, bytes4 question);
    /// @notice There is no such asset.
    error AssetNotListed(uint8 asset);
    /// @notice The asset is not young, or was listed less than 30 days ago.
    error AssetStillYoung(uint8 asset, uint256 maturesAt);
    /// @notice The asset is still held or claimed, or belongs to the frame of the fund.
    error AssetInUse(uint8 asset);
    /// @notice A leg cannot sell more than is held, and leaves one unit.
    error HoldingTooSmall(uint8 asset, uint256 amount, uint256 held);
    /// @notice The pool did not take the whole amount.
    error PartlyFilled(uint256 amount, uint256 left);
    /// @notice The swap brought less than the minimum.
    error OutputBelowMinimum(uint256 output, uint256 minimum);
    /// @notice Shares that are worth nothing cannot price a deposit.
    error SharesWithoutValue(uint256 supply);
    /// @notice Outside its peg band the deposit coin is not taken at once.
    error DepositCoinOffPeg(uint256 price);
    /// @notice A rate, a cap or a duration is outside what this function may set.
    error TermOutOfRange(uint256 value, uint256 lowest, uint256 highest);
    /// @notice A fee needs somebody to get it.
    error FeeRecipientMissing();
    /// @notice No deposits are taken until then.
    error DepositsArePaused(uint256 until);
    /// @notice A pause does not follow another at once.
    error PauseTooSoon(uint256 from);
    /// @notice The fund with all pending deposits would be above the cap.
    error DepositCapReached(uint256 value, uint256 cap);
    /// @notice The deposit coin on hand does not pay what was redeemed.
    error CashShort(uint256 owed, uint256 available);
    /// @notice Only owner or operator may act.
    error NotOwnerOrOperator(address caller, address owner);
    /// @notice A request of zero.
    error RequestEmpty();
    /// @notice Less than one whole deposit coin, or less than one whole share and not all that the owner has.
    error RequestBelowMinimum(uint256 amount, uint256 minimum);
    /// @notice The account has no request in that epoch, or the epoch has closed or its week has ended.
    error RequestNotCancellable(uint256 epoch);
    /// @notice More than is claimable.
    error AboveClaimable(uint256 amount, uint256 claimable);
    /// @notice Previews do not exist in an asynchronous vault (ERC-7540).
    error PreviewNotSupported();
    /// @notice The part of an asset is less than the caller demanded.
    error InKindBelowMinimum(uint8 asset, uint256 amount, uint256 minimum);
    /// @notice Too little gas for the next transfer; repeat with more.
    error GasShort(uint256 left);
    /// @notice Only the vault itself sends, so that a failing token stops only its own transfer.
    error OnlySelf(address caller);
    /// @notice Nothing is waiting for this account.
    error NothingToClaim(address owner, uint8 asset);
    /// @notice The token still refuses to move.
    error TransferStillFails(address token);

    /// @notice The token has all that the books say and what is owed, or nothing of the asset is booked.
    error NothingToWriteDown(uint8 asset, uint256 found, uint256 expected);
    /// @notice The token has no more than the books say and what is owed.
    error NothingToSweep(uint8 asset, uint256 found, uint256 expected);
    /// @notice Requests are due, or the asset is not held.
    error SweepNotNow(uint8 asset);
    /// @notice Not a failure: how an attempt to move a token says that it succeeded, and undoes it.
    error TokenMoves();

    /// @notice Lists a token and gives it the lowest free index. Once anybody's money is in the fund it is young.
    /// Some units of it, which {TokenProbe} moves for a trial, must have been sent to the vault; they stay outside the
    /// books.
    function listAsset(address token, string calldata coinId, bool isStable) external returns (uint8 asset);

    /// @notice Frees the index of an asset of which at most one unit is held, and its price source with it.
    function delistAsset(uint8 asset) external;

    /// @notice Says that an asset is bitcoin, which may weigh more than any other.
    function nameBitcoin(uint8 asset) external;

    /// @notice Ends the youth of an asset that was listed 30 days ago. Anyone may call.
    function mature(uint8 asset) external;

    /// @notice Raises the rates {bps} of the management fee, or keeps them, and names who gets it. At most 200 a year in
    /// bull and 50 in bear, and in bear no more than in bull.
    function raiseFees(uint16 bull, uint16 bear, address recipient) external;

    /// @notice Lowers the rates {bps} of the management fee. Guardian or owner may.
    function lowerFees(uint16 bull, uint16 bear) external;

    /// @notice Raises the value D18{USD} up to which deposits are taken; 2^96 - 1 is no limit.
    function raiseDepositCap(uint256 cap) external;

    /// @notice Lowers the value D18{USD} up to which deposits are taken; zero takes none. Guardian or owner may.
    function lowerDepositCap(uint256 cap) external;

    /// @notice Takes no deposit requests for a time {s} of at most 7 days, and not again within 7 days after it. The
    /// guardian may; nobody ends it sooner. Claims, redemptions, cancellations and exits in kind go on.
    function pauseDeposits(uint256 duration) external;

    /// @notice Swaps during a leg. The money leaves only against at least the minimum.
    /// @return bought {tok} of the asset bought.
    function swapOrder(Order calldata order) external returns (uint256 bought);

    /// @notice Pays the pool of the running leg. The venue calls this from the pool's callback.
    function payLeg(address pool, uint256 amount) external;

    /// @notice Turns all due deposits into shares at this value.
    /// @param nav D18{USD} before the deposits.
    /// @param price D18{USD/wholeTok} of the deposit coin. Off its peg, zero too, they stay due and may be taken back.
    /// @return assets {tok} that joined the holdings.
    function strikeDeposits(uint256 nav, uint256 price) external returns (uint256 assets);

    /// @notice Turns due redemptions into money set aside at this value: all of them, or of all the same part as far as
    /// the deposit coin on hand reaches.
    /// @param nav D18{USD} before the redemptions.
    /// @param price D18{USD/wholeTok} of the deposit coin.
    /// @param inKind One bit an asset that the NAV leaves out: redemptions get their part of its units.
    /// @return assets {tok} that left the holdings.
    function strikeRedemptions(uint256 nav, uint256 price, uint256 inKind) external returns (uint256 assets);

    /// @notice As `strikeRedemptions`, but reverts when the deposit coin on hand does not pay all of them.
    function strikeAllRedemptions(uint256 nav, uint256 price, uint256 inKind) external returns (uint256 assets);

    /// @notice Closes the open epoch of both queues if its week has ended.
    function closeEpochsOfPastWeeks() external;

    /// @notice Closes the open epoch of both queues now.
    function closeEpochsNow() external;

    /// @notice Records; see `TargetPublished`.
    function recordTarget(
        IRebalancer.Target calldata target,
        IRebalancer.Weights calldata weights,
        uint64 executableAt
    ) external;

    /// @notice Records; see `LevelPublished`.
    function recordLevel(ITargetRegistry.Level calldata level) external;

    /// @notice Pays the reward of an exit without a target; see `RewardPaid`.
    function payReward(uint64 id, uint8 asset, uint256 amount, address receiver) external;

    /// @notice Records; see `RoundTripCompleted`.
    function recordRoundTrip(RoundTrip calldata trip) external;

    /// @notice Records; see `TargetVetoed`.
    function recordVeto(uint64 id, address guardian) external;

    /// @notice Records; see `ExitBudgetRaised`.
    function recordExitBudget(uint64 id, address guardian) external;

    /// @notice Records; see `RebalanceStarted`.
    function recordStart(IRebalancer.Target calldata target, uint256 nav) external;

    /// @notice Records; see `LegSkipped`.
    function recordSkip(uint64 id, uint32 position, uint8 sold, uint8 bought, string calldata reason) external;

    /// @notice Records; see `RebalanceFinished`.
    /// @param nav D18{USD} after the redemptions.
    /// @param costBps {bps} of the NAV at the start, rounded up.
    function recordFinish(
        IRebalancer.Target calldata target,
        uint256 nav,
        uint256 costBps,
        uint256 legs,
        uint256 skips
    ) external;

    /// @notice Records; see `RebalanceClosed`.
    /// @param outside One bit an asset.
    function recordClose(uint64 id, string calldata reason, uint256 outside) external;

    /// @notice Records; see `TradingRuleSet`. For the venue.
    function recordRule(string calldata rule, address about, uint256 value, address by) external;

    /// @notice Takes a deposit request back until its week ends or its epoch closes, and returns the coins at once. When
    /// a start passed it by, because the deposit coin was off its peg or too little of the fund had a price, it may be
    /// taken back again until it is struck. The name is that of ERC-7887, whose interface this is not: there a second
    /// call hands out.
    /// @return assets {tok} that `receiver` got.
    function cancelDepositRequest(
        uint256 requestId,
        address controller,
        address receiver
    ) external returns (uint256 assets);

    /// @notice Takes a redemption request back until its week ends or its epoch closes, and returns the shares at once.
    /// @return shares {share} that `receiver` got.
    function cancelRedeemRequest(
        uint256 requestId,
        address controller,
        address receiver
    ) external returns (uint256 shares);

    /// @notice Leaves with a part of every holding, in any state of the fund, whatever the oracle says.
    /// @param skipped Assets that the caller does not want; their part is left to the others.
    /// @param minimums What the caller must get at least.
    function redeemInKind(
        uint256 shares,
        address receiver,
        address owner,
        uint8[] calldata skipped,
        Minimum[] calldata minimums
    ) external;

    /// @notice Credits an account the units of its redemptions that strikes could not price. Requests and claims of the
    /// account do the same; anyone may call.
    function creditInKind(address controller) external;

    /// @notice Lowers the books of an asset whose token has less than they say and what is owed. Anyone may call.
    function writeDown(uint8 asset) external;

    /// @notice Adds to the books what the token has more; see `IRebalancer.sweep`.
    function sweep(uint8 asset) external;

    /// @notice Tries to move one unit of an asset, and undoes it.
    function canMove(uint8 asset) external returns (bool);

    /// @notice Moves one unit and reverts with `TokenMoves`; reverts with anything else when it does not move. Only the
    /// vault calls it, with a fixed allowance of gas.
    function tryToSend(address token, address receiver) external;

    /// @notice Records; see `AssetQuarantined` and `AssetReleased`.
    function recordQuarantine(uint8 asset, bool isQuarantined, string calldata reason) external;

    /// @notice Takes what an in-kind exit could not deliver, and units of redemptions.
    function claimInKind(uint8 asset, address receiver) external;

    /// @return Where the vault trades.
    function VENUE() external view returns (IVenue);

    /// @notice One transfer of an exit. Only the vault calls it, with a fixed allowance of gas.
    /// @return True when the token moved.
    function sendOut(address token, address receiver, uint256 amount) external returns (bool);

    /// @return The contract that trades and strikes.
    function REBALANCER() external view returns (IRebalancer);

    /// @return Number of the last line of the ledger, and the head after it.
    function ledger() external view returns (uint256, bytes26);

    /// @return The asset at an index; its token is zero when there is none.
    function assetAt(uint8 index) external view returns (Asset memory);

    /// @return The index of a token. Reverts when it is not listed.
    function indexOf(address token) external view returns (uint8);

    /// @return One bit a listed asset.
    function listedSet() external view returns (uint256);

    /// @return One bit an asset of which more than one unit is held.
    function heldSet() external view returns (uint256);

    /// @return One bit a listed stablecoin.
    function stableSet() external view returns (uint256);

    /// @return One bit an asset each: listed, stablecoins, listed lately, bitcoin in its wrapped forms.
    function tiers() external view returns (uint256, uint256, uint256, uint256);

    /// @return {tok} Books of all assets in a set, in the order of the indexes.
    function balances(uint256 assets) external view returns (uint256[] memory);

    /// @return {share} Handed in by the close of the last epoch and not struck.
    function sharesDue() external view returns (uint256);

    /// @return {tok} Of the deposit coin, waiting to be struck.
    function depositsPending() external view returns (uint256);

    /// @return {tok} Of the deposit coin, set aside for redemptions.
    function setAside() external view returns (uint256);

    /// @return {tok} What an account can still take of an asset after an in-kind exit, and of units credited to it.
    function inKindClaimable(address owner, uint8 asset) external view returns (uint256);

    /// @return What a depositor should know before a request.
    function conditions() external view returns (Conditions memory);

    /// @return {bps} Of all deposits together that a start in that week would strike.
    function swingDue(uint256 week) external view returns (uint256);

    /// @return D18{USD} Value of all holdings. Reverts when one of them has no fresh price.
    function nav() external view returns (uint256);
}
