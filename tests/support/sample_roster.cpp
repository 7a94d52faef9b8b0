// The people that the tests of the engine share.
#include "support/sample_roster.hpp"

#include <array>

#include "support/sample_rules.hpp"

namespace tocsin::core::testing {
namespace {

Person person(char letter) {
    const std::string one(1, letter);
    return {.name = "engineer-" + one,
            .email = one + "@example.com",
            .slack = "U0" + one,
            .phone = "+1555010" + std::to_string(letter - 'a'),
            .ntfy = "oncall-" + one};
}

// Eight hours each, from midnight on: c, a, b.
Schedule first_line(Interval expanded) {
    const std::array<std::string, 3> turns = {"engineer-c", "engineer-a", "engineer-b"};
    Schedule schedule{.name = "first-line"};
    std::size_t turn = 0;
    for (Instant from = expanded.from; from < expanded.until; from += hours(8), ++turn) {
        schedule.shifts.push_back({.span = {from, from + hours(8)},
                                   .people = {turns[turn % 3]},
                                   .others = {turns[(turn + 1) % 3], turns[(turn + 2) % 3]}});
    }
    return schedule;
}

}  // namespace

Roster sample_roster() {
    Roster roster;
    for (char letter = 'a'; letter <= 'e'; ++letter) roster.people.push_back(person(letter));
    roster.expanded = {start_of_time() - hours(7 * 24), start_of_time() + hours(365 * 24)};
    roster.schedules = {first_line(roster.expanded)};
    roster.teams["infra"] = {"engineer-d", "engineer-e"};
    roster.escalation = {{.notify = {{Target::Kind::schedule, "first-line"}}},
                         {.notify = {{Target::Kind::others, "first-line"}}},
                         {.notify = {{Target::Kind::team, "infra"}}}};
    roster.owners["ingestion"] = {Target::Kind::team, "infra"};
    roster.owners["flags"] = {Target::Kind::person, "engineer-a"};
    roster.contacts["marketing"] = {Target::Kind::person, "engineer-d"};
    roster.contacts["analysis"] = {Target::Kind::person, "engineer-e"};
    return roster;
}

}  // namespace tocsin::core::testing
