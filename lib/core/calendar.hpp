#pragma once
// Calendar: sorted spans of UTC (working hours, shifts, windows) and the next instant inside them.

#include <optional>
#include <vector>

#include "base/time.hpp"

namespace tocsin::core {

/// From inclusive, until exclusive.
struct Interval {
    Instant from;
    Instant until;
    [[nodiscard]] bool contains(Instant at) const { return from <= at && at < until; }
    auto operator<=>(const Interval&) const = default;
};

/// Sorted, not overlapping; lib/config expands local hours into it for about a year ahead.
using Calendar = std::vector<Interval>;

[[nodiscard]] bool contains(const Calendar& calendar, Instant at);
/// `at` itself if it lies inside, else the next beginning; `at` when nothing follows or the
/// calendar is empty: what cannot be put off is done now.
[[nodiscard]] Instant next_inside(const Calendar& calendar, Instant at);
/// The next beginning strictly after `at`.
[[nodiscard]] std::optional<Instant> next_beginning(const Calendar& calendar, Instant at);

}  // namespace tocsin::core
