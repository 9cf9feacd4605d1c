"""Turns the inputs of inputs.ts (standard input) into reference values (JSON files in this folder).

Independent of src: numpy, scipy, pandas and statsmodels from Debian, other algorithms where there is a choice
(every division tried for the jump model, cut and spread for caps, a generic optimizer for the likelihood).
"""

import itertools
import json
import math
import pathlib
import sys
import warnings

import numpy as np
import pandas as pd
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

FOLDER = pathlib.Path(__file__).parent
ORIGIN = {
    "script": "test/vectors/reference.py",
    "numpy": np.__version__,
    "scipy": scipy.__version__,
    "pandas": pd.__version__,
    "statsmodels": statsmodels.__version__,
}
A = 52


def write(name, document):
    text = json.dumps({"origin": ORIGIN, **document}, indent=1)
    (FOLDER / f"{name}.json").write_text(text + "\n")


def sharpe(x):
    s = np.std(x, ddof=1)
    return 0.0 if s == 0 else float(np.mean(x) / s)


def psr(x, threshold):
    sr = np.mean(x) / np.std(x, ddof=1)
    s, k = stats.skew(x, bias=True), stats.kurtosis(x, fisher=False, bias=True)
    z = (sr - threshold) * math.sqrt(len(x) - 1) / math.sqrt(1 - s * sr + (k - 1) / 4 * sr**2)
    return float(stats.norm.cdf(z))


def metrics(r):
    level = pd.Series(np.concatenate([[1.0], np.cumprod(1 + r)]))
    drawdown = (level / level.cummax() - 1).to_numpy()[1:]
    n, end = len(r), level.iloc[-1]
    cagr = end ** (A / n) - 1
    ulcer = 100 * np.sqrt(np.mean(drawdown**2))
    var = np.quantile(r, 0.05)
    under = "".join("1" if d < 0 else "0" for d in drawdown)
    return {
        "periods": n,
        "total_return": end - 1,
        "cagr": cagr,
        "vol_annual": np.std(r, ddof=1) * math.sqrt(A),
        "sharpe": np.mean(r) / np.std(r, ddof=1) * math.sqrt(A),
        "sortino": A * np.mean(r) / (math.sqrt(A) * np.sqrt(np.mean(np.minimum(r, 0) ** 2))),
        "max_drawdown": drawdown.min(),
        "longest_drawdown_periods": max(len(run) for run in under.split("0")),
        "calmar": cagr / -drawdown.min(),
        "ulcer_index_pct": ulcer,
        "martin_ratio": cagr / (ulcer / 100),
        "var95_historical": var,
        "cvar95_historical": r[r <= var].mean(),
        "skewness_biased": stats.skew(r, bias=True),
        "kurtosis_biased": stats.kurtosis(r, fisher=False, bias=True),
        "psr_vs_0": psr(r, 0.0),
    }


def relative(r, b):
    cov = np.cov(r, b, ddof=1)
    beta = cov[0, 1] / cov[1, 1]
    active = r - b
    return {
        "beta": beta,
        "alpha_annual": A * (r.mean() - beta * b.mean()),
        "correlation": np.corrcoef(r, b)[0, 1],
        "tracking_error_annual": active.std(ddof=1) * math.sqrt(A),
        "information_ratio": active.mean() / active.std(ddof=1) * math.sqrt(A),
        "psr_vs_benchmark": psr(r, b.mean() / b.std(ddof=1)),
    }


def floats(figures):
    return {key: float(value) for key, value in figures.items()}


def write_metrics(inputs):
    r, b = np.array(inputs["returns"]), np.array(inputs["benchmark"])
    write(
        "metrics",
        {
            "returns": inputs["returns"],
            "benchmark": inputs["benchmark"],
            "metrics": floats(metrics(r)),
            "relative": floats(relative(r, b)),
        },
    )


def write_normal():
    xs = [-20.5, -8.0, -5.0, -3.5, -3.0, -2.999, -1.0, -0.1, -1e-9, 0.0, 0.3, 1.96, 2.5, 3.0, 3.1, 4.2, 6.0]
    ps = [1e-300, 1e-20, 1e-9, 1e-4, 0.01, 0.025, 0.05, 0.3, 0.5, 0.7, 0.95, 0.975, 0.999, 1 - 1e-9]
    write(
        "normal",
        {
            "cdf": [[x, float(stats.norm.cdf(x))] for x in xs],
            "quantile": [[p, float(stats.norm.ppf(p))] for p in ps],
        },
    )


def by_variance(params):
    """statsmodels' order is p[0->0], p[1->0], const[0], const[1], sigma2[0], sigma2[1]."""
    p00, p10, m0, m1, v0, v1 = map(float, params)
    first, second = (m0, v0, p00), (m1, v1, 1 - p10)
    calm, turbulent = sorted([first, second], key=lambda state: state[1])
    means, variances, stays = zip(calm, turbulent)
    return {"means": list(means), "variances": list(variances), "stays": list(stays)}


def markov_case(returns):
    """statsmodels on the unscaled returns: its search and its own optimizer, then a simplex of its likelihood."""
    y = np.array(returns)
    model = MarkovRegression(y, k_regimes=2, trend="c", switching_variance=True)
    best = None
    for seed in range(6):
        np.random.seed(seed)
        try:
            fitted = model.fit(search_reps=15, disp=False, maxiter=500)
        except RuntimeError:  # its optimizer left the parameter space
            continue
        if np.isfinite(fitted.llf) and (best is None or fitted.llf > best.llf):
            best = fitted

    for stay in (0.9, 0.97):  # its random search may miss persistent states
        start = np.array([stay, 1 - stay, y.mean(), y.mean(), 0.3 * y.var(), 2 * y.var()])
        try:
            fitted = model.fit(start_params=start, search_reps=0, disp=False, maxiter=500)
        except RuntimeError:
            continue
        if np.isfinite(fitted.llf) and fitted.llf > best.llf:
            best = fitted

    def free(params):
        p00, p10, m0, m1, v0, v1 = params
        return np.array([np.log(p00 / (1 - p00)), np.log(p10 / (1 - p10)), m0 * 30, m1 * 30, np.log(v0), np.log(v1)])

    def bound(x):
        return np.array(
            [1 / (1 + np.exp(-x[0])), 1 / (1 + np.exp(-x[1])), x[2] / 30, x[3] / 30, np.exp(x[4]), np.exp(x[5])]
        )

    x = free(best.params)
    for _ in range(3):
        options = {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 6000, "maxfev": 6000}
        x = optimize.minimize(lambda v: -model.loglike(bound(v)), x, method="Nelder-Mead", options=options).x
    params = bound(x)
    # At given parameters filter, smoother and likelihood have one right value.
    fixed = by_variance([0.92, 0.15, 0.012, -0.02, 0.003, 0.02])
    at_fixed = model.smooth(np.array([0.92, 0.15, 0.012, -0.02, 0.003, 0.02]))
    return {
        "returns": returns,
        "fixed": {
            **fixed,
            "logLikelihood": float(at_fixed.llf),
            "filteredCalm": at_fixed.filtered_marginal_probabilities[:, 0].tolist(),
            "smoothedCalm": at_fixed.smoothed_marginal_probabilities[:, 0].tolist(),
        },
        "fit": {**by_variance(params), "logLikelihood": float(model.loglike(params))},
    }


def features(r):
    series = pd.Series(r)
    columns = {}
    for half_life in (4, 13):
        gain = series.ewm(halflife=half_life).mean()
        downside = np.sqrt((np.minimum(series, 0) ** 2).ewm(halflife=half_life).mean())
        with np.errstate(divide="ignore", invalid="ignore"):
            columns[f"return-{half_life}"] = gain
            columns[f"log-downside-{half_life}"] = np.log(downside)
            columns[f"ratio-{half_life}"] = gain / downside
    frame = pd.DataFrame(columns)
    return frame[np.isfinite(frame).all(axis=1)]


def objective(points, labels, penalty):
    total = penalty * np.count_nonzero(np.diff(labels))
    for state in (0, 1):
        members = points[labels == state]
        if len(members):
            total += 0.5 * ((members - members.mean(axis=0)) ** 2).sum()
    return float(total)


def exhaustive(points, penalty):
    """Every division of the points in two; the first point has the first label."""
    best = (math.inf, None)
    for tail in itertools.product((0, 1), repeat=len(points) - 1):
        labels = np.array((0, *tail))
        value = objective(points, labels, penalty)
        if value < best[0]:
            best = (value, labels)
    return {"penalty": penalty, "objective": best[0], "labels": best[1].tolist()}


def viterbi(losses, penalty):
    value, back = losses[0].copy(), []
    for loss in losses[1:]:
        options = value[:, None] + penalty * (1 - np.eye(2))
        back.append(options.argmin(axis=0))
        value = loss + options.min(axis=0)
    labels = [int(value.argmin())]
    for pointers in reversed(back):
        labels.append(int(pointers[labels[-1]]))
    return np.array(labels[::-1])


def random_restarts(points, penalty, restarts=300):
    """Alternating minimization from pairs of random points."""
    generator = np.random.default_rng(0)
    best = (math.inf, None)
    for _ in range(restarts):
        centers = points[generator.choice(len(points), 2, replace=False)]
        labels = None
        for _ in range(100):
            losses = 0.5 * ((points[:, None, :] - centers[None]) ** 2).sum(axis=2)
            next_labels = viterbi(losses, penalty)
            if labels is not None and (next_labels == labels).all():
                break
            labels = next_labels
            if 0 < labels.sum() < len(labels):
                centers = np.array([points[labels == state].mean(axis=0) for state in (0, 1)])
        value = objective(points, labels, penalty)
        if value < best[0] - 1e-12:
            best = (value, labels if labels[0] == 0 else 1 - labels)
    return {"penalty": penalty, "objective": best[0], "labels": best[1].tolist()}


def jump_case(returns, penalties, solve):
    frame = features(returns)
    points = ((frame - frame.mean()) / frame.std(ddof=0)).to_numpy()
    return {
        "returns": returns,
        "first": int(frame.index[0]),
        "features": frame.to_numpy().tolist(),
        "fits": [solve(points, penalty) for penalty in penalties],
    }


def write_jump(inputs):
    simple = [float(x) for x in np.expm1(np.array(inputs["regimes"][1][:150]))]
    write(
        "jump",
        {
            "short": jump_case(inputs["short"], [0.5, 2.0, 5.0], exhaustive),
            "long": jump_case(simple, [1.0, 10.0, 50.0], random_restarts),
        },
    )


def mulberry32(seed):
    state = seed & 0xFFFFFFFF
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((state ^ (state >> 15)) * (1 | state)) & 0xFFFFFFFF
        mixed = ((mixed + ((mixed ^ (mixed >> 7)) * (61 | mixed))) & 0xFFFFFFFF) ^ mixed
        yield ((mixed ^ (mixed >> 14)) & 0xFFFFFFFF) / 4294967296


def bootstrap(r, seed, resamples, mean_block):
    stream = mulberry32(seed)
    histories = []
    for _ in range(resamples):
        index = [math.floor(next(stream) * len(r))]
        while len(index) < len(r):
            if next(stream) < 1 / mean_block:
                index.append(math.floor(next(stream) * len(r)))
            else:
                index.append((index[-1] + 1) % len(r))
        histories.append(r[index])
    figures = {
        "sharpe": [sharpe(h) * math.sqrt(A) for h in histories],
        "cagr": [np.prod(1 + h) ** (A / len(h)) - 1 for h in histories],
        "max_drawdown": [metrics(h)["max_drawdown"] for h in histories],
    }
    return {key: np.quantile(values, [0.025, 0.975]).tolist() for key, values in figures.items()}


def cscv(matrix, blocks):
    parts = np.array_split(np.arange(matrix.shape[0]), blocks)
    logits, chosen, realized = [], [], []
    for past in itertools.combinations(range(blocks), blocks // 2):
        inside = np.concatenate([parts[i] for i in past])
        outside = np.concatenate([parts[i] for i in range(blocks) if i not in past])
        before = np.array([sharpe(column) for column in matrix[inside].T])
        after = np.array([sharpe(column) for column in matrix[outside].T])
        best = before.argmax()
        omega = stats.rankdata(after)[best] / (matrix.shape[1] + 1)
        logits.append(math.log(omega / (1 - omega)))
        chosen.append(before[best])
        realized.append(after[best])
    return {
        "splits": len(logits),
        "pbo": float(np.mean(np.array(logits) <= 0)),
        "median_logit": float(np.median(logits)),
        "probability_of_loss": float(np.mean(np.array(realized) < 0)),
        "degradation_slope": float(np.polyfit(chosen, realized, 1)[0]),
    }


def write_overfit(inputs):
    matrix = np.array(inputs["trials"]).T
    sharpes = np.array([sharpe(column) for column in matrix.T])
    n, best = len(sharpes), int(sharpes.argmax())
    variance = float(sharpes.var(ddof=1))
    gamma = 0.5772156649015329

    def expected(count):
        return math.sqrt(variance) * (
            (1 - gamma) * stats.norm.ppf(1 - 1 / count) + gamma * stats.norm.ppf(1 - 1 / (count * math.e))
        )

    r = matrix[:, best]
    benchmark = sharpe(matrix[:, 0])
    write(
        "overfit",
        {
            "trials": inputs["trials"],
            "best": best,
            "cscv": [{"blocks": blocks, **cscv(matrix, blocks)} for blocks in (4, 8, 10)],
            "figures": {
                "sharpe": sharpes[best] * math.sqrt(A),
                "sharpe_variance": variance,
                "expected_max_sharpe": float(expected(n)),
                "psr_vs_0": psr(r, 0.0),
                "deflated_sharpe": psr(r, expected(n)),
                "psr_vs_benchmark": psr(r, benchmark),
                "deflated_sharpe_vs_benchmark": psr(r, benchmark + expected(n)),
            },
            "deflatedOf500": psr(r, expected(500)),
            "bootstrap": {"seed": 7, "resamples": 200, "meanBlock": 5, **bootstrap(r, 7, 200, 5)},
        },
    )


def capped(sizes, cap):
    """Cut what is above the cap and spread it over the rest in proportion, until all hold."""
    weights = np.array(sizes) / np.sum(sizes)
    fixed = np.zeros(len(weights), dtype=bool)
    while (weights > cap * (1 + 1e-12)).any():
        fixed |= weights > cap * (1 + 1e-12)
        weights[fixed] = cap
        weights[~fixed] *= (1 - cap * fixed.sum()) / weights[~fixed].sum()
    return weights


def index_case(quotes, measure, cap, size):
    """Levels by units and divisor alone, from a table of prices; a price that is missing stays as it was."""
    frame = pd.DataFrame(quotes, columns=["date", "coin", "price", "cap"])
    prices = frame.pivot(index="date", columns="coin", values="price").ffill()
    caps = frame.pivot(index="date", columns="coin", values="cap")
    level, units, levels, weights = 1000.0, None, [], []
    for date in prices.index:
        price = prices.loc[date]
        if units is not None:
            level = float((units * price[units.index]).sum() / divisor)
        ranked = caps.loc[date].dropna().sort_values(ascending=False).head(size)
        w = pd.Series(capped(measure(ranked.to_numpy()), cap), index=ranked.index)
        units = w / price[w.index]
        divisor = (units * price[units.index]).sum() / level
        levels.append(level)
        weights.append({coin: float(value) for coin, value in w.items()})
    return {"cap": cap, "size": size, "dates": list(prices.index), "levels": levels, "weights": weights}


def write_index(inputs):
    quotes = inputs["quotes"]
    write(
        "index",
        {
            "quotes": quotes,
            "cases": [
                {"weighting": "cap", **index_case(quotes, lambda x: x, 1.0, 100)},
                {"weighting": "cap", **index_case(quotes, lambda x: x, 0.3, 100)},
                {"weighting": "square-root", **index_case(quotes, np.sqrt, 0.25, 5)},
                {"weighting": "equal", **index_case(quotes, np.ones_like, 0.5, 6)},
            ],
        },
    )


def main():
    warnings.simplefilter("ignore")
    inputs = json.load(sys.stdin)
    write_normal()
    write_metrics(inputs)
    write_index(inputs)
    write_overfit(inputs)
    write_jump(inputs)
    write("markov", {"cases": [markov_case(returns) for returns in inputs["regimes"]]})


main()
