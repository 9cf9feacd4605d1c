// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Asynchronous deposits and redemptions (ERC-7540) with the share in the vault itself (ERC-7575).
interface IERC7540 {
    /// @notice A deposit was requested.
    event DepositRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 assets
    );
    /// @notice A redemption was requested.
    event RedeemRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 shares
    );
    /// @notice An operator was named or dismissed.
    event OperatorSet(address indexed controller, address indexed operator, bool approved);
    /// @notice Shares of a struck deposit were handed out (ERC-4626).
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    /// @notice Money of a struck redemption was handed out (ERC-4626).
    event Withdraw(
        address indexed sender,
        address indexed receiver,
        address indexed owner,
        uint256 assets,
        uint256 shares
    );

    /// @notice Takes `assets` {tok} from `owner`; they become shares at the strike of the returned epoch.
    function requestDeposit(uint256 assets, address controller, address owner) external returns (uint256 requestId);

    /// @notice Takes `shares` {share} from `owner`; they become money at the strike of the returned epoch.
    function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256 requestId);

    /// @return {tok} requested and not struck.
    function pendingDepositRequest(uint256 requestId, address controller) external view returns (uint256);

    /// @return {tok} struck and not claimed.
    function claimableDepositRequest(uint256 requestId, address controller) external view returns (uint256);

    /// @return {share} requested and not struck.
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256);

    /// @return {share} struck and not claimed.
    function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256);

    /// @notice Claims the shares for `assets` {tok} of struck deposits.
    function deposit(uint256 assets, address receiver, address controller) external returns (uint256 shares);

    /// @notice Claims exactly `shares` {share} of struck deposits.
    function mint(uint256 shares, address receiver, address controller) external returns (uint256 assets);

    /// @notice As `deposit` with a controller, for the caller's own (ERC-7575).
    function deposit(uint256 assets, address receiver) external returns (uint256 shares);

    /// @notice As `mint` with a controller, for the caller's own (ERC-7575).
    function mint(uint256 shares, address receiver) external returns (uint256 assets);

    /// @notice Claims the money for `shares` {share} of struck redemptions.
    function redeem(uint256 shares, address receiver, address controller) external returns (uint256 assets);

    /// @notice Claims exactly `assets` {tok} of struck redemptions.
    function withdraw(uint256 assets, address receiver, address controller) external returns (uint256 shares);

    /// @return {share} that `mint` can hand out.
    function maxMint(address controller) external view returns (uint256);

    /// @return {tok} that `withdraw` can pay.
    function maxWithdraw(address controller) external view returns (uint256);

    /// @notice Lets `operator` act for the caller, or no longer.
    function setOperator(address operator, bool approved) external returns (bool);

    /// @return True when `operator` may act for `controller`.
    function isOperator(address controller, address operator) external view returns (bool);

    /// @return The deposit coin.
    function asset() external view returns (address);

    /// @return The share token: the vault itself.
    function share() external view returns (address);
}
