// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IRebalancer} from "./IRebalancer.sol";
import {ITargetRegistry} from "./ITargetRegistry.sol";

/// @title Custody, books and shares of the fund, and its whole record.
/// @notice Every event that carries `sequence` and `head` is a line of the ledger. With `fields` the other arguments
/// in their order, head' = keccak256(abi.encode(head, chain id, vault, sequence, keccak256(abi.encode(topic 0,
/// fields)))), cut to its first 26 bytes. The first line has sequence 1 and follows a head of zero.
interface IIndexVault {
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
        uint64 id;
        uint32 position;
        uint8 sold;
        uint8 bought;
        address pool;
        uint128 amount; // {tok} of the asset sold
        uint128 minimum; // {tok} of the asset bought
        uint128 fair; // {tok} of the asset bought, at the oracle's prices
    }

    /// @notice The least that an in-kind exit must pay of an asset.
    struct Minimum {
        uint8 asset;
        uint256 amount; // {tok}
    }

    /// @notice An asset can be held and traded from now on.
    event AssetListed(
        uint8 indexed asset,
        address indexed token,
        string coinId,
        uint8 decimals,
        bool isStable,
        uint256 sequence,
        bytes26 head
    );
    /// @notice An asset is held no longer; its index is free. The unit that was left, if any, is out of the books.
    event AssetDelisted(uint8 indexed asset, address indexed token, uint256 left, uint256 sequence, bytes26 head);
    /// @notice The asset is bitcoin in one of its wrapped forms. Changes no holding, so that it is no line of the ledger.
    event BitcoinNamed(uint8 indexed asset, address indexed token);
    /// @notice A signed decision has become the pending target.
    event TargetPublished(
        uint256 indexed id,
        string regime,
        bytes32 decisionHash,
        bytes32 membershipRoot,
        uint256 twinLevel,
        uint256 validFrom,
        uint256 executableAt,
        uint256 validUntil,
        uint8[] assets,
        uint24[] partsPerMillion,
        uint256 sequence,
        bytes26 head
    );
    /// @notice A signed decision of a week in which the fund holds what it has.
    event LevelPublished(
        uint256 indexed week,
        string regime,
        bytes32 decisionHash,
        bytes32 membershipRoot,
        uint256 twinLevel,
        uint256 sequence,
        bytes26 head
    );
    /// @notice The guardian withdrew a pending target.
    event TargetVetoed(uint256 indexed id, address indexed guardian, uint256 sequence, bytes26 head);
    /// @notice The guardian agreed to the extra part of the exit budget.
    event ExitBudgetRaised(uint256 indexed id, address indexed guardian, uint256 sequence, bytes26 head);
    /// @notice A rebalance began. NAV and supply are those before any deposit is struck.
    event RebalanceStarted(
        uint256 indexed id,
        string regime,
        bytes32 decisionHash,
        bytes32 membershipRoot,
        uint256 nav,
        uint256 supply,
        uint256 sequence,
        bytes26 head
    );
    /// @notice One swap. `fair` is the output at the oracle's prices. Asset 255 is wrapped ether in transit.
    event LegExecuted(
        uint256 indexed id,
        uint256 position,
        uint8 soldAsset,
        uint8 boughtAsset,
        address indexed sold,
        address indexed bought,
        uint256 amountSold,
        uint256 amountBought,
        uint256 fair,
        uint256 minimum,
        address pool,
        uint256 sequence,
        bytes26 head
    );
    /// @notice A leg was left out, and the others went on.
    event LegSkipped(
        uint256 indexed id,
        uint256 position,
        address indexed sold,
        address indexed bought,
        string reason,
        uint256 sequence,
        bytes26 head
    );
    /// @notice A rebalance ended at its target. NAV and supply are those after the redemptions.
    event RebalanceFinished(
        uint256 indexed id,
        string regime,
        uint256 nav,
        uint256 supply,
        uint256 costBps,
        uint256 legs,
        uint256 skips,
        uint256 twinLevel,
        uint256 sequence,
        bytes26 head
    );
    /// @notice A rebalance ended without reaching its target.
    event RebalanceClosed(uint256 indexed id, string reason, uint256 sequence, bytes26 head);
    /// @notice The fund is back in the market. Between exit and re-entry the share went from one NAV to the other, costs
    /// included, and the twin that stayed in the market from one level to the other, without costs.
    event RoundTripCompleted(
        uint256 indexed exitId,
        uint256 indexed entryId,
        uint256 exitNavPerShare,
        uint256 entryNavPerShare,
        uint256 exitTwinLevel,
        uint256 entryTwinLevel,
        uint256 sequence,
        bytes26 head
    );
    /// @notice Money came in and waits for the strike.
    event DepositRequested(
        address indexed controller,
        address indexed owner,
        uint256 indexed epoch,
        uint256 assets,
        uint256 sequence,
        bytes26 head
    );
    /// @notice Shares were handed in and wait for the strike.
    event RedemptionRequested(
        address indexed controller,
        address indexed owner,
        uint256 indexed epoch,
        uint256 shares,
        uint256 sequence,
        bytes26 head
    );
    /// @notice A depositor took a request back before its epoch closed.
    event DepositCancelled(
        address indexed controller,
        address indexed receiver,
        uint256 indexed epoch,
        uint256 assets,
        uint256 sequence,
        bytes26 head
    );
    /// @notice A redeemer took a request back before its epoch closed.
    event RedemptionCancelled(
        address indexed controller,
        address indexed receiver,
        uint256 indexed epoch,
        uint256 shares,
        uint256 sequence,
        bytes26 head
    );
    /// @notice All deposits up to an epoch became shares at one price.
    event DepositsStruck(
        uint256 indexed epoch,
        uint256 assets,
        uint256 shares,
        uint256 nav,
        uint256 supply,
        uint256 sequence,
        bytes26 head
    );
    /// @notice Redemptions up to an epoch became money set aside at one price. When the deposit coin was short these are
    /// the same part of each of them; the rest waits for the next strike.
    event RedemptionsStruck(
        uint256 indexed epoch,
        uint256 shares,
        uint256 assets,
        uint256 nav,
        uint256 supply,
        uint256 sequence,
        bytes26 head
    );
    /// @notice A depositor took the shares.
    event DepositClaimed(
        address indexed controller,
        address indexed receiver,
        uint256 assets,
        uint256 shares,
        uint256 sequence,
        bytes26 head
    );
    /// @notice A redeemer took the money.
    event RedemptionClaimed(
        address indexed controller,
        address indexed receiver,
        uint256 shares,
        uint256 assets,
        uint256 sequence,
        bytes26 head
    );
    /// @notice Shares were exchanged for their part of every holding. What was not delivered stays claimable.
    event RedeemedInKind(
        address indexed owner,
        address indexed receiver,
        uint256 shares,
        uint8[] assets,
        address[] tokens,
        uint256[] amounts,
        bool[] delivered,
        uint256 sequence,
        bytes26 head
    );
    /// @notice A part of an in-kind exit that could not be delivered before was taken.
    event InKindClaimed(
        address indexed owner,
        address indexed receiver,
        address indexed token,
        uint256 amount,
        uint256 sequence,
        bytes26 head
    );

    /// @notice Only the rebalancer moves money into trades and strikes.
    error OnlyRebalancer(address caller);
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

    /// @notice Lists a token and gives it the lowest free index. Once anybody's money is in the fund it is young.
    function listAsset(address token, string calldata coinId, bool isStable) external returns (uint8 asset);

    /// @notice Frees the index of an asset of which at most one unit is held, and its price source with it.
    function delistAsset(uint8 asset) external;

    /// @notice Says that an asset is bitcoin, which may weigh more than any other.
    function nameBitcoin(uint8 asset) external;

    /// @notice Ends the youth of an asset that was listed 30 days ago. Anyone may call.
    function mature(uint8 asset) external;

    /// @notice Swaps during a leg. The money leaves only against at least the minimum.
    /// @return bought {tok} of the asset bought.
    function swap(Order calldata order) external returns (uint256 bought);

    /// @notice Pays the pool of the running leg. The venue calls this from the pool's callback.
    function payPool(address pool, uint256 amount) external;

    /// @notice Turns all due deposits into shares at this value.
    /// @param nav D18{USD} before the deposits.
    /// @param price D18{USD/wholeTok} of the deposit coin.
    /// @return assets {tok} that joined the holdings.
    function strikeDeposits(uint256 nav, uint256 price) external returns (uint256 assets);

    /// @notice Turns due redemptions into money set aside at this value: all of them, or of all the same part as far as
    /// the deposit coin on hand reaches.
    /// @param nav D18{USD} before the redemptions.
    /// @param price D18{USD/wholeTok} of the deposit coin.
    /// @return assets {tok} that left the holdings.
    function strikeRedemptions(uint256 nav, uint256 price) external returns (uint256 assets);

    /// @notice As `strikeRedemptions`, but reverts when the deposit coin on hand does not pay all of them.
    function strikeAllRedemptions(uint256 nav, uint256 price) external returns (uint256 assets);

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
    function recordClose(uint64 id, string calldata reason) external;

    /// @notice Takes a deposit request back until its week ends or its epoch closes, and returns the coins at once. The
    /// name is that of ERC-7887, whose interface this is not: there a second call hands out.
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

    /// @notice Takes what an in-kind exit could not deliver.
    function claimInKind(uint8 asset, address receiver) external;

    /// @notice One transfer of an exit. Only the vault calls it, with a fixed allowance of gas.
    /// @return True when the token moved.
    function sendOut(address token, address receiver, uint256 amount) external returns (bool);

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

    /// @return {tok} Books of all assets in a set, at the asset's index.
    function balances(uint256 assets) external view returns (uint256[256] memory);

    /// @return {share} Handed in by the close of the last epoch and not struck.
    function sharesDue() external view returns (uint256);

    /// @return {tok} Of the deposit coin, waiting to be struck.
    function depositsPending() external view returns (uint256);

    /// @return {tok} Of the deposit coin, set aside for redemptions.
    function setAside() external view returns (uint256);

    /// @return {tok} What an account can still take of an asset after an in-kind exit.
    function inKindClaimable(address owner, uint8 asset) external view returns (uint256);

    /// @return D18{USD} Value of all holdings. Reverts when one of them has no fresh price.
    function nav() external view returns (uint256);
}
