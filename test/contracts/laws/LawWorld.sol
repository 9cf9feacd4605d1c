// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {DepositGateway} from "../../../contracts/DepositGateway.sol";
import {IERC7540} from "../../../contracts/interfaces/IERC7540.sol";
import {IIndexVault} from "../../../contracts/interfaces/IIndexVault.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {IRebalancer} from "../../../contracts/interfaces/IRebalancer.sol";
import {ITargetRegistry} from "../../../contracts/interfaces/ITargetRegistry.sol";
import {IVenue} from "../../../contracts/interfaces/IVenue.sol";
import {TwapPrice} from "../../../contracts/libraries/TwapPrice.sol";
import {VM} from "../Vm.sol";
import {LawFactory} from "./doubles/LawFactory.sol";
import {LawFeed} from "./doubles/LawFeed.sol";
import {IMintable, LawPool} from "./doubles/LawPool.sol";
import {LawToken} from "./doubles/LawToken.sol";

/// @title The whole fund with a hundred assets: real contracts of the project, and doubles of tokens, feeds and pools.
/// @dev Only interfaces are compiled in; the contracts are taken from their artifacts, so that this file compiles fast.
abstract contract LawWorld {
    struct Kind {
        address token;
        uint256 unit; // {tok/wholeTok}
        LawPool pool;
        LawFeed feed; // zero when the pool prices the asset
        uint8 quote; // index of what the pool trades it against
        bool canMisbehave;
    }

    uint8 internal constant CASH = 0;
    uint8 internal constant ETHER = 1;
    uint8 internal constant TETHER = 2;
    uint8 internal constant DAI = 3;
    uint8 internal constant BITCOIN = 4;
    uint8 internal constant TRANSIT = 255;
    uint8 internal constant ASSETS = 100;

    uint256 internal constant SIGNER_KEY = 0x51;
    /// @dev 2021-09-06T00:30:00Z, a Monday.
    uint256 internal constant START = 1_630_886_400 + 30 minutes;
    /// @dev D18{USD} on each side of a pool.
    uint256 internal constant DEPTH = 300_000_000e18;
    /// @dev {gas} EIP-7825.
    uint256 internal constant TRANSACTION_GAS = 16_777_216;

    IAccessManager internal _manager;
    IIndexVault internal _vault;
    IERC7540 internal _requests; // the vault by its other face
    IERC20 internal _share; // and by its third
    ITargetRegistry internal _registry;
    IRebalancer internal _rebalancer;
    IPriceOracle internal _oracle;
    IVenue internal _venue;
    DepositGateway internal _gateway;
    LawFactory internal _factory;

    Kind[ASSETS] internal _kinds;
    /// @dev D18{USD/wholeTok} What the source of each asset says.
    uint256[256] internal _price;
    /// @dev One bit an asset whose source gives no answer.
    uint256 internal _silent;

    address internal _signer;
    address internal _keeper = address(0xBEE1);
    address internal _guardian = address(0xBEE2);
    address internal _stranger = address(0xBEE3);
    address internal _recipient = address(0xFEE); // of the fee
    address[] internal _people;

    function setUp() public virtual {
        VM.warp(START);
        _signer = VM.addr(SIGNER_KEY);
        _people = [address(0xA1), address(0xA2), address(0xA3), address(0xA4), _stranger];
        _factory = new LawFactory();
        for (uint8 i = 0; i < ASSETS; i++) _createToken(i);
        _createFund();
        for (uint8 i = 0; i < ASSETS; i++) _list(i);
        for (uint256 i = 0; i < _people.length; i++) _give(_people[i]);
    }

    /* CREATION */

    function _create(string memory name, bytes memory arguments) internal returns (address created) {
        bytes memory code = abi.encodePacked(VM.getCode(name), arguments);
        // Safe because the code comes from the project's own artifacts. There is no cheatcode that creates.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            created := create(0, add(code, 32), mload(code))
        }
        require(created != address(0), LawSetup(255));
    }

    function _createToken(uint8 i) private {
        uint8 decimals = [18, 8, 6, 2, 27, 18, 9][i % 7];
        if (i == CASH || i == TETHER) decimals = 6;
        if (i == ETHER || i == DAI) decimals = 18;
        if (i == BITCOIN) decimals = 8;
        bool isSilent = i % 18 == TETHER; // returns nothing, as USDT
        address token =
            isSilent ? _create("NoReturnToken", abi.encode("Law", "LAW", decimals)) : address(new LawToken(decimals));
        _kinds[i].token = token;
        _kinds[i].unit = 10 ** uint256(decimals);
        _kinds[i].canMisbehave = !isSilent;
        _kinds[i].quote = i > DAI && i % 3 == 0 ? ETHER : CASH;
        if (_isFed(i)) _kinds[i].feed = new LawFeed();
        if (i != CASH) {
            uint24 fee = [100, 500, 3000][i % 3 == 2 && i > BITCOIN ? 2 : i % 2];
            _kinds[i].pool = _factory.create(token, _kinds[_kinds[i].quote].token, fee);
        }
        _setPrice(i, _firstPrice(i));
    }

    function _isFed(uint8 i) internal pure returns (bool) {
        return i <= DAI || i % 2 == 0;
    }

    function _firstPrice(uint8 i) internal pure returns (uint256) {
        if (i == ETHER) return 2_000e18;
        if (i == BITCOIN) return 40_000e18;
        if (i <= DAI) return 1e18;
        return [uint256(1e18), 25e18, 3e15, 4e18, 150e18, 4e13, 7e17][i % 7];
    }

    function _createFund() private {
        _manager = IAccessManager(_create("DelayedAccessManager", abi.encode(address(this))));
        uint256 nonce = VM.getNonce(address(this));
        address vault = VM.computeCreateAddress(address(this), nonce + 4);
        address rebalancer = VM.computeCreateAddress(address(this), nonce + 3);
        address coin = _kinds[CASH].token;
        _oracle = IPriceOracle(_create("PriceOracle", abi.encode(_manager, vault, address(0))));
        _venue = IVenue(_create("UniswapV3Venue", abi.encode(_manager, vault, _factory)));
        _registry = ITargetRegistry(_create("TargetRegistry", abi.encode(_manager, vault, rebalancer, _oracle)));
        _rebalancer = IRebalancer(_create("Rebalancer", abi.encode(_manager, _registry, _oracle, _venue)));
        bytes memory parts = abi.encode(_manager, coin, _kinds[ETHER].token, _rebalancer, _oracle, _venue);
        _vault = IIndexVault(_create("IndexVault", parts));
        (_requests, _share) = (IERC7540(vault), IERC20(vault));
        _gateway = DepositGateway(_create("DepositGateway", abi.encode(vault, _rebalancer)));
        _manager.grantRole(1, _keeper, 0);
        _manager.grantRole(2, _guardian, 0);
        _manager.grantRole(3, _signer, 0);
        _vault.raiseFees(100, 25, _recipient);
    }

    function _list(uint8 i) private {
        Kind storage kind = _kinds[i];
        // Moved for a trial at the listing; outside the books.
        if (i > ETHER) _mint(i, address(_vault), 10_000);
        if (i > ETHER) require(_vault.listAsset(kind.token, "law", i == TETHER || i == DAI) == i, LawSetup(i));
        if (i != CASH) _venue.listPool(address(kind.pool));
        if (_isFed(i)) {
            uint256 price = _price[i];
            _oracle.setFeed(i, address(kind.feed), 1 days, IPriceOracle.Bounds(price / 1000, price * 1000));
        } else {
            _oracle.setPool(i, address(kind.pool), kind.quote);
        }
        if (i == BITCOIN) _vault.nameBitcoin(i);
    }

    /// @notice An asset got another index than expected.
    error LawSetup(uint8 asset);

    function _give(address person) private {
        _mint(CASH, person, 2_000_000e6);
        VM.prank(person);
        IERC20(_kinds[CASH].token).approve(address(_vault), type(uint256).max);
        VM.prank(person);
        IERC20(_kinds[CASH].token).approve(address(_gateway), type(uint256).max);
        VM.prank(person);
        _share.approve(address(_gateway), type(uint256).max);
    }

    /* MARKET */

    /// @dev The source of an asset says `price` D18{USD/wholeTok}, as near as it can, and its pool stands there.
    function _setPrice(uint8 i, uint256 price) internal {
        Kind storage kind = _kinds[i];
        if (i != CASH) _setPool(i, price);
        if (_isFed(i)) {
            kind.feed.report(price);
            _price[i] = price;
        } else {
            _price[i] = _meanPrice(i);
        }
        if (i == ETHER) _price[TRANSIT] = price;
    }

    function _setPool(uint8 i, uint256 price) private {
        Kind storage kind = _kinds[i];
        Kind storage quote = _kinds[kind.quote];
        uint256 own = Math.mulDiv(DEPTH, kind.unit, price);
        uint256 other = Math.mulDiv(DEPTH, quote.unit, _price[kind.quote]);
        if (kind.token < quote.token) kind.pool.set(own, other);
        else kind.pool.set(other, own);
    }

    /// @dev What an asset without a feed is worth by its pool.
    function _meanPrice(uint8 i) internal view returns (uint256) {
        Kind storage kind = _kinds[i];
        Kind storage quote = _kinds[kind.quote];
        // 18 digits of the quote, as the oracle reads it
        uint256 scaled = (kind.unit * 1e18) / quote.unit;
        uint256 quoted = TwapPrice.quoteAt(kind.pool.meanTick(), scaled, kind.token < quote.token);
        return Math.mulDiv(quoted, _price[kind.quote], 1e18);
    }

    /// @dev Pools go back to the prices of the sources; feeds and means stay.
    function _arbitrage() internal {
        for (uint8 i = 1; i < ASSETS; i++) _setPool(i, _price[i]);
        for (uint8 i = 1; i < ASSETS; i++) if (!_isFed(i)) _price[i] = _meanPrice(i);
    }

    /* READING */

    function _mint(uint8 asset, address to, uint256 amount) internal {
        IMintable(_kinds[asset].token).mint(to, amount);
    }

    function _tokenOf(uint256 asset) internal view returns (address) {
        return asset == TRANSIT ? _kinds[ETHER].token : _kinds[asset].token;
    }

    function _unitOf(uint256 asset) internal view returns (uint256) {
        return _kinds[asset == TRANSIT ? ETHER : asset].unit;
    }

    /// @dev D18{USD} by the sources, rounded down as the fund rounds.
    function _valueOf(uint256 asset, uint256 amount) internal view returns (uint256) {
        return Math.mulDiv(amount, _price[asset], _unitOf(asset));
    }

    /// @dev D18{USD} of all holdings by the sources.
    function _worth(uint256[] memory balance) internal view returns (uint256 sum) {
        for (uint256 i = 0; i < ASSETS; i++) if (balance[i] > 1) sum += _valueOf(i, balance[i]);
        if (balance[TRANSIT] > 1) sum += _valueOf(TRANSIT, balance[TRANSIT]);
    }

    function _books() internal view returns (uint256[] memory) {
        return _vault.balances(type(uint256).max);
    }

    /// @dev Events of a call that reverted, or of a state that was taken back, are recorded all the same.
    function _forgetLog() internal {
        VM.getRecordedLogs();
    }

    function _draw(uint256 seed, uint256 salt, uint256 below) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, salt))) % below;
    }
}
