# Turns the inputs of inputs.ts (standard input, as `name: number, number, ...` lines) into r.json in this folder.
# Independent of src and of reference.py: base R, tseries and TTR from Debian.
suppressMessages({ library(tseries); library(TTR) })

lines <- readLines("stdin")
values <- lapply(strsplit(lines, ": "), function(parts) as.numeric(strsplit(parts[2], ",")[[1]]))
names(values) <- sub(":.*", "", lines)
r <- values$returns
a <- 52

level <- cumprod(1 + r)
fall <- tseries::maxdrawdown(c(0, log(level)))$maxdrawdown
dd <- c(1, level) / cummax(c(1, level)) - 1
sr <- mean(r) / sd(r)
m <- function(k) mean((r - mean(r))^k)
s <- m(3) / m(2)^1.5
k <- m(4) / m(2)^2
var95 <- unname(quantile(r, 0.05, type = 7))
window <- 13

figures <- list(
  total_return = tail(level, 1) - 1,
  cagr = tail(level, 1)^(a / length(r)) - 1,
  vol_annual = sd(r) * sqrt(a),
  sharpe = as.numeric(tseries::sharpe(c(0, cumsum(r)), r = 0, scale = sqrt(a))),
  max_drawdown = exp(-fall) - 1,
  ulcer_index_pct = 100 * sqrt(mean(dd[-1]^2)),
  var95_historical = var95,
  cvar95_historical = mean(r[r <= var95]),
  skewness_biased = s,
  kurtosis_biased = k,
  psr_vs_0 = pnorm(sr * sqrt(length(r) - 1) / sqrt(1 - s * sr + (k - 1) / 4 * sr^2)),
  deviation_of_last_window = tail(TTR::runSD(r, n = window, sample = TRUE), 1)
)

number <- function(x) format(x, digits = 17)
body <- paste0('  "', names(figures), '": ', vapply(figures, number, ""), collapse = ",\n")
origin <- paste0(
  '{ "script": "test/vectors/reference.R", "R": "', getRversion(), '", "tseries": "', packageVersion("tseries"),
  '", "TTR": "', packageVersion("TTR"), '" }'
)
file <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
writeLines(paste0('{\n "origin": ', origin, ',\n "window": ', window, ',\n "figures": {\n', body, "\n }\n}"),
  file.path(dirname(file), "r.json"))
