#pragma once
// Time zones: local times of schedules and working hours as UTC, by the system's tz database.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "config/oncall.hpp"

namespace tocsin::config {

/// What is wrong with the name of an IANA time zone; nullopt: it is known.
[[nodiscard]] std::optional<std::string> zone_problem(const std::string& name);

using Interval = std::pair<Instant, Instant>;  // from, until

/// The intervals of UTC at which the local weekly hours are, for days that begin in [from, until).
/// Empty `days` are all days. Local times that a clock change skips begin when it does.
[[nodiscard]] std::vector<Interval> expand_hours(const std::string& zone,
                                                 const std::vector<Weekday>& days, Hours hours,
                                                 Instant from, Instant until);

}  // namespace tocsin::config
