// Finds instants in sorted spans by bisection.
#include "core/calendar.hpp"

#include <algorithm>

namespace tocsin::core {
namespace {

// The first span that ends after `at`.
Calendar::const_iterator ends_after(const Calendar& calendar, Instant at) {
    return std::partition_point(calendar.begin(), calendar.end(),
                                [&](const Interval& span) { return span.until <= at; });
}

}  // namespace

bool contains(const Calendar& calendar, Instant at) {
    auto span = ends_after(calendar, at);
    return span != calendar.end() && span->contains(at);
}

Instant next_inside(const Calendar& calendar, Instant at) {
    auto span = ends_after(calendar, at);
    if (span == calendar.end()) return at;
    return std::max(at, span->from);
}

std::optional<Instant> next_beginning(const Calendar& calendar, Instant at) {
    auto span = std::partition_point(calendar.begin(), calendar.end(),
                                     [&](const Interval& one) { return one.from <= at; });
    if (span == calendar.end()) return std::nullopt;
    return span->from;
}

}  // namespace tocsin::core
