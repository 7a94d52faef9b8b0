// The only file that asks the tz database (through date/tz.h, which throws).
#include "config/zones.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"

namespace tocsin::config {
namespace {

const date::time_zone* find_zone(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

Instant to_utc(const date::time_zone& zone, date::local_days day, int minutes) {
    const date::local_seconds local = day + std::chrono::minutes(minutes);
    const auto utc = zone.to_sys(local, date::choose::earliest);
    return Instant(utc.time_since_epoch());
}

}  // namespace

std::optional<std::string> zone_problem(const std::string& name) {
    if (find_zone(name) != nullptr) return std::nullopt;
    if (find_zone("Europe/London") == nullptr) {
        return "time zones cannot be looked up: the package tzdata is missing";
    }
    return "unknown time zone `" + truncate(name, 80) + "` (expected a name such as Europe/London)";
}

Instant from_local(const std::string& zone, Instant reading) {
    const date::time_zone* found = find_zone(zone);
    if (found == nullptr) return reading;
    const date::local_time<Duration> local(reading.time_since_epoch());
    return Instant(found->to_sys(local, date::choose::earliest).time_since_epoch());
}

Instant to_local(const std::string& zone, Instant instant) {
    const date::time_zone* found = find_zone(zone);
    if (found == nullptr) return instant;
    return Instant(found->to_local(instant).time_since_epoch());
}

Instant instant_of(const WrittenTime& time, const std::string& zone) {
    return time.has_offset ? time.time : from_local(zone, time.time);
}

core::Calendar expand_hours(const std::string& zone, const std::vector<Weekday>& days, Hours hours,
                            Instant from, Instant until) {
    core::Calendar intervals;
    const date::time_zone* found = find_zone(zone);
    if (found == nullptr) return intervals;
    const int next_day = hours.to > hours.from ? 0 : 24 * 60;  // ends on the next day
    const auto first = std::chrono::floor<date::days>(from);
    for (auto day = first; day < until; day += date::days(1)) {
        const date::local_days local(day.time_since_epoch());
        const unsigned iso = date::weekday(local).iso_encoding() - 1;  // 0: Monday
        const auto today = static_cast<Weekday>(iso);
        const bool wanted =
            days.empty() || std::find(days.begin(), days.end(), today) != days.end();
        if (!wanted) continue;
        const core::Interval one{.from = to_utc(*found, local, hours.from),
                                 .until = to_utc(*found, local, hours.to + next_day)};
        if (one.from < one.until) intervals.push_back(one);  // else a clock change skips it
    }
    return intervals;
}

}  // namespace tocsin::config
