#pragma once
// The team of the simulated year: its rules, its pagers, and schedules that are reorganised.

#include <random>
#include <string>

#include "core/ruleset.hpp"

namespace tocsin::year {

using Random = std::mt19937_64;

inline std::uint64_t below(Random& random, std::uint64_t bound) {
    return random() % bound;
}
inline bool chance(Random& random, unsigned percent) {
    return below(random, 100) < percent;
}
inline Duration between(Random& random, Duration least, Duration most) {
    return least +
           seconds(below(random, static_cast<std::uint64_t>((most - least) / seconds(1) + 1)));
}

Instant first_day();
const std::vector<std::string>& people();

/// Who is on duty from a reorganisation until the next one; expanded anew every day.
struct Organisation {
    std::vector<std::string> first_line;  // the shifts of a day, in turn
    std::vector<std::string> infra;
    int shift_hours = 8;
    Duration wait = minutes(5);
};
Organisation reorganise(Random& random);

/// `version` changes what is known of the rules, not what they decide.
core::RulesetPtr ruleset_of(const Organisation& organisation, Instant today, bool sabotaged);

}  // namespace tocsin::year
