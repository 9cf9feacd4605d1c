// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MockFeed} from "./MockFeed.sol";

/// @title Updates many feeds in one transaction.
contract FeedReporter {
    /// @notice The lists have different lengths.
    error ReportLengthsDiffer(uint256 feeds, uint256 answers);

    /// @notice Opens a round on each feed, written now.
    /// @param feeds Aggregators, not their proxies.
    /// @param answers One answer a feed, in the same order, with the feed's decimals.
    function report(MockFeed[] calldata feeds, int192[] calldata answers) external {
        require(feeds.length == answers.length, ReportLengthsDiffer(feeds.length, answers.length));
        for (uint256 i = 0; i < feeds.length; ++i) {
            // Safe because 64 bits hold every time that matters.
            feeds[i].setAnswer(answers[i], uint64(block.timestamp));
        }
    }
}
