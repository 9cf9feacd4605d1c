// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IERC7540} from "../interfaces/IERC7540.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {CASH, FIRST_MONDAY, WEEK} from "../libraries/FundConstants.sol";
import {LedgerHead} from "../libraries/LedgerHead.sol";
import {RequestQueue} from "../libraries/RequestQueue.sol";
import {AssetBooks} from "./AssetBooks.sol";
import {Record} from "./Record.sol";

/// @title Shares, and the way in and out of them through requests and strikes.
/// @dev MONEY OUTSIDE THE NAV pending deposits and money set aside are counted here and are no part of the books.
/// Shares handed in stay in the supply until they are struck, and carry the market until then.
abstract contract Requests is IERC7540, AssetBooks, ERC20Permit, ReentrancyGuardTransient {
    using Record for LedgerHead.State;
    using RequestQueue for RequestQueue.Queue;
    using SafeERC20 for IERC20;

    bytes4 private constant ERC7540_OPERATOR = 0xe3bc4e65;
    bytes4 private constant ERC7540_DEPOSIT = 0xce3bbe50;
    bytes4 private constant ERC7540_REDEEM = 0x620ee8e4;
    bytes4 private constant ERC7575_VAULT = 0x2f0a18c5;

    /// @dev {share} Less than this in all is nobody's and prices no deposit: who holds the last units of a fund could
    /// otherwise make one unit worth more than a deposit, or worth nothing, and no deposit could be struck.
    uint256 internal constant DUST_SUPPLY = 1e15;

    /// @dev {share} The least that a redemption request may be, unless it is all that the owner has: one whole share.
    uint256 private constant LEAST_REDEMPTION = 1e18;

    IERC20 private immutable COIN;
    uint256 private immutable COIN_UNIT; // {tok/wholeTok}

    RequestQueue.Queue private _deposits;
    RequestQueue.Queue private _redemptions;
    uint256 private _setAside; // {tok}
    mapping(address controller => mapping(address operator => bool)) private _operators;

    constructor(address coin, uint8 coinDecimals) ERC20("TM Global 100", "TM100") ERC20Permit("TM Global 100") {
        COIN = IERC20(coin);
        COIN_UNIT = 10 ** uint256(coinDecimals);
    }

    /* VIEWS */

    /// @inheritdoc IERC7540
    function asset() external view returns (address) {
        return address(COIN);
    }

    /// @inheritdoc IERC7540
    function share() external view returns (address) {
        return address(this);
    }

    /// @inheritdoc IERC7540
    function isOperator(address controller, address operator) public view returns (bool) {
        return _operators[controller][operator];
    }

    /// @inheritdoc IERC7540
    function pendingDepositRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _deposits.pending(requestId, controller);
    }

    /// @inheritdoc IERC7540
    function claimableDepositRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _deposits.claimable(requestId, controller);
    }

    /// @inheritdoc IERC7540
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _redemptions.pending(requestId, controller);
    }

    /// @inheritdoc IERC7540
    function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _redemptions.claimable(requestId, controller);
    }

    /// @notice {tok} for which `deposit` can be called.
    function maxDeposit(address controller) external view returns (uint256) {
        return _deposits.settled(controller).given;
    }

    /// @inheritdoc IERC7540
    function maxMint(address controller) external view returns (uint256) {
        return _deposits.settled(controller).receivable;
    }

    /// @notice {share} for which `redeem` can be called.
    function maxRedeem(address controller) external view returns (uint256) {
        return _redemptions.settled(controller).given;
    }

    /// @inheritdoc IERC7540
    function maxWithdraw(address controller) external view returns (uint256) {
        return _redemptions.settled(controller).receivable;
    }

    /// @notice Always reverts: the price is not known before the strike.
    function previewDeposit(uint256) external pure returns (uint256) {
        revert PreviewNotSupported();
    }

    /// @notice Always reverts: the price is not known before the strike.
    function previewMint(uint256) external pure returns (uint256) {
        revert PreviewNotSupported();
    }

    /// @notice Always reverts: the price is not known before the strike.
    function previewRedeem(uint256) external pure returns (uint256) {
        revert PreviewNotSupported();
    }

    /// @notice Always reverts: the price is not known before the strike.
    function previewWithdraw(uint256) external pure returns (uint256) {
        revert PreviewNotSupported();
    }

    /// @notice ERC-165: operators, asynchronous deposits and redemptions, multi-asset share.
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return
            id == type(IERC165).interfaceId ||
            id == ERC7540_OPERATOR ||
            id == ERC7540_DEPOSIT ||
            id == ERC7540_REDEEM ||
            id == ERC7575_VAULT;
    }

    /// @inheritdoc IIndexVault
    function sharesDue() external view returns (uint256) {
        return _redemptions.due;
    }

    /// @inheritdoc IIndexVault
    function depositsPending() public view returns (uint256) {
        return uint256(_deposits.due) + _deposits.open;
    }

    /// @inheritdoc IIndexVault
    function setAside() external view returns (uint256) {
        return _setAside;
    }

    /* DEPOSITOR */

    /// @inheritdoc IERC7540
    function setOperator(address operator, bool approved) external returns (bool) {
        _operators[msg.sender][operator] = approved;
        emit OperatorSet(msg.sender, operator, approved);
        return true;
    }

    /// @inheritdoc IERC7540
    function requestDeposit(
        uint256 assets,
        address controller,
        address owner
    ) external nonReentrant returns (uint256 requestId) {
        _requireActsFor(owner);
        // The least is one whole coin.
        require(assets >= COIN_UNIT, RequestBelowMinimum(assets, COIN_UNIT));

        requestId = _deposits.add(controller, assets, _week());
        emit DepositRequest(controller, owner, requestId, msg.sender, assets);
        _ledger.depositRequested(controller, owner, requestId, assets);
        COIN.safeTransferFrom(owner, address(this), assets);
    }

    /// @inheritdoc IERC7540
    function requestRedeem(
        uint256 shares,
        address controller,
        address owner
    ) external nonReentrant returns (uint256 requestId) {
        if (msg.sender != owner && !isOperator(owner, msg.sender)) _spendAllowance(owner, msg.sender, shares);
        require(shares != 0, RequestEmpty());
        uint256 least = Math.min(LEAST_REDEMPTION, balanceOf(owner));
        require(shares >= least, RequestBelowMinimum(shares, least));

        requestId = _redemptions.add(controller, shares, _week());
        _transfer(owner, address(this), shares);
        emit RedeemRequest(controller, owner, requestId, msg.sender, shares);
        _ledger.redemptionRequested(controller, owner, requestId, shares);
    }

    /// @inheritdoc IIndexVault
    function cancelDepositRequest(
        uint256 requestId,
        address controller,
        address receiver
    ) external nonReentrant returns (uint256 assets) {
        _requireActsFor(controller);
        assets = _deposits.cancel(controller, requestId, _week());
        _ledger.depositCancelled(controller, receiver, requestId, assets);
        COIN.safeTransfer(receiver, assets);
    }

    /// @inheritdoc IIndexVault
    function cancelRedeemRequest(
        uint256 requestId,
        address controller,
        address receiver
    ) external nonReentrant returns (uint256 shares) {
        _requireActsFor(controller);
        shares = _redemptions.cancel(controller, requestId, _week());
        _transfer(address(this), receiver, shares);
        _ledger.redemptionCancelled(controller, receiver, requestId, shares);
    }

    /// @inheritdoc IERC7540
    function deposit(uint256 assets, address receiver, address controller) external returns (uint256) {
        _requireActsFor(controller);
        return _claimGiven(assets, receiver, controller);
    }

    /// @inheritdoc IERC7540
    function deposit(uint256 assets, address receiver) external returns (uint256) {
        return _claimGiven(assets, receiver, msg.sender);
    }

    /// @inheritdoc IERC7540
    function mint(uint256 shares, address receiver, address controller) external returns (uint256) {
        _requireActsFor(controller);
        return _claimReceived(shares, receiver, controller);
    }

    /// @inheritdoc IERC7540
    function mint(uint256 shares, address receiver) external returns (uint256) {
        return _claimReceived(shares, receiver, msg.sender);
    }

    /// @inheritdoc IERC7540
    function redeem(
        uint256 shares,
        address receiver,
        address controller
    ) external nonReentrant returns (uint256 assets) {
        _requireActsFor(controller);
        assets = _redemptions.claimGiven(controller, shares);
        _handOutMoney(controller, receiver, assets, shares);
    }

    /// @inheritdoc IERC7540
    function withdraw(
        uint256 assets,
        address receiver,
        address controller
    ) external nonReentrant returns (uint256 shares) {
        _requireActsFor(controller);
        shares = _redemptions.claimReceived(controller, assets);
        _handOutMoney(controller, receiver, assets, shares);
    }

    /* STRIKES */

    function _closeEpochsOfPastWeeks() internal {
        _deposits.closePastWeeks(_week());
        _redemptions.closePastWeeks(_week());
    }

    function _closeEpochsNow() internal {
        _deposits.closeNow();
        _redemptions.closeNow();
    }

    function _strikeDeposits(uint256 nav, uint256 price) internal returns (uint256 assets) {
        assets = _deposits.due;
        if (assets == 0) return 0;
        uint256 supply = totalSupply();
        require(supply < DUST_SUPPLY || nav != 0, SharesWithoutValue(supply));

        // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
        uint256 value = Math.mulDiv(assets, price, COIN_UNIT);
        // {share} = D18{USD} * {share} / D18{USD}; the first share is worth one USD
        uint256 shares = supply < DUST_SUPPLY ? value : Math.mulDiv(value, supply, nav);
        uint256 epoch = _deposits.strike(assets, shares);
        _mint(address(this), shares);
        _setBalance(CASH, _balanceOf(CASH) + assets);
        _ledger.depositsStruck(epoch, assets, shares, nav, supply);
    }

    /// @dev Pays what is due as far as the deposit coin reaches: all in the same proportion, and the rest stays due.
    function _strikeRedemptions(uint256 nav, uint256 price) internal returns (uint256) {
        uint256 due = _redemptions.due;
        uint256 owed = _owed(due, nav, price);
        uint256 available = _balanceOf(CASH);
        if (owed <= available) return _payOut(due, owed, nav);
        // One unit counts as none.
        if (available <= 1) return 0;
        // {share} = {share} * {tok} / {tok}, rounded up: against those who leave
        return _payOut(Math.mulDiv(due, available, owed, Math.Rounding.Ceil), available, nav);
    }

    /// @dev Pays everything that is due, or nothing.
    function _strikeAllRedemptions(uint256 nav, uint256 price) internal returns (uint256) {
        uint256 due = _redemptions.due;
        uint256 owed = _owed(due, nav, price);
        uint256 available = _balanceOf(CASH);
        require(owed <= available, CashShort(owed, available));
        return _payOut(due, owed, nav);
    }

    /* INTERNALS */

    /// @dev {tok} that `shares` {share} are worth, rounded down.
    function _owed(uint256 shares, uint256 nav, uint256 price) private view returns (uint256) {
        if (shares == 0) return 0;
        // D18{USD} = {share} * D18{USD} / {share}
        uint256 value = Math.mulDiv(shares, nav, totalSupply());
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
        return Math.mulDiv(value, COIN_UNIT, price);
    }

    /// @dev Sets `assets` {tok} aside for `shares` {share} of what is due, and burns the shares.
    function _payOut(uint256 shares, uint256 assets, uint256 nav) private returns (uint256) {
        if (shares == 0) return 0;
        uint256 supply = totalSupply();
        uint256 epoch = _redemptions.strike(shares, assets);
        _setBalance(CASH, _balanceOf(CASH) - assets);
        _setAside += assets;
        _burn(address(this), shares);
        _ledger.redemptionsStruck(epoch, shares, assets, nav, supply);
        return assets;
    }

    function _requireActsFor(address owner) internal view {
        require(msg.sender == owner || isOperator(owner, msg.sender), NotOwnerOrOperator(msg.sender, owner));
    }

    function _claimGiven(
        uint256 assets,
        address receiver,
        address controller
    ) private nonReentrant returns (uint256 shares) {
        shares = _deposits.claimGiven(controller, assets);
        _handOutShares(controller, receiver, assets, shares);
    }

    function _claimReceived(
        uint256 shares,
        address receiver,
        address controller
    ) private nonReentrant returns (uint256 assets) {
        assets = _deposits.claimReceived(controller, shares);
        _handOutShares(controller, receiver, assets, shares);
    }

    function _handOutShares(address controller, address receiver, uint256 assets, uint256 shares) private {
        _transfer(address(this), receiver, shares);
        emit Deposit(controller, receiver, assets, shares);
        _ledger.depositClaimed(controller, receiver, assets, shares);
    }

    function _handOutMoney(address controller, address receiver, uint256 assets, uint256 shares) private {
        _setAside -= assets;
        emit Withdraw(msg.sender, receiver, controller, assets, shares);
        _ledger.redemptionClaimed(controller, receiver, shares, assets);
        COIN.safeTransfer(receiver, assets);
    }

    function _week() private view returns (uint256) {
        return (block.timestamp - FIRST_MONDAY) / WEEK;
    }
}
