// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Everything that the fund puts on record: the events of the whole system, all from the vault's address.
/// @notice Every event that carries `sequence` and `head` is a line of the ledger. With `fields` the other arguments
/// in their order, head' = keccak256(abi.encode(head, chain id, vault, sequence, keccak256(abi.encode(topic 0,
/// fields)))), cut to its first 26 bytes. The first line has sequence 1 and follows a head of zero.
interface IVaultRecord {
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
    /// @notice The owner or the guardian changed what may be traded, or how. About a token, a pool, or everything (zero).
    /// Changes no holding, so that it is no line of the ledger.
    event TradingRuleSet(string rule, address indexed about, uint256 value, address indexed by);
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
        uint256[] assets,
        uint256[] partsPerMillion,
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
    /// @notice A rebalance ended without reaching its target. `outside` are the assets that were outside their band after
    /// its last batch.
    event RebalanceClosed(uint256 indexed id, string reason, uint8[] outside, uint256 sequence, bytes26 head);
    /// @notice Whoever carried out a part of an exit without a target got a part of what it brought.
    event RewardPaid(
        uint256 indexed id,
        address indexed receiver,
        uint8 asset,
        address indexed token,
        uint256 amount,
        uint256 sequence,
        bytes26 head
    );
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
    /// @notice All deposits up to an epoch became shares at one price. NAV and supply are those before; the swing {bps}
    /// was kept from what came in.
    event DepositsStruck(
        uint256 indexed epoch,
        uint256 assets,
        uint256 shares,
        uint256 nav,
        uint256 supply,
        uint256 swing,
        uint256 sequence,
        bytes26 head
    );
    /// @notice Redemptions up to an epoch became money set aside at one price. When the deposit coin was short these are
    /// the same part of each of them; the rest waits for the next strike. The swing {bps} was kept from their value.
    event RedemptionsStruck(
        uint256 indexed epoch,
        uint256 shares,
        uint256 assets,
        uint256 nav,
        uint256 supply,
        uint256 swing,
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

    /// @notice The management fee since the last accrual, as new shares, at a rate of {bps} a year. The supply is that before.
    event FeeAccrued(
        address indexed recipient,
        uint256 shares,
        uint256 rate,
        uint256 supply,
        uint256 sequence,
        bytes26 head
    );
    /// @notice The management fee is from now on this, in {bps} a year. Changes no holding: no line of the ledger.
    event FeesChanged(uint256 bull, uint256 bear, address indexed recipient);
    /// @notice Deposits are taken from now on up to this value D18{USD} of the fund. No line of the ledger.
    event DepositCapChanged(uint256 cap);
    /// @notice No deposit can be requested until then {s}. No line of the ledger.
    event DepositsPaused(address indexed guardian, uint256 until);
    /// @notice At a strike of redemptions the struck shares' part of what has no fresh price, or is in quarantine, left
    /// the books. It is credited to the redeemers, pro rata of what each has struck, when each is next touched.
    event RedeemedUnitsSetAside(
        uint256 indexed epoch,
        uint256 shares,
        uint8[] assets,
        address[] tokens,
        uint256[] amounts,
        uint256 sequence,
        bytes26 head
    );
    /// @notice A redeemer can take these units from now on, as what an in-kind exit could not deliver.
    event RedeemedUnitsCredited(
        address indexed controller,
        uint8[] assets,
        address[] tokens,
        uint256[] amounts,
        uint256 sequence,
        bytes26 head
    );
    /// @notice The fund cannot get rid of an asset: it is not bought, and redemptions get its units instead of its value.
    event AssetQuarantined(uint8 indexed asset, address indexed token, string reason, uint256 sequence, bytes26 head);
    /// @notice The asset is like any other again.
    event AssetReleased(uint8 indexed asset, address indexed token, string reason, uint256 sequence, bytes26 head);
    /// @notice The token was found to have less than the books say and what is owed; `left` stands in the books now.
    event BooksWrittenDown(
        uint8 indexed asset,
        address indexed token,
        uint256 booked,
        uint256 left,
        uint256 sequence,
        bytes26 head
    );
    /// @notice What the token had more joined the books.
    event SurplusSwept(uint8 indexed asset, address indexed token, uint256 amount, uint256 sequence, bytes26 head);
}
