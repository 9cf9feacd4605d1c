# A straightforward vectorised weekly backtest in pandas and a CSCV in numpy, timed: what npm run bench:research is
# measured against. Prints one JSON object. Arguments: the daily CoinGecko file and the list of coins.
import itertools
import json
import sys
import time

import numpy as np
import pandas as pd

daily, coins = sys.argv[1:3]
times = {}


def timed(name, work):
    start = time.perf_counter()
    result = work()
    times[name] = 1000 * (time.perf_counter() - start)
    return result


def load():
    rows = pd.read_csv(daily, parse_dates=["date"])
    flags = pd.read_csv(coins).set_index("coin_id")[["is_stablecoin", "is_wrapped_or_staked", "is_rwa_or_commodity"]]
    left_out = set(flags[flags.sum(axis=1) > 0].index)
    wide = lambda column: rows.pivot(index="date", columns="coin_id", values=column).asfreq("D")
    price, cap, volume = wide("price_usd"), wide("market_cap_usd"), wide("volume_usd")
    keep = [coin for coin in price.columns if coin not in left_out]
    return price[keep], cap[keep], volume[keep]


def features(frames):
    price, cap, volume = frames
    average = cap.where(cap > 0).rolling(7, min_periods=4).mean()
    median = volume.rolling(30, min_periods=15).median()
    sundays = price.index[price.index.weekday == 6]
    return price.loc[sundays], average.loc[sundays], median.loc[sundays]


def backtest(weekly):
    price, average, median = weekly
    ranked = average.where((median >= 1e6) & price.notna()).rank(axis=1, ascending=False, method="first")
    members = average.where(ranked <= 100)
    weights = members.div(members.sum(axis=1), axis=0)
    returns = (price / price.shift(1) - 1).fillna(0)
    index = (weights.shift(1).fillna(0) * returns).sum(axis=1)
    level = (1 + index).cumprod()
    votes = [level > level.rolling(n).mean() for n in (10, 20, 40)] + [level > level.shift(n) for n in (12, 26)]
    score = sum(vote.astype(int) for vote in votes)
    held = (score >= 3).astype(float).shift(1).fillna(0)
    net = (1 + index * held) * np.where(held != held.shift(1), 0.995, 1) - 1
    return net[(net.index >= "2018-01-07") & (net.index <= "2024-12-31")]


def cscv(trials, blocks):
    parts = [part for part in np.array_split(trials, blocks)]
    counts = np.array([len(part) for part in parts])
    sums = np.array([part.sum(axis=0) for part in parts])
    squares = np.array([(part**2).sum(axis=0) for part in parts])

    def sharpe(chosen):
        count = counts[chosen].sum()
        mean = sums[chosen].sum(axis=0) / count
        return mean / np.sqrt((squares[chosen].sum(axis=0) - count * mean**2) / (count - 1))

    below = 0
    splits = list(itertools.combinations(range(blocks), blocks // 2))
    for past in splits:
        future = [block for block in range(blocks) if block not in past]
        outcome = sharpe(future)
        rank = (outcome < outcome[np.argmax(sharpe(list(past)))]).sum() + 1
        below += rank / (trials.shape[1] + 1) <= 0.5
    return below / len(splits)


frames = timed("import", load)
weekly = timed("features", lambda: features(frames))
timed("backtest", lambda: backtest(weekly))
net = timed("backtest", lambda: backtest(weekly))
timed("cscv", lambda: cscv(np.random.default_rng(1).normal(0.002, 0.05, (365, 1000)), 16))
print(json.dumps({"times": times, "cagr": (1 + net).prod() ** (52 / len(net)) - 1, "weeks": len(net)}))
