// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IVaultRecord} from "../../../contracts/interfaces/IVaultRecord.sol";
import {IVm, VM} from "../Vm.sol";
import {LawWorld} from "./LawWorld.sol";

/// @title Reads the log as a stranger does, and works out the head of the ledger from it.
abstract contract LawRecord is LawWorld {
    /// @dev How the arguments of each line stand in its event: i indexed, s one word, d of any length. The last two, the
    /// sequence and the head, are left out.
    mapping(bytes32 topic => string layout) private _layouts;
    /// @dev How many lines of each kind there were.
    mapping(bytes32 topic => uint256 count) internal _lines;
    uint256 internal _sequence;
    bytes26 internal _head;

    /// @notice An event of the vault that this file does not know: add its layout, or name it as no line.
    error LawEventUnknown(bytes32 topic);
    /// @notice The line does not follow on the one before it.
    error LawLineWrong(bytes32 topic, uint256 sequence, bytes26 expected, bytes26 found);

    function setUp() public virtual override {
        _nameLayouts();
        VM.recordLogs();
        super.setUp();
    }

    function _nameLayouts() private {
        _layouts[IVaultRecord.AssetListed.selector] = "iidss";
        _layouts[IVaultRecord.AssetDelisted.selector] = "iis";
        _layouts[IVaultRecord.TargetPublished.selector] = "idssssssdd";
        _layouts[IVaultRecord.TargetVetoed.selector] = "ii";
        _layouts[IVaultRecord.ExitBudgetRaised.selector] = "ii";
        _layouts[IVaultRecord.RebalanceStarted.selector] = "idssss";
        _layouts[IVaultRecord.LegExecuted.selector] = "isssiisssss";
        _layouts[IVaultRecord.LegSkipped.selector] = "isiid";
        _layouts[IVaultRecord.RebalanceFinished.selector] = "idssssss";
        _layouts[IVaultRecord.RebalanceClosed.selector] = "idd";
        _layouts[IVaultRecord.DepositRequested.selector] = "iiis";
        _layouts[IVaultRecord.RedemptionRequested.selector] = "iiis";
        _layouts[IVaultRecord.DepositCancelled.selector] = "iiis";
        _layouts[IVaultRecord.RedemptionCancelled.selector] = "iiis";
        _layouts[IVaultRecord.DepositsStruck.selector] = "isssss";
        _layouts[IVaultRecord.RedemptionsStruck.selector] = "isssss";
        _layouts[IVaultRecord.DepositClaimed.selector] = "iiss";
        _layouts[IVaultRecord.RedemptionClaimed.selector] = "iiss";
        _layouts[IVaultRecord.RedeemedInKind.selector] = "iisdddd";
        _layouts[IVaultRecord.InKindClaimed.selector] = "iiis";
        _layouts[IVaultRecord.LevelPublished.selector] = "idsss";
        _layouts[IVaultRecord.RoundTripCompleted.selector] = "iissss";
        _layouts[IVaultRecord.RewardPaid.selector] = "iisis";
        _layouts[IVaultRecord.FeeAccrued.selector] = "isss";
        _layouts[IVaultRecord.RedeemedUnitsSetAside.selector] = "isddd";
        _layouts[IVaultRecord.RedeemedUnitsCredited.selector] = "iddd";
        _layouts[IVaultRecord.AssetQuarantined.selector] = "iid";
        _layouts[IVaultRecord.AssetReleased.selector] = "iid";
        _layouts[IVaultRecord.BooksWrittenDown.selector] = "iiss";
        _layouts[IVaultRecord.SurplusSwept.selector] = "iis";
        _nameOtherEvents();
    }

    function _nameOtherEvents() private {
        // No lines: what the standards ask for, and what changes no holding.
        _layouts[keccak256("Transfer(address,address,uint256)")] = "-";
        _layouts[keccak256("Approval(address,address,uint256)")] = "-";
        _layouts[keccak256("Deposit(address,address,uint256,uint256)")] = "-";
        _layouts[keccak256("Withdraw(address,address,address,uint256,uint256)")] = "-";
        _layouts[keccak256("DepositRequest(address,address,uint256,address,uint256)")] = "-";
        _layouts[keccak256("RedeemRequest(address,address,uint256,address,uint256)")] = "-";
        _layouts[keccak256("OperatorSet(address,address,bool)")] = "-";
        _layouts[keccak256("AuthorityUpdated(address)")] = "-";
        _layouts[IVaultRecord.BitcoinNamed.selector] = "-";
        _layouts[IVaultRecord.TradingRuleSet.selector] = "-";
        _layouts[IVaultRecord.FeesChanged.selector] = "-";
        _layouts[IVaultRecord.DepositCapChanged.selector] = "-";
        _layouts[IVaultRecord.DepositsPaused.selector] = "-";
    }

    /// @dev Law 6: the head recomputed from the log equals the head on chain.
    function _readLog() internal {
        IVm.Log[] memory logs = VM.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].emitter == address(_vault)) _readLine(logs[i]);
        }
        (uint256 sequence, bytes26 head) = _vault.ledger();
        require(sequence == _sequence && head == _head, LawLineWrong(0, sequence, _head, head));
    }

    function _readLine(IVm.Log memory log) private {
        string memory layout = _layouts[log.topics[0]];
        require(bytes(layout).length != 0, LawEventUnknown(log.topics[0]));
        if (bytes(layout)[0] == "-") return;
        (bytes memory fields, uint256 sequence, bytes26 found) = this.lineOf(log.topics, log.data, bytes(layout));
        _sequence++;
        _lines[log.topics[0]]++;
        _head = bytes26(keccak256(abi.encode(_head, block.chainid, address(_vault), _sequence, keccak256(fields))));
        require(sequence == _sequence && found == _head, LawLineWrong(log.topics[0], sequence, _head, found));
    }

    /// @notice What a line says: abi.encode(topic 0, every argument but sequence and head), and these two.
    function lineOf(
        bytes32[] calldata topics,
        bytes calldata data,
        bytes calldata layout
    ) external pure returns (bytes memory fields, uint256 sequence, bytes26 head) {
        // Without the indexed ones, and with topic 0, sequence and head, the words before the tails.
        uint256 oldHead = 32 * (layout.length + 3 - topics.length);
        uint256 newHead = 32 * (layout.length + 1);
        fields = bytes.concat(topics[0]);
        uint256 topic = 1;
        uint256 at = 0;
        for (uint256 i = 0; i < layout.length; i++) {
            if (layout[i] == "i") {
                fields = bytes.concat(fields, topics[topic++]);
                continue;
            }
            uint256 value = uint256(bytes32(data[at:at + 32]));
            at += 32;
            // Tails moved along with the words before them.
            if (layout[i] == "d") value = value + newHead - oldHead;
            fields = bytes.concat(fields, bytes32(value));
        }
        sequence = uint256(bytes32(data[at:at + 32]));
        head = bytes26(data[at + 32:at + 58]);
        fields = bytes.concat(fields, data[oldHead:]);
    }
}
