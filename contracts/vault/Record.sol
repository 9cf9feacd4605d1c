// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {IVaultRecord} from "../interfaces/IVaultRecord.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {ITargetRegistry} from "../interfaces/ITargetRegistry.sol";
import {AssetSet} from "../libraries/AssetSet.sol";
import {LedgerHead} from "../libraries/LedgerHead.sol";

/// @title The lines of the ledger, one function a line.
/// @dev A library with code of its own, called by delegation: its events come from the vault's address, and the vault
/// stays under the limit of a contract's size. It holds nothing. The lines of requests are internal: only RequestBook
/// writes them, which is called by delegation itself.
library Record {
    using AssetSet for uint256;
    using LedgerHead for LedgerHead.State;

    /// @dev One exit in kind: parallel arrays.
    struct Exit {
        uint8[] assets;
        address[] tokens;
        uint256[] amounts; // {tok}
        bool[] delivered;
    }

    /// @dev How a rebalance ended.
    struct Finish {
        uint256 nav; // D18{USD} after the redemptions
        uint256 supply; // {share}
        uint256 costBps; // {bps}
        uint256 legs;
        uint256 skips;
    }

    /// @dev Appends AssetListed.
    function assetListed(
        LedgerHead.State storage self,
        uint8 asset,
        address token,
        string memory coinId,
        uint8 decimals,
        bool isStable
    ) external {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.AssetListed.selector, asset, token, coinId, decimals, isStable)
        );
        emit IVaultRecord.AssetListed(asset, token, coinId, decimals, isStable, sequence, head);
    }

    /// @dev Appends AssetDelisted.
    function assetDelisted(LedgerHead.State storage self, uint8 asset, address token, uint256 left) external {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.AssetDelisted.selector, asset, token, left)
        );
        emit IVaultRecord.AssetDelisted(asset, token, left, sequence, head);
    }

    /// @dev Appends TargetVetoed.
    function targetVetoed(LedgerHead.State storage self, uint256 id, address guardian) external {
        (uint256 sequence, bytes26 head) = self.append(abi.encode(IVaultRecord.TargetVetoed.selector, id, guardian));
        emit IVaultRecord.TargetVetoed(id, guardian, sequence, head);
    }

    /// @dev Appends ExitBudgetRaised.
    function exitBudgetRaised(LedgerHead.State storage self, uint256 id, address guardian) external {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.ExitBudgetRaised.selector, id, guardian)
        );
        emit IVaultRecord.ExitBudgetRaised(id, guardian, sequence, head);
    }

    /// @dev Appends LegSkipped.
    function legSkipped(
        LedgerHead.State storage self,
        uint256 id,
        uint256 position,
        address sold,
        address bought,
        string memory reason
    ) external {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.LegSkipped.selector, id, position, sold, bought, reason)
        );
        emit IVaultRecord.LegSkipped(id, position, sold, bought, reason, sequence, head);
    }

    /// @dev Appends RebalanceClosed.
    /// @param outsideSet One bit an asset.
    function rebalanceClosed(
        LedgerHead.State storage self,
        uint256 id,
        string memory reason,
        uint256 outsideSet
    ) external {
        uint8[] memory outside = new uint8[](outsideSet.size());
        for (uint256 i = 0; i < outside.length; i++) {
            outside[i] = outsideSet.lowest();
            outsideSet = outsideSet.rest();
        }
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.RebalanceClosed.selector, id, reason, outside)
        );
        emit IVaultRecord.RebalanceClosed(id, reason, outside, sequence, head);
    }

    /// @dev Appends DepositRequested.
    function depositRequested(
        LedgerHead.State storage self,
        address controller,
        address owner,
        uint256 epoch,
        uint256 assets
    ) internal {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.DepositRequested.selector, controller, owner, epoch, assets)
        );
        emit IVaultRecord.DepositRequested(controller, owner, epoch, assets, sequence, head);
    }

    /// @dev Appends RedemptionRequested.
    function redemptionRequested(
        LedgerHead.State storage self,
        address controller,
        address owner,
        uint256 epoch,
        uint256 shares
    ) internal {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.RedemptionRequested.selector, controller, owner, epoch, shares)
        );
        emit IVaultRecord.RedemptionRequested(controller, owner, epoch, shares, sequence, head);
    }

    /// @dev Appends DepositCancelled.
    function depositCancelled(
        LedgerHead.State storage self,
        address controller,
        address receiver,
        uint256 epoch,
        uint256 assets
    ) internal {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.DepositCancelled.selector, controller, receiver, epoch, assets)
        );
        emit IVaultRecord.DepositCancelled(controller, receiver, epoch, assets, sequence, head);
    }

    /// @dev Appends RedemptionCancelled.
    function redemptionCancelled(
        LedgerHead.State storage self,
        address controller,
        address receiver,
        uint256 epoch,
        uint256 shares
    ) internal {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.RedemptionCancelled.selector, controller, receiver, epoch, shares)
        );
        emit IVaultRecord.RedemptionCancelled(controller, receiver, epoch, shares, sequence, head);
    }

    /// @dev Appends DepositsStruck.
    function depositsStruck(
        LedgerHead.State storage self,
        uint256 epoch,
        uint256 assets,
        uint256 shares,
        uint256 nav,
        uint256 supply,
        uint256 swing
    ) internal {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.DepositsStruck.selector, epoch, assets, shares, nav, supply, swing)
        );
        emit IVaultRecord.DepositsStruck(epoch, assets, shares, nav, supply, swing, sequence, head);
    }

    /// @dev Appends RedemptionsStruck.
    function redemptionsStruck(
        LedgerHead.State storage self,
        uint256 epoch,
        uint256 shares,
        uint256 assets,
        uint256 nav,
        uint256 supply,
        uint256 swing
    ) internal {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.RedemptionsStruck.selector, epoch, shares, assets, nav, supply, swing)
        );
        emit IVaultRecord.RedemptionsStruck(epoch, shares, assets, nav, supply, swing, sequence, head);
    }

    /// @dev Appends DepositClaimed.
    function depositClaimed(
        LedgerHead.State storage self,
        address controller,
        address receiver,
        uint256 assets,
        uint256 shares
    ) internal {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.DepositClaimed.selector, controller, receiver, assets, shares)
        );
        emit IVaultRecord.DepositClaimed(controller, receiver, assets, shares, sequence, head);
    }

    /// @dev Appends RedemptionClaimed.
    function redemptionClaimed(
        LedgerHead.State storage self,
        address controller,
        address receiver,
        uint256 shares,
        uint256 assets
    ) internal {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.RedemptionClaimed.selector, controller, receiver, shares, assets)
        );
        emit IVaultRecord.RedemptionClaimed(controller, receiver, shares, assets, sequence, head);
    }

    /// @dev Appends InKindClaimed.
    function inKindClaimed(
        LedgerHead.State storage self,
        address owner,
        address receiver,
        address token,
        uint256 amount
    ) external {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.InKindClaimed.selector, owner, receiver, token, amount)
        );
        emit IVaultRecord.InKindClaimed(owner, receiver, token, amount, sequence, head);
    }

    /// @dev Appends FeeAccrued.
    function feeAccrued(
        LedgerHead.State storage self,
        address recipient,
        uint256 shares,
        uint256 rate,
        uint256 supply
    ) external {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.FeeAccrued.selector, recipient, shares, rate, supply)
        );
        emit IVaultRecord.FeeAccrued(recipient, shares, rate, supply, sequence, head);
    }

    /// @dev Appends TargetPublished.
    function targetPublished(
        LedgerHead.State storage self,
        IRebalancer.Target calldata target,
        IRebalancer.Weights calldata weights,
        uint64 executableAt
    ) external {
        string memory regime = word(target.regime);
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(
                IVaultRecord.TargetPublished.selector,
                target.id,
                regime,
                target.decisionHash,
                target.membershipRoot,
                target.twinLevel,
                target.validFrom,
                executableAt,
                target.validUntil,
                weights.assets,
                weights.parts
            )
        );
        emit IVaultRecord.TargetPublished(
            target.id,
            regime,
            target.decisionHash,
            target.membershipRoot,
            target.twinLevel,
            target.validFrom,
            executableAt,
            target.validUntil,
            weights.assets,
            weights.parts,
            sequence,
            head
        );
    }

    /// @dev Appends LevelPublished.
    function levelPublished(LedgerHead.State storage self, ITargetRegistry.Level memory level) external {
        string memory regime = word(level.regime);
        bytes32 root = level.membershipRoot;
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(
                IVaultRecord.LevelPublished.selector,
                level.week,
                regime,
                level.decisionHash,
                root,
                level.twinLevel
            )
        );
        emit IVaultRecord.LevelPublished(level.week, regime, level.decisionHash, root, level.twinLevel, sequence, head);
    }

    /// @dev Appends RewardPaid.
    function rewardPaid(
        LedgerHead.State storage self,
        uint256 id,
        address receiver,
        uint8 asset,
        address token,
        uint256 amount
    ) external {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.RewardPaid.selector, id, receiver, asset, token, amount)
        );
        emit IVaultRecord.RewardPaid(id, receiver, asset, token, amount, sequence, head);
    }

    /// @dev Appends RoundTripCompleted.
    function roundTripCompleted(LedgerHead.State storage self, IIndexVault.RoundTrip memory trip) external {
        (uint256 sequence, bytes26 head) = self.append(abi.encode(IVaultRecord.RoundTripCompleted.selector, trip));
        emit IVaultRecord.RoundTripCompleted(
            trip.exitId,
            trip.entryId,
            trip.exitNavPerShare,
            trip.entryNavPerShare,
            trip.exitTwinLevel,
            trip.entryTwinLevel,
            sequence,
            head
        );
    }

    /// @dev Appends RebalanceStarted.
    function rebalanceStarted(
        LedgerHead.State storage self,
        IRebalancer.Target memory target,
        uint256 nav,
        uint256 supply
    ) external {
        string memory regime = word(target.regime);
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(
                IVaultRecord.RebalanceStarted.selector,
                target.id,
                regime,
                target.decisionHash,
                target.membershipRoot,
                nav,
                supply
            )
        );
        emit IVaultRecord.RebalanceStarted(
            target.id,
            regime,
            target.decisionHash,
            target.membershipRoot,
            nav,
            supply,
            sequence,
            head
        );
    }

    /// @dev Appends RebalanceFinished.
    function rebalanceFinished(
        LedgerHead.State storage self,
        IRebalancer.Target memory target,
        Finish memory finish
    ) external {
        string memory regime = word(target.regime);
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(
                IVaultRecord.RebalanceFinished.selector,
                target.id,
                regime,
                finish.nav,
                finish.supply,
                finish.costBps,
                finish.legs,
                finish.skips,
                target.twinLevel
            )
        );
        emit IVaultRecord.RebalanceFinished(
            target.id,
            regime,
            finish.nav,
            finish.supply,
            finish.costBps,
            finish.legs,
            finish.skips,
            target.twinLevel,
            sequence,
            head
        );
    }

    /// @dev Appends RedeemedInKind.
    function redeemedInKind(
        LedgerHead.State storage self,
        address owner,
        address receiver,
        uint256 shares,
        Exit memory exit
    ) external {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(
                IVaultRecord.RedeemedInKind.selector,
                owner,
                receiver,
                shares,
                exit.assets,
                exit.tokens,
                exit.amounts,
                exit.delivered
            )
        );
        emit IVaultRecord.RedeemedInKind(
            owner,
            receiver,
            shares,
            exit.assets,
            exit.tokens,
            exit.amounts,
            exit.delivered,
            sequence,
            head
        );
    }

    function word(IRebalancer.Regime regime) private pure returns (string memory) {
        return regime == IRebalancer.Regime.Bull ? "bull" : "bear";
    }
}
