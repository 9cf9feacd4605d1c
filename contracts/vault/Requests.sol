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
import {CASH, LEAST_REDEMPTION} from "../libraries/FundConstants.sol";
import {DepositCoin} from "../libraries/DepositCoin.sol";
import {LedgerHead} from "../libraries/LedgerHead.sol";
import {RequestQueue} from "../libraries/RequestQueue.sol";
import {AssetBooks} from "./AssetBooks.sol";
import {Exits} from "./Exits.sol";
import {Listings} from "./Listings.sol";
import {Record} from "./Record.sol";
import {RedeemedUnits} from "./RedeemedUnits.sol";
import {RequestBook} from "./RequestBook.sol";
import {Terms} from "./Terms.sol";

/// @title Shares, and the way in and out of them through requests and strikes.
/// @dev MONEY OUTSIDE THE NAV pending deposits and money set aside are counted here and are no part of the books.
/// Shares handed in stay in the supply until they are struck, and carry the market until then.
abstract contract Requests is IERC7540, AssetBooks, ERC20Permit, ReentrancyGuardTransient {
    using Listings for Listings.Books;
    using Record for LedgerHead.State;
    using RequestBook for RequestBook.Book;
    using RedeemedUnits for Exits.Claims;
    using RequestBook for RequestQueue.Queue;
    using SafeERC20 for IERC20;
    using Terms for Terms.State;

    bytes4 private constant ERC7540_OPERATOR = 0xe3bc4e65;
    bytes4 private constant ERC7540_DEPOSIT = 0xce3bbe50;
    bytes4 private constant ERC7540_REDEEM = 0x620ee8e4;
    bytes4 private constant ERC7575_VAULT = 0x2f0a18c5;

    IERC20 private immutable COIN;
    uint256 private immutable COIN_UNIT; // {tok/wholeTok}

    Terms.State internal _terms;
    RequestBook.Book internal _requests;
    Exits.Claims internal _claims;
    mapping(address controller => mapping(address operator => bool)) private _operators;

    constructor(address coin, uint8 coinDecimals) ERC20("TM Global 100", "TM100") ERC20Permit("TM Global 100") {
        COIN = IERC20(coin);
        COIN_UNIT = 10 ** uint256(coinDecimals);
        _terms.cap = type(uint96).max;
        // A week long past, so that the first request pays for no new slot.
        (_requests.deposits.week, _requests.redemptions.week) = (1, 1);
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
        return _requests.deposits.pendingOf(requestId, controller);
    }

    /// @inheritdoc IERC7540
    function claimableDepositRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _requests.deposits.claimableOf(requestId, controller);
    }

    /// @inheritdoc IERC7540
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _requests.redemptions.pendingOf(requestId, controller);
    }

    /// @inheritdoc IERC7540
    function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _requests.redemptions.claimableOf(requestId, controller);
    }

    /// @notice {tok} for which `deposit` can be called.
    function maxDeposit(address controller) external view returns (uint256 given) {
        (given, ) = _requests.deposits.claimsOf(controller);
    }

    /// @inheritdoc IERC7540
    function maxMint(address controller) external view returns (uint256 receivable) {
        (, receivable) = _requests.deposits.claimsOf(controller);
    }

    /// @notice {share} for which `redeem` can be called.
    function maxRedeem(address controller) external view returns (uint256 given) {
        (given, ) = _requests.redemptions.claimsOf(controller);
    }

    /// @inheritdoc IERC7540
    function maxWithdraw(address controller) external view returns (uint256 receivable) {
        (, receivable) = _requests.redemptions.claimsOf(controller);
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
        return _requests.redemptions.due;
    }

    /// @inheritdoc IIndexVault
    function depositsPending() public view returns (uint256) {
        return uint256(_requests.deposits.due) + _requests.deposits.open;
    }

    /// @inheritdoc IIndexVault
    function setAside() external view returns (uint256) {
        return _requests.setAside;
    }

    /// @inheritdoc IIndexVault
    function conditions() external view returns (Conditions memory) {
        return _requests.conditions(_terms);
    }

    /// @inheritdoc IIndexVault
    function swingDue(uint256 week) external view returns (uint256) {
        return _requests.swingDue(week);
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

        RequestBook.Request memory request = RequestBook.Request(controller, owner, assets, _actsFor(controller));
        uint256 claimed;
        (requestId, claimed) = _requests.requestDeposit(_ledger, _terms, request, COIN_UNIT);
        if (claimed != 0) _transfer(address(this), controller, claimed);
        COIN.safeTransferFrom(owner, address(this), assets);
    }

    /// @inheritdoc IERC7540
    function requestRedeem(
        uint256 shares,
        address controller,
        address owner
    ) external nonReentrant returns (uint256 requestId) {
        _spendShares(owner, shares);
        uint256 least = Math.min(LEAST_REDEMPTION, balanceOf(owner));
        require(shares >= least, RequestBelowMinimum(shares, least));

        _creditInKind(controller);
        _transfer(owner, address(this), shares);
        RequestBook.Request memory request = RequestBook.Request(controller, owner, shares, _actsFor(controller));
        requestId = _requests.requestRedeem(_ledger, _terms, request, COIN);
    }

    /// @inheritdoc IIndexVault
    function cancelDepositRequest(
        uint256 requestId,
        address controller,
        address receiver
    ) external nonReentrant returns (uint256 assets) {
        _requireActsFor(controller);
        assets = _requests.cancelDeposit(_ledger, controller, receiver, requestId);
        COIN.safeTransfer(receiver, assets);
    }

    /// @inheritdoc IIndexVault
    function cancelRedeemRequest(
        uint256 requestId,
        address controller,
        address receiver
    ) external nonReentrant returns (uint256 shares) {
        _requireActsFor(controller);
        shares = _requests.cancelRedeem(_ledger, controller, receiver, requestId);
        _transfer(address(this), receiver, shares);
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
        _creditInKind(controller);
        assets = _requests.claimRedeem(_ledger, controller, receiver, shares);
        COIN.safeTransfer(receiver, assets);
    }

    /// @inheritdoc IERC7540
    function withdraw(
        uint256 assets,
        address receiver,
        address controller
    ) external nonReentrant returns (uint256 shares) {
        _requireActsFor(controller);
        _creditInKind(controller);
        shares = _requests.claimWithdraw(_ledger, controller, receiver, assets);
        COIN.safeTransfer(receiver, assets);
    }

    /* STRIKES */

    function _closeEpochsOfPastWeeks() internal {
        _requests.closePastWeeks();
    }

    function _closeEpochsNow() internal {
        _requests.closeNow();
    }

    function _strikeDeposits(uint256 nav, uint256 price) internal returns (uint256 assets) {
        if (_requests.deposits.due == 0) return 0;
        _accrueFee();
        uint256 shares;
        (assets, shares) = _requests.strikeDeposits(_ledger, _terms, _priceOf(nav, price));
        if (assets == 0) return 0;
        _mint(address(this), shares);
        _books.setBalance(CASH, _books.balanceOf(CASH) + assets);
    }

    /// @dev Pays what is due as far as the deposit coin reaches: all in the same proportion, and the rest stays due.
    function _strikeRedemptions(uint256 nav, uint256 price, uint256 inKind) internal returns (uint256) {
        if (_requests.redemptions.due == 0) return 0;
        _accrueFee();
        uint256 available = _books.balanceOf(CASH);
        (uint256 shares, uint256 assets) = _requests.strikeRedemptions(
            _ledger,
            _terms,
            _priceOf(nav, price),
            available
        );
        return _payOut(shares, assets, inKind);
    }

    /// @dev Pays everything that is due, or nothing.
    function _strikeAllRedemptions(uint256 nav, uint256 price, uint256 inKind) internal returns (uint256) {
        require(DepositCoin.isOnPeg(price), DepositCoinOffPeg(price));
        if (_requests.redemptions.due == 0) return 0;
        _accrueFee();
        uint256 available = _books.balanceOf(CASH);
        (uint256 shares, uint256 assets) = _requests.strikeAllRedemptions(
            _ledger,
            _terms,
            _priceOf(nav, price),
            available
        );
        return _payOut(shares, assets, inKind);
    }

    /* INTERNALS */

    /// @dev Mints the management fee since the last accrual. It cannot fail: an exit in kind waits for it.
    function _accrueFee() internal {
        // In bear the rate is no higher than in bull.
        if (_terms.bullFee == 0) return;
        uint256 supply = totalSupply();
        (uint256 shares, address recipient, uint256 rate) = _terms.accrue(supply);
        if (shares == 0) return;
        _mint(recipient, shares);
        _ledger.feeAccrued(recipient, shares, rate, supply);
    }

    function _priceOf(uint256 nav, uint256 price) private view returns (RequestBook.Price memory) {
        return RequestBook.Price(nav, price, COIN_UNIT, totalSupply());
    }

    /// @dev Takes `assets` {tok}, which are set aside, out of the books, with the units of what could not be priced, and
    /// burns the `shares` {share} for them.
    function _payOut(uint256 shares, uint256 assets, uint256 inKind) private returns (uint256) {
        if (shares == 0) return 0;
        _books.setBalance(CASH, _books.balanceOf(CASH) - assets);
        if (inKind != 0) _claims.bookOut(_books, _requests, _ledger, inKind, totalSupply());
        _burn(address(this), shares);
        return assets;
    }

    /// @dev Lets the caller dispose of somebody's shares: the owner's own, as operator, or by allowance.
    function _spendShares(address owner, uint256 shares) internal {
        if (!_actsFor(owner)) _spendAllowance(owner, msg.sender, shares);
        require(shares != 0, RequestEmpty());
    }

    /// @dev Before whatever settles an account's redemptions: what they get in units goes by the same strikes.
    function _creditInKind(address controller) internal {
        if (_requests.unpriced == 0) return;
        _claims.credit(_books, _requests.redemptions, _ledger, controller);
    }

    function _actsFor(address owner) private view returns (bool) {
        return msg.sender == owner || isOperator(owner, msg.sender);
    }

    function _requireActsFor(address owner) internal view {
        require(_actsFor(owner), NotOwnerOrOperator(msg.sender, owner));
    }

    function _claimGiven(
        uint256 assets,
        address receiver,
        address controller
    ) private nonReentrant returns (uint256 shares) {
        shares = _requests.claimDeposit(_ledger, controller, receiver, assets);
        _transfer(address(this), receiver, shares);
    }

    function _claimReceived(
        uint256 shares,
        address receiver,
        address controller
    ) private nonReentrant returns (uint256 assets) {
        assets = _requests.claimMint(_ledger, controller, receiver, shares);
        _transfer(address(this), receiver, shares);
    }
}
