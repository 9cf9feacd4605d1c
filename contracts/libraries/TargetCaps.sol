// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AssetSet} from "./AssetSet.sol";
import {CASH, ETHER, PPM} from "./FundConstants.sol";

/// @title How much of a target each asset may be, by its tier. `src/plan/caps.ts` keeps the same rules.
library TargetCaps {
    using AssetSet for uint256;

    /// @dev {ppm} Bitcoin in each of its wrapped forms: 80%.
    uint256 internal constant BITCOIN_CAP = 800_000;
    /// @dev {ppm} Wrapped ether: 40%.
    uint256 internal constant ETHER_CAP = 400_000;
    /// @dev {ppm} Any other asset with a feed: 15%.
    uint256 internal constant FEED_CAP = 150_000;
    /// @dev {ppm} An asset that a pool prices: 1%.
    uint256 internal constant POOL_CAP = 10_000;
    /// @dev {ppm} All assets that pools price, together: 10%.
    uint256 internal constant POOLS_CAP = 100_000;
    /// @dev {ppm} An asset in its first 30 days: 1%.
    uint256 internal constant YOUNG_CAP = 10_000;
    /// @dev {ppm} What one issuer of a stablecoin may hold: 60%.
    uint256 internal constant ISSUER_CAP = 600_000;
    /// @dev {ppm} No cap is below this: what weighs no more needs no further look.
    uint256 internal constant SMALLEST_CAP = 10_000;

    /// @dev Sets of assets, one bit each, that decide on the caps.
    struct Tiers {
        uint256 stable;
        uint256 young;
        uint256 bitcoin;
        uint256 fed; // priced by a feed
        uint256 cashCap; // {ppm} of the deposit coin
        uint256 issuerCap; // {ppm} of any other stablecoin
    }

    /// @dev {ppm} The most that a target may give an asset.
    function capOf(Tiers memory tiers, uint256 asset) internal pure returns (uint256) {
        if (tiers.young.has(asset)) return YOUNG_CAP;
        if (asset == CASH) return tiers.cashCap;
        if (tiers.stable.has(asset)) return tiers.issuerCap;
        if (tiers.bitcoin.has(asset)) return BITCOIN_CAP;
        if (asset == ETHER) return ETHER_CAP;
        return tiers.fed.has(asset) ? FEED_CAP : POOL_CAP;
    }

    /// @dev The assets that share the cap of those without a feed.
    function pooled(Tiers memory tiers) internal pure returns (uint256) {
        return ~(tiers.fed | tiers.stable | tiers.bitcoin).with(CASH).with(ETHER);
    }

    /// @dev In a bull target the deposit coin is free: it is what is not in the market yet.
    function inBull(Tiers memory tiers) internal pure {
        (tiers.cashCap, tiers.issuerCap) = (PPM, ISSUER_CAP);
    }

    /// @dev With fewer than two stablecoins to go to, a limit an issuer would keep the fund out of the only safe one.
    function inBear(Tiers memory tiers, uint256 usable) internal pure {
        uint256 cap = (usable & ~tiers.young).size() < 2 ? PPM : ISSUER_CAP;
        (tiers.cashCap, tiers.issuerCap) = (cap, cap);
    }
}
