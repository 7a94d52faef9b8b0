#pragma once
// The people of oncall.yaml as values (design §4.3), and weekly hours.

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace tocsin::config {

enum class Weekday : std::uint8_t { mon, tue, wed, thu, fri, sat, sun };

/// A time as people write it. Without an offset it is what a clock shows in a zone that stands
/// beside it, and `time` is that reading, as if it were UTC.
struct WrittenTime {
    Instant time;
    bool has_offset = false;
    bool operator==(const WrittenTime&) const = default;
};

/// Minutes of the local day. `to` at or before `from` ends on the next day.
struct Hours {
    int from = 0;
    int to = 24 * 60;
    bool operator==(const Hours&) const = default;
};

struct WorkingHours {
    std::vector<Weekday> days = {Weekday::mon, Weekday::tue, Weekday::wed, Weekday::thu,
                                 Weekday::fri};
    Hours hours{.from = 9 * 60, .to = 18 * 60};
    std::string time_zone = "UTC";
};

struct Person {
    std::string name;
    std::string email;
    std::string slack;
    std::string pagerduty;
    std::string phone;
    std::string ntfy;
    std::string time_zone = "UTC";
};

struct Layer {
    std::vector<std::string> people;
    std::vector<Weekday> days;   // empty: every day
    std::optional<Hours> hours;  // absent: around the clock
    std::string time_zone = "UTC";
    std::optional<Duration> rotate;    // absent: all its people at once
    std::optional<WrittenTime> start;  // of the first turn; turns before it are counted backwards
};

struct Override {
    std::string person;
    std::string replaces;  // empty: everybody on call
    Instant from;
    Instant to;
};

/// Between the instants each of the two has the other's shifts.
struct Swap {
    std::string one;
    std::string other;
    Instant from;
    Instant to;
};

struct Schedule {
    std::string name;
    std::vector<Layer> layers;
    std::vector<Override> overrides;  // a later one counts over an earlier one
    std::vector<Swap> swaps;          // count before overrides
};

/// `notify` holds `schedule/NAME[#others]`, `team/NAME` and `person/NAME`.
struct EscalationLevel {
    std::vector<std::string> notify;
    Duration wait = minutes(5);
};

using NamedTargets = std::vector<std::pair<std::string, std::string>>;

struct Oncall {
    std::vector<Person> people;
    std::vector<Schedule> schedules;
    std::vector<std::pair<std::string, std::vector<std::string>>> teams;
    std::vector<EscalationLevel> escalation;
    NamedTargets owners;    // feature -> team/… or person/…
    NamedTargets contacts;  // marketing, analysis -> the same
};

}  // namespace tocsin::config
