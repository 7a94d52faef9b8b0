#pragma once
// Roster: the people, who of them is on call when, and whom to ask in which order (design §4.3).

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/calendar.hpp"

namespace tocsin::core {

/// What of a person a pager needs to reach them.
enum class Address : std::uint8_t { none, email, slack, phone, ntfy };

struct Person {
    std::string name;
    std::string email;
    std::string slack;
    std::string pagerduty;
    std::string phone;
    std::string ntfy;
    std::string time_zone = "UTC";
    /// Empty: cannot be reached that way. Address::none gives the name.
    [[nodiscard]] const std::string& address(Address kind) const;
    bool operator==(const Person&) const = default;
};

/// Who is on call from one hand-over to the next; overrides and swaps are already applied.
struct Shift {
    Interval span;
    std::vector<std::string> people;
    std::vector<std::string> others;  // of the same turn, not on shift now (`#others`)
    bool operator==(const Shift&) const = default;
};

struct Schedule {
    std::string name;
    std::vector<Shift> shifts;  // sorted, without a gap inside [Roster::from, Roster::until)
    [[nodiscard]] const Shift* at(Instant instant) const;  // null outside of what was expanded
};

/// `schedule/NAME`, `schedule/NAME#others`, `team/NAME`, `person/NAME`.
struct Target {
    enum class Kind : std::uint8_t { schedule, others, team, person };
    Kind kind = Kind::person;
    std::string name;
    bool operator==(const Target&) const = default;
};
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);
[[nodiscard]] std::string to_string(const Target& target);

struct Level {
    std::vector<Target> notify;
    Duration wait = minutes(5);
};

/// Built by lib/config; names in it are known to exist. Empty: nobody is on call.
struct Roster {
    std::vector<Person> people;
    std::vector<Schedule> schedules;
    std::map<std::string, std::vector<std::string>, std::less<>> teams;
    std::vector<Level> escalation;                        // never empty when there are people
    std::map<std::string, Target, std::less<>> owners;    // feature -> who owns it
    std::map<std::string, Target, std::less<>> contacts;  // marketing, analysis -> who is asked
    Interval expanded;                                    // what `shifts` cover

    [[nodiscard]] const Person* find(std::string_view name) const;
    [[nodiscard]] const Schedule* schedule(std::string_view name) const;
    /// Names, each once, in order.
    [[nodiscard]] std::vector<std::string> resolve(const Target& target, Instant at) const;
    /// `owner:FEATURE`, `contact:NAME`, a team, a contact, a person, or a target as above. Unknown:
    /// nobody.
    [[nodiscard]] std::vector<std::string> resolve(std::string_view involved, Instant at) const;
    /// Whom the level asks (0 is the first); beyond the last: everybody.
    [[nodiscard]] std::vector<std::string> level(std::size_t level, Instant at) const;
    /// The first level's people.
    [[nodiscard]] std::vector<std::string> on_call(Instant at) const { return level(0, at); }
    [[nodiscard]] std::vector<std::string> everybody() const;
    /// The next instant at which a schedule of the first level hands over.
    [[nodiscard]] std::optional<Instant> next_handover(Instant after) const;
};

}  // namespace tocsin::core
