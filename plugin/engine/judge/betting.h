/* SPDX-License-Identifier: MIT */
/*
 * betting.h - how sure a rate is when the counting was stopped because of what was counted.
 *
 * Somebody bets, attempt by attempt, that the rate is not p.  The bets are fair if it is p,
 * and then the capital reaches 1/alpha times the first stake with odds of alpha at most,
 * however long one plays (Ville, Etude critique de la notion de collectif, 1939).  The
 * interval holds every p against which the bets have not won that much: it may be looked at
 * after every attempt and used to decide whether to go on.  An interval for a count fixed
 * beforehand (stats.h) may not: stopped when it looks good, it is too narrow.
 *
 * Which bets: all constant ones at once, the stake spread over them by a Beta(1/2, 1/2)
 * (Robbins, Statistical methods related to the law of the iterated logarithm, Ann. Math.
 * Stat. 41, 1970; the weights are those of Krichevsky and Trofimov, IEEE Trans. Inf. Theory
 * 27, 1981; in general Waudby-Smith and Ramdas, Estimating means of bounded random variables
 * by betting, J. R. Stat. Soc. B 86, 2024).  The capital then has a closed form in the two
 * counts: there is no state to keep, and merged counts give the interval of the whole.
 */
#ifndef FL_BETTING_H
#define FL_BETTING_H

#include "../model.h"

#include <stdint.h>

/*
 * For `non_pass` of `total` attempts at `level`, e.g. 0.95: the true rate has been inside
 * after every attempt so far, with that probability.  Right within 1e-9 up to 10^6
 * attempts.  No attempts: [0, 1].  More non-passes than attempts count as all.
 */
struct fl_interval fl_betting_interval(uint64_t non_pass, uint64_t total, double level);

#endif
