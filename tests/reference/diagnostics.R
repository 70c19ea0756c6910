# Reference numbers for the diagnostics: run it to print them; tests/explainers/test_diagnostics_reference.py holds the
# output. Needs lmtest, car and nortest (Debian: r-cran-lmtest, r-cran-car, r-cran-nortest).
#
#     Rscript tests/reference/diagnostics.R
#
# Rows are every fifth house of saratoga_prices, the 30 years of one state of cigarette_demand, and every fifth
# application of boston_mortgages, in the order of their files.
suppressMessages({library(lmtest); library(car); library(nortest)})
options(digits = 15)
show <- function(name, ...) cat(sprintf("    \"%s\": (%s),\n", name, paste(sprintf("%.15g", c(...)), collapse = ", ")))

houses <- read.csv("sample_data/saratoga_prices/data.csv", na.strings = "")
houses <- houses[seq(1, nrow(houses), 5), ]
fit <- lm(sale_price ~ living_area + house_age + bathrooms + sewer, data = houses)
e <- residuals(fit)
r <- resettest(fit, power = 2:3, type = "fitted");              show("reset", r$statistic, r$p.value)
r <- bptest(fit);                                               show("breusch_pagan", r$statistic, r$p.value)
X <- model.matrix(fit)
products <- do.call(cbind, lapply(seq_len(ncol(X)), function(i) X[, i] * X[, i:ncol(X), drop = FALSE]))
w <- lm(e^2 ~ products - 1)
u <- summary(lm(e^2 ~ products))
df <- w$rank - 1
show("white", nrow(X) * u$r.squared, pchisq(nrow(X) * u$r.squared, df, lower.tail = FALSE), df)
m <- e - mean(e); s <- mean(m^2)
jb <- length(e) / 6 * ((mean(m^3) / s^1.5)^2 + (mean(m^4) / s^2 - 3)^2 / 4)
show("jarque_bera", jb, pchisq(jb, 2, lower.tail = FALSE))
r <- ad.test(e);                                                show("anderson_darling", r$statistic, r$p.value)
r <- lillie.test(e);                                            show("lilliefors", r$statistic, r$p.value)
v <- vif(fit);                                                  show("gvif", v[, 1], v[, 2])
show("cook", head(cooks.distance(fit), 5), max(cooks.distance(fit)))
show("leverage", head(hatvalues(fit), 5), max(hatvalues(fit)))
sv <- svd(scale(X[, -1]))$d
show("condition_number", max(sv) / min(sv))
bins <- cut(houses$land_value, quantile(houses$land_value, 0:4 / 4), include.lowest = TRUE)
r <- oneway.test(e ~ bins, var.equal = TRUE);                   show("one_way", r$statistic, r$p.value)

cigarettes <- read.csv("sample_data/cigarette_demand/data.csv")
one <- cigarettes[cigarettes$state == cigarettes$state[1], ]
line <- lm(log(packs_per_capita) ~ log(real_price) + log(real_income_per_capita), data = one)
r <- dwtest(line, alternative = "two.sided", exact = FALSE);    show("durbin_watson", r$statistic, r$p.value)
r <- Box.test(residuals(line), lag = 6, type = "Ljung-Box");    show("ljung_box", r$statistic, r$p.value)

loans <- read.csv("sample_data/boston_mortgages/data.csv")
loans <- loans[seq(1, nrow(loans), 5), ]
glm1 <- glm((denied == "yes") ~ debt_payments_to_income + loan_to_value + public_bad_credit, binomial, loans,
            control = list(epsilon = 1e-14, maxit = 100))
glm1 <- update(glm1, start = coef(glm1))  # its weights are those of the step before the last
eta <- glm1$linear.predictors
glm2 <- update(glm1, . ~ . + I(eta^2) + I(eta^3), start = NULL)
lr <- deviance(glm1) - deviance(glm2)
show("link_test", lr, pchisq(lr, 2, lower.tail = FALSE))
show("cook_logistic", head(cooks.distance(glm1), 5), max(cooks.distance(glm1)))
