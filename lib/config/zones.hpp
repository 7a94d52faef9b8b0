#pragma once
// Time zones: local times of schedules and working hours as UTC, by the system's tz database.

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "config/oncall.hpp"
#include "core/calendar.hpp"

namespace tocsin::config {

/// What is wrong with the name of an IANA time zone; nullopt: it is known.
[[nodiscard]] std::optional<std::string> zone_problem(const std::string& name);

/// A clock's reading in the zone as UTC: a reading that it shows twice is the first of the two, one
/// that a clock change skips is the instant of the change. An unknown zone counts as UTC.
[[nodiscard]] Instant from_local(const std::string& zone, Instant reading);
/// What a clock in the zone shows at that instant, as if it were UTC.
[[nodiscard]] Instant to_local(const std::string& zone, Instant instant);
/// A written time as an instant; the zone counts when no offset was written.
[[nodiscard]] Instant instant_of(const WrittenTime& time, const std::string& zone);

/// The intervals of UTC at which the local weekly hours are, for days that begin in [from, until).
/// Empty `days` are all days. Local times that a clock change skips begin when it does.
[[nodiscard]] core::Calendar expand_hours(const std::string& zone, const std::vector<Weekday>& days,
                                          Hours hours, Instant from, Instant until);

/// `Sat 2026-01-03 00:00`, in UTC, for people.
[[nodiscard]] std::string moment(Instant instant);

/// A year on which schedules are checked: coverage repeats weekly but for clock changes, so any
/// whole year shows every kind of gap, and a fixed one keeps `check` independent of when it runs.
inline constexpr core::Interval year_of_checks{
    .from = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1),
    .until = std::chrono::sys_days(std::chrono::year(2027) / 1 / 1)};

}  // namespace tocsin::config
