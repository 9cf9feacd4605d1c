// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IPriceOracle} from "./interfaces/IPriceOracle.sol";
import {IRebalancer} from "./interfaces/IRebalancer.sol";
import {ITargetRegistry} from "./interfaces/ITargetRegistry.sol";
import {IVenue} from "./interfaces/IVenue.sol";
import {AssetSet} from "./libraries/AssetSet.sol";
import {CASH, ETHER, TRANSIT} from "./libraries/FundConstants.sol";
import {LedgerHead} from "./libraries/LedgerHead.sol";
import {TokenProbe} from "./libraries/TokenProbe.sol";
import {Valuation} from "./libraries/Valuation.sol";
import {Custody} from "./vault/Custody.sol";
import {InKind} from "./vault/InKind.sol";
import {Listings} from "./vault/Listings.sol";
import {Record} from "./vault/Record.sol";
import {RequestBook} from "./vault/RequestBook.sol";
import {Requests} from "./vault/Requests.sol";
import {Terms} from "./vault/Terms.sol";

/// @title Custody, books and shares of TM Global 100, and its whole record.
/// @dev VALUE holdings are what the books say; donations are outside. NAV counts neither pending nor set-aside money.
/// REBALANCE only the rebalancer trades and strikes; it can move a holding only into another listed asset, through the
/// venue, against a minimum that the vault checks itself.
/// TOKENS may return nothing, may freeze and may call back; those with a fee on transfer, or that rebase, are refused at
/// listing as far as a trial shows it. The deposit coin and wrapped ether, listed at creation, are not tried.
/// ROLES the admin lists and delists; nobody takes a token out.
/// LIVENESS in-kind exits and claims of struck requests ask no oracle, no role and no pause.
contract IndexVault is InKind, AccessManaged {
    using AssetSet for uint256;
    using LedgerHead for LedgerHead.State;
    using Custody for Listings.Books;
    using Listings for Listings.Books;
    using Record for LedgerHead.State;
    using SafeERC20 for IERC20;
    using Terms for Terms.State;

    /// @inheritdoc IIndexVault
    IRebalancer public immutable REBALANCER;
    ITargetRegistry public immutable REGISTRY;
    IPriceOracle public immutable ORACLE;
    /// @inheritdoc IIndexVault
    IVenue public immutable VENUE;

    /// @dev What the venue may still pay in the running leg: nothing outside one. An address in a word of its own is
    /// written without being read.
    uint256 private transient _payable;
    uint256 private transient _payableAmount; // {tok}

    modifier onlyRebalancer() {
        require(msg.sender == address(REBALANCER), OnlyRebalancer(msg.sender));
        _;
    }

    modifier onlyRegistry() {
        require(msg.sender == address(REGISTRY), OnlyRegistry(msg.sender));
        _;
    }

    /// @param coin The deposit coin; becomes asset 0.
    /// @param weth Wrapped ether; becomes asset 1.
    constructor(
        address authority,
        IERC20Metadata coin,
        address weth,
        IRebalancer rebalancer,
        IPriceOracle oracle,
        IVenue venue
    ) Requests(address(coin), coin.decimals()) AccessManaged(authority) {
        require(venue.vault() == address(this), PartOfOtherVault(address(venue)));
        // The rebalancer works for the vault of its registry.
        ITargetRegistry registry = rebalancer.registry();
        bool isOurs = registry.vault() == address(this) && registry.rebalancer() == address(rebalancer);
        require(isOurs, PartOfOtherVault(address(registry)));
        (REBALANCER, REGISTRY, ORACLE, VENUE) = (rebalancer, registry, oracle, venue);
        _books.list(_ledger, address(coin), "usd-coin", true);
        _books.list(_ledger, weth, "ethereum", false);
    }

    /* VIEWS */

    /// @inheritdoc IIndexVault
    function nav() public view returns (uint256) {
        return Valuation.netAssetValue(this, ORACLE);
    }

    /// @notice {tok} Value of all holdings in the deposit coin (ERC-7575).
    function totalAssets() public view returns (uint256) {
        (uint256[256] memory price, uint256[256] memory unit) = ORACLE.prices(1 << CASH);
        require(price[CASH] != 0, IRebalancer.PriceMissing(CASH));
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
        return Math.mulDiv(nav(), unit[CASH], price[CASH]);
    }

    /// @notice {share} that `assets` {tok} would be at the present NAV, without any cost.
    function convertToShares(uint256 assets) external view returns (uint256) {
        uint256 supply = totalSupply();
        if (supply < RequestBook.DUST_SUPPLY) return assets * 10 ** (decimals() - assetAt(CASH).decimals);
        return Math.mulDiv(assets, supply, totalAssets());
    }

    /// @notice {tok} that `shares` {share} are at the present NAV, without any cost.
    function convertToAssets(uint256 shares) external view returns (uint256) {
        uint256 supply = totalSupply();
        return supply == 0 ? 0 : Math.mulDiv(shares, totalAssets(), supply);
    }

    /* ADMIN */

    /// @inheritdoc IIndexVault
    function listAsset(
        address token,
        string calldata coinId,
        bool isStable
    ) external restricted nonReentrant returns (uint8 asset) {
        asset = _books.list(_ledger, token, coinId, isStable);
        // What is listed before anybody's money is in the fund, every depositor could look at.
        if (totalSupply() != 0 || depositsPending() != 0) _books.young = _books.young.with(asset);
        TokenProbe.requirePlain(token);
    }

    /// @inheritdoc IIndexVault
    function nameBitcoin(uint8 asset) external restricted {
        _books.nameBitcoin(asset);
    }

    /// @inheritdoc IIndexVault
    function delistAsset(uint8 index) external restricted {
        _requireUnclaimed(index);
        _books.delist(_ledger, index);
        ORACLE.forget(index);
        VENUE.forgetRules(index);
        REBALANCER.forget(index);
    }

    /// @inheritdoc IIndexVault
    function raiseFees(uint16 bull, uint16 bear, address recipient) external restricted {
        _accrueFee();
        _terms.raiseFees(bull, bear, recipient);
    }

    /// @inheritdoc IIndexVault
    function raiseDepositCap(uint256 cap) external restricted {
        _terms.raiseCap(cap);
    }

    /* GUARDIAN OR OWNER */

    /// @inheritdoc IIndexVault
    function lowerFees(uint16 bull, uint16 bear) external {
        _accrueFee();
        _terms.lowerFees(authority(), bull, bear);
    }

    /// @inheritdoc IIndexVault
    function lowerDepositCap(uint256 cap) external {
        _terms.lowerCap(authority(), cap);
    }

    /// @inheritdoc IIndexVault
    function pauseDeposits(uint256 duration) external {
        _terms.pause(authority(), duration);
    }

    /* ANYONE */

    /// @inheritdoc IIndexVault
    function mature(uint8 asset) external {
        _books.mature(asset);
    }

    /* REBALANCER */

    /// @inheritdoc IIndexVault
    function swapOrder(Order memory order) external onlyRebalancer nonReentrant returns (uint256 bought) {
        uint256 held = _books.balanceOf(order.sold);
        require(order.amount < held, HoldingTooSmall(order.sold, order.amount, held));
        address sold = _books.tokenOf(order.sold);
        address bought_ = _books.tokenOf(order.bought);
        uint256 before = IERC20(bought_).balanceOf(address(this));

        (_payable, _payableAmount) = (uint160(sold), order.amount);
        VENUE.swapExact(order.pool, sold, bought_, order.amount, order.terms);
        uint256 left = _payableAmount;
        require(left == 0, PartlyFilled(order.amount, left));

        bought = IERC20(bought_).balanceOf(address(this)) - before;
        require(bought >= order.minimum, OutputBelowMinimum(bought, order.minimum));
        _books.setBalance(order.sold, held - order.amount);
        _books.setBalance(order.bought, _books.balanceOf(order.bought) + bought);
        _recordLeg(order, sold, bought_, bought);
    }

    /// @inheritdoc IIndexVault
    function payLeg(address pool, uint256 amount) external {
        uint256 left = _payableAmount;
        bool isExpected = msg.sender == address(VENUE) && left != 0 && amount <= left;
        require(isExpected, PaymentNotExpected(msg.sender, amount));
        _payableAmount = left - amount;
        // Safe because it was written as an address.
        IERC20(address(uint160(_payable))).safeTransfer(pool, amount);
    }

    /// @inheritdoc IIndexVault
    function strikeDeposits(uint256 navNow, uint256 price) external onlyRebalancer nonReentrant returns (uint256) {
        return _strikeDeposits(navNow, price);
    }

    /// @inheritdoc IIndexVault
    function strikeRedemptions(
        uint256 navNow,
        uint256 price,
        uint256 inKind
    ) external onlyRebalancer nonReentrant returns (uint256) {
        return _strikeRedemptions(navNow, price, inKind);
    }

    /// @inheritdoc IIndexVault
    function strikeAllRedemptions(
        uint256 navNow,
        uint256 price,
        uint256 inKind
    ) external onlyRebalancer nonReentrant returns (uint256) {
        return _strikeAllRedemptions(navNow, price, inKind);
    }

    /// @inheritdoc IIndexVault
    function sweep(uint8 asset) external onlyRebalancer nonReentrant {
        _books.sweep(_requests, _claims, _ledger, asset);
    }

    /// @inheritdoc IIndexVault
    function canMove(uint8 asset) external onlyRebalancer nonReentrant returns (bool) {
        return _books.canMove(asset, address(REBALANCER));
    }

    /// @inheritdoc IIndexVault
    function payReward(uint64 id, uint8 asset, uint256 amount, address receiver) external onlyRebalancer nonReentrant {
        address token = _books.tokenOf(asset);
        _books.setBalance(asset, _books.balanceOf(asset) - amount);
        _ledger.rewardPaid(id, receiver, asset, token, amount);
        IERC20(token).safeTransfer(receiver, amount);
    }

    /// @inheritdoc IIndexVault
    function closeEpochsOfPastWeeks() external onlyRebalancer {
        _closeEpochsOfPastWeeks();
    }

    /// @inheritdoc IIndexVault
    function closeEpochsNow() external onlyRebalancer {
        _closeEpochsNow();
    }

    /* RECORD */

    /// @inheritdoc IIndexVault
    function recordTarget(
        IRebalancer.Target calldata target,
        IRebalancer.Weights calldata weights,
        uint64 executableAt
    ) external onlyRegistry {
        _ledger.targetPublished(target, weights, executableAt);
    }

    /// @inheritdoc IIndexVault
    function recordLevel(ITargetRegistry.Level calldata level) external onlyRegistry {
        _ledger.levelPublished(level);
    }

    /// @inheritdoc IIndexVault
    function recordRoundTrip(RoundTrip calldata trip) external onlyRebalancer {
        _ledger.roundTripCompleted(trip);
    }

    /// @inheritdoc IIndexVault
    function recordVeto(uint64 id, address guardian) external onlyRegistry {
        _ledger.targetVetoed(id, guardian);
    }

    /// @inheritdoc IIndexVault
    function recordExitBudget(uint64 id, address guardian) external onlyRebalancer {
        _ledger.exitBudgetRaised(id, guardian);
    }

    /// @inheritdoc IIndexVault
    function recordStart(IRebalancer.Target calldata target, uint256 navNow) external onlyRebalancer {
        bool isBull = target.regime == IRebalancer.Regime.Bull;
        if (_terms.isBull != isBull) {
            _accrueFee();
            _terms.isBull = isBull;
        }
        _terms.noteNav(navNow);
        _ledger.rebalanceStarted(target, navNow, totalSupply());
    }

    /// @inheritdoc IIndexVault
    function recordSkip(
        uint64 id,
        uint32 position,
        uint8 sold,
        uint8 bought,
        string calldata reason
    ) external onlyRebalancer {
        // The indexes may be any: a leg with an unknown asset is skipped, and recorded with a token of zero.
        address soldToken = assetAt(sold == TRANSIT ? ETHER : sold).token;
        address boughtToken = assetAt(bought == TRANSIT ? ETHER : bought).token;
        _ledger.legSkipped(id, position, soldToken, boughtToken, reason);
    }

    /// @inheritdoc IIndexVault
    function recordFinish(
        IRebalancer.Target calldata target,
        uint256 navNow,
        uint256 costBps,
        uint256 legs,
        uint256 skips
    ) external onlyRebalancer {
        _terms.addCost(costBps);
        _terms.noteNav(navNow);
        _ledger.rebalanceFinished(target, Record.Finish(navNow, totalSupply(), costBps, legs, skips));
    }

    /// @inheritdoc IIndexVault
    function recordQuarantine(uint8 asset, bool isQuarantined, string calldata reason) external onlyRebalancer {
        _books.recordQuarantine(_ledger, asset, isQuarantined, reason);
    }

    /// @inheritdoc IIndexVault
    function recordClose(uint64 id, string calldata reason, uint256 outside) external onlyRebalancer {
        _ledger.rebalanceClosed(id, reason, outside);
    }

    /// @inheritdoc IIndexVault
    function recordRule(string calldata rule, address about, uint256 value, address by) external {
        require(msg.sender == address(VENUE), OnlyVenue(msg.sender));
        emit TradingRuleSet(rule, about, value, by);
    }

    function _recordLeg(Order memory order, address sold, address boughtToken, uint256 bought) private {
        (uint256 sequence, bytes26 head) = _ledger.append(
            abi.encode(
                LegExecuted.selector,
                order.id,
                order.position,
                order.sold,
                order.bought,
                sold,
                boughtToken,
                order.amount,
                bought,
                order.fair,
                order.minimum,
                order.pool
            )
        );
        emit LegExecuted(
            order.id,
            order.position,
            order.sold,
            order.bought,
            sold,
            boughtToken,
            order.amount,
            bought,
            order.fair,
            order.minimum,
            order.pool,
            sequence,
            head
        );
    }
}
