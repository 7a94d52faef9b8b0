// Schedules, working hours and windows of local time, expanded into UTC: tables and a model.
#include "config/expand.hpp"

#include <doctest/doctest.h>

#include "config/load.hpp"
#include "config/names.hpp"
#include "config/oncall_file.hpp"
#include "core/limits.hpp"
#include "support/files_memory.hpp"

namespace tocsin::config {
namespace {

using Names = std::vector<std::string>;

Instant at(const std::string& text) {
    const auto instant = parse_instant(text);
    REQUIRE_MESSAGE(instant, text);
    return *instant;
}

/// The roster of an oncall.yaml, as expanded on that day.
core::Roster roster_of(const std::string& yaml, const std::string& today = "2026-03-01T12:00") {
    schema::Diagnostics diagnostics;
    const Oncall oncall = compile_oncall("oncall.yaml", yaml, {}, diagnostics);
    for (const schema::Diagnostic& one : diagnostics.sorted()) {
        CHECK_MESSAGE(one.level != schema::Level::error, one.message);
    }
    return expand_roster(oncall, horizon_around(at(today)));
}

std::string people(const Names& names) {
    std::string text = "people:\n";
    for (const std::string& name : names) text += "  - {name: " + name + "}\n";
    return text;
}

struct Row {
    const char* sentence;
    const char* at;
    Names on_call;
    Names others;
};

void check_rows(const core::Roster& roster, const std::vector<Row>& rows) {
    REQUIRE(roster.schedules.size() == 1);
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        CAPTURE(row.at);
        const core::Shift* shift = roster.schedules[0].at(at(row.at));
        REQUIRE(shift != nullptr);
        CHECK(shift->people == row.on_call);
        CHECK(shift->others == row.others);
    }
}

const std::string three_a_week = R"(
people: [{name: a1}, {name: a2}, {name: b1}, {name: b2}, {name: c1}, {name: c2}]
schedules:
  - name: first-line
    layers:
      - {people: [a1, a2], hours: "08:00-16:00", rotate: 1w, start: "2026-01-05T00:00"}
      - {people: [b1, b2], hours: "16:00-24:00", rotate: 1w, start: "2026-01-05T00:00"}
      - {people: [c1, c2], hours: "00:00-08:00", rotate: 1w, start: "2026-01-05T00:00"}
)";

TEST_CASE("every week three engineers are on call in shifts around the clock [H-71]") {
    check_rows(roster_of(three_a_week),
               {{"the first of the first week", "2026-03-02T08:00", {"a1"}, {"b1", "c1"}},
                {"the evening", "2026-03-02T16:00", {"b1"}, {"a1", "c1"}},
                {"the last second of it", "2026-03-02T23:59:59", {"b1"}, {"a1", "c1"}},
                {"the night", "2026-03-03T00:00", {"c1"}, {"a1", "b1"}},
                {"Sunday's end", "2026-03-08T23:59", {"b1"}, {"a1", "c1"}},
                {"the next three from Monday on", "2026-03-09T00:00", {"c2"}, {"a2", "b2"}},
                {"by day, too", "2026-03-09T08:00", {"a2"}, {"b2", "c2"}},
                {"and the first three again", "2026-03-16T08:00", {"a1"}, {"b1", "c1"}}});
}

TEST_CASE("level 1 is the current shift, level 2 the other two, level 3 the team [H-72]") {
    const core::Roster roster = roster_of(three_a_week + R"(
teams: {infra: [a2, b2]}
escalation:
  - {notify: [schedule/first-line], wait: 5m}
  - {notify: [schedule/first-line#others], wait: 10m}
  - {notify: [team/infra]}
)");
    const Instant monday = at("2026-03-02T09:00");
    REQUIRE(roster.escalation.size() == 3);
    CHECK(roster.level(0, monday) == Names{"a1"});
    CHECK(roster.level(1, monday) == Names{"b1", "c1"});
    CHECK(roster.level(2, monday) == Names{"a2", "b2"});
    CHECK(roster.level(3, monday).size() == 6);
    CHECK(roster.escalation[1].wait == minutes(10));
    CHECK(roster.next_handover(monday) == at("2026-03-02T16:00"));
}

TEST_CASE("without an escalation the levels are the schedules, their others, everybody [H-73]") {
    const core::Roster roster = roster_of(three_a_week);
    const Instant monday = at("2026-03-02T09:00");
    REQUIRE(roster.escalation.size() == 3);
    CHECK(roster.level(0, monday) == Names{"a1"});
    CHECK(roster.level(1, monday) == Names{"b1", "c1"});
    CHECK(roster.level(2, monday).size() == 6);
    CHECK(roster.escalation[0].wait == minutes(5));

    const core::Roster alone =
        roster_of(people({"a"}) + "schedules: [{name: s, layers: [{people: [a]}]}]\n");
    REQUIRE(alone.escalation.size() == 2);
    CHECK(alone.level(0, monday) == Names{"a"});
    CHECK(alone.level(1, monday) == Names{"a"});

    const core::Roster no_schedule = roster_of(people({"a", "b"}));
    REQUIRE(no_schedule.escalation.size() == 1);
    CHECK(no_schedule.on_call(monday) == Names{"a", "b"});
    CHECK(roster_of("teams: {}\n").escalation.empty());
}

TEST_CASE("local hours stay local when London's clocks change") {
    check_rows(
        roster_of(people({"day", "night"}) + R"(
schedules:
  - name: s
    layers:
      - {people: [day], hours: "08:00-20:00", time_zone: Europe/London}
      - {people: [night], hours: "20:00-08:00", time_zone: Europe/London}
)",
                  "2026-03-20T00:00"),
        {{"before the change", "2026-03-28T07:59:59", {"night"}, {"day"}},
         {"08:00 GMT", "2026-03-28T08:00", {"day"}, {"night"}},
         {"the night of the change ends an hour early", "2026-03-29T06:59:59", {"night"}, {"day"}},
         {"08:00 BST", "2026-03-29T07:00", {"day"}, {"night"}},
         {"20:00 BST", "2026-03-29T19:00", {"night"}, {"day"}},
         {"summer's last morning", "2026-10-24T07:00", {"day"}, {"night"}},
         {"the night of the change is an hour longer", "2026-10-25T07:59", {"night"}, {"day"}},
         {"08:00 GMT again", "2026-10-25T08:00", {"day"}, {"night"}}});
}

TEST_CASE("local hours stay local when New York's clocks change") {
    check_rows(roster_of(people({"day", "night"}) + R"(
schedules:
  - name: s
    layers:
      - {people: [day], hours: "09:00-21:00", time_zone: America/New_York}
      - {people: [night], hours: "21:00-09:00", time_zone: America/New_York}
)"),
               {{"09:00 EST", "2026-03-07T14:00", {"day"}, {"night"}},
                {"08:59 EST", "2026-03-07T13:59", {"night"}, {"day"}},
                {"09:00 EDT", "2026-03-08T13:00", {"day"}, {"night"}},
                {"08:59 EDT", "2026-03-08T12:59", {"night"}, {"day"}},
                {"09:00 EDT in autumn", "2026-10-31T13:00", {"day"}, {"night"}},
                {"08:59 EST", "2026-11-01T13:59", {"night"}, {"day"}},
                {"09:00 EST again", "2026-11-01T14:00", {"day"}, {"night"}}});
}

TEST_CASE("a weekly hand-over at 08:00 stays at 08:00 through clock changes") {
    const std::string weekly = people({"a", "b", "c"}) + R"(
schedules:
  - name: s
    layers: [{people: [a, b, c], rotate: 1w, start: "2026-01-05T08:00", time_zone: Europe/London}]
)";
    check_rows(roster_of(weekly),
               {{"Monday 07:59 GMT", "2026-03-23T07:59", {"b"}, {"a", "c"}},
                {"Monday 08:00 GMT", "2026-03-23T08:00", {"c"}, {"a", "b"}},
                {"Monday 07:59 BST", "2026-03-30T06:59", {"c"}, {"a", "b"}},
                {"Monday 08:00 BST", "2026-03-30T07:00", {"a"}, {"b", "c"}},
                {"summer", "2026-10-19T07:00", {"c"}, {"a", "b"}},
                {"Monday 07:59 GMT, an hour later in UTC", "2026-10-26T07:59", {"c"}, {"a", "b"}},
                {"Monday 08:00 GMT", "2026-10-26T08:00", {"a"}, {"b", "c"}}});
}

TEST_CASE("a turn that is no whole days lasts exactly so long, clock change or not") {
    check_rows(roster_of(people({"a", "b"}) + R"(
schedules:
  - name: s
    layers: [{people: [a, b], rotate: 12h, start: "2026-03-28T08:00", time_zone: Europe/London}]
)"),
               {{"08:00 GMT", "2026-03-28T08:00", {"a"}, {"b"}},
                {"20:00 GMT", "2026-03-28T20:00", {"b"}, {"a"}},
                {"09:00 BST", "2026-03-29T08:00", {"a"}, {"b"}},
                {"turns before the start count backwards", "2026-03-28T07:59", {"b"}, {"a"}},
                {"and further", "2026-03-27T19:59", {"a"}, {"b"}}});
}

TEST_CASE("a start with an offset is that instant, one without is the layer's local time") {
    const auto schedule = [](const std::string& start) {
        return roster_of(people({"a", "b"}) +
                         "schedules: [{name: s, layers: [{people: [a, b], rotate: 1w, start: \"" +
                         start + "\", time_zone: America/New_York}]}]\n");
    };
    check_rows(schedule("2026-03-02T08:00"), {{"07:59 EST", "2026-03-02T12:59", {"b"}, {"a"}},
                                              {"08:00 EST", "2026-03-02T13:00", {"a"}, {"b"}}});
    check_rows(schedule("2026-03-02T08:00Z"),
               {{"07:59 UTC", "2026-03-02T07:59", {"b"}, {"a"}},
                {"08:00 UTC", "2026-03-02T08:00", {"a"}, {"b"}},
                {"03:00 EDT, which the clock showed then", "2026-03-09T07:00", {"b"}, {"a"}}});
}

TEST_CASE("the sun is followed around the world, with weekends of their own") {
    check_rows(roster_of(people({"eu", "east", "west", "w1", "w2"}) + R"(
schedules:
  - name: s
    layers:
      - {people: [eu], hours: "08:00-16:00", days: [mon, tue, wed, thu, fri]}
      - {people: [east], hours: "16:00-24:00", days: [mon, tue, wed, thu, fri]}
      - {people: [west], hours: "00:00-08:00", days: [mon, tue, wed, thu, fri]}
      - {people: [w1, w2], days: [sat, sun], rotate: 1w, start: "2026-03-02T00:00"}
)"),
               {{"Friday night", "2026-03-06T23:59", {"east"}, {"eu", "west", "w1"}},
                {"Saturday", "2026-03-07T00:00", {"w1"}, {"eu", "east", "west"}},
                {"Sunday", "2026-03-08T23:59", {"w1"}, {"eu", "east", "west"}},
                {"Monday", "2026-03-09T00:00", {"west"}, {"eu", "east", "w2"}},
                {"the next weekend", "2026-03-14T12:00", {"w2"}, {"eu", "east", "west"}}});
}

TEST_CASE("layers that are on at once are on call together where the file says so") {
    check_rows(roster_of(people({"a", "b"}) + R"(
schedules:
  - name: s
    overlap: true
    layers: [{people: [a]}, {people: [b], hours: "08:00-16:00"}]
)"),
               {{"by day", "2026-03-02T08:00", {"a", "b"}, {}},
                {"by night", "2026-03-02T16:00", {"a"}, {"b"}}});
}

TEST_CASE("who steps in is on call instead of everybody, and who is replaced is not asked next") {
    check_rows(roster_of(three_a_week + R"(    overrides:
      - {person: b1, from: "2026-03-03T10:00", to: "2026-03-03T12:00"}
      - {person: a2, replaces: c1, from: "2026-03-04T00:00Z", to: "2026-03-05T00:00Z"}
      - {person: b2, replaces: a1, from: "2026-03-06T09:00+01:00", to: "2026-03-06T10:00Z"}
)"),
               {{"before", "2026-03-03T09:59", {"a1"}, {"b1", "c1"}},
                {"instead of the shift", "2026-03-03T10:00", {"b1"}, {"c1"}},
                {"after", "2026-03-03T12:00", {"a1"}, {"b1", "c1"}},
                {"instead of one person, on their shift", "2026-03-04T00:00", {"a2"}, {"a1", "b1"}},
                {"and as one of the others", "2026-03-04T08:00", {"a1"}, {"b1", "a2"}},
                {"an offset counts", "2026-03-06T08:00", {"b2"}, {"b1", "c1"}}});
}

TEST_CASE("two who swap have each other's shifts") {
    check_rows(roster_of(three_a_week + R"(    swaps:
      - {people: [a1, c1], from: "2026-03-03T00:00", to: "2026-03-04T00:00"}
)"),
               {{"before", "2026-03-02T23:00", {"b1"}, {"a1", "c1"}},
                {"the night of the other", "2026-03-03T00:00", {"a1"}, {"c1", "b1"}},
                {"the day of the one", "2026-03-03T08:00", {"c1"}, {"b1", "a1"}},
                {"after", "2026-03-04T00:00", {"c1"}, {"a1", "b1"}}});
}

TEST_CASE("a month back and more than a year ahead is expanded, the same all day long") {
    const core::Roster morning = roster_of(three_a_week, "2026-03-01T00:00");
    const core::Roster evening = roster_of(three_a_week, "2026-03-01T23:59:59");
    CHECK(morning.expanded == evening.expanded);
    CHECK(morning.schedules[0].shifts == evening.schedules[0].shifts);
    CHECK(at("2026-03-01T00:00") - morning.expanded.from == core::limits::horizon_past);
    CHECK(morning.expanded.until - at("2026-03-01T00:00") == core::limits::horizon_ahead);
    const auto& shifts = morning.schedules[0].shifts;
    CHECK(shifts.front().span.from == morning.expanded.from);
    CHECK(shifts.back().span.until == morning.expanded.until);
    CHECK(morning.schedules[0].at(morning.expanded.until) == nullptr);
    CHECK(morning.schedules[0].at(morning.expanded.from - seconds(1)) == nullptr);
}

TEST_CASE("an expansion of another day says the same of the days that both know") {
    const core::Roster today = roster_of(three_a_week, "2026-03-01T00:00");
    const core::Roster later = roster_of(three_a_week, "2026-12-24T00:00");
    for (Instant t = later.expanded.from; t < today.expanded.until; t += hours(4)) {
        const core::Shift* one = today.schedules[0].at(t);
        const core::Shift* other = later.schedules[0].at(t);
        REQUIRE((one != nullptr && other != nullptr));
        CHECK(one->people == other->people);
    }
}

TEST_CASE("working hours are the office's local ones, and one span through touching days") {
    const core::Interval horizon = horizon_around(at("2026-03-20T00:00"));
    const core::Calendar office = expand_working_hours({.time_zone = "Europe/London"}, horizon);
    CHECK(core::contains(office, at("2026-03-27T17:59")));  // Friday, GMT
    CHECK_FALSE(core::contains(office, at("2026-03-27T18:00")));
    CHECK_FALSE(core::contains(office, at("2026-03-28T12:00")));                         // Saturday
    CHECK(core::next_inside(office, at("2026-03-28T12:00")) == at("2026-03-30T08:00"));  // BST
    const core::Calendar always =
        expand_working_hours({.days = {Weekday::mon, Weekday::tue}, .hours = Hours()}, horizon);
    CHECK(core::contains(always, at("2026-03-24T00:00")));
    CHECK(core::next_beginning(always, at("2026-03-23T00:00")) == at("2026-03-30T00:00"));
}

TEST_CASE("a window that recurs keeps to the local time, within the horizon and until its end") {
    Maintenance window;
    window.name = "weekly";
    window.from = {.time = at("2026-03-15T02:00"), .has_offset = false};
    window.to = {.time = at("2026-03-15T04:00"), .has_offset = false};
    window.time_zone = "America/New_York";
    window.every = hours(24 * 7);
    window.until = WrittenTime{.time = at("2026-11-15T00:00"), .has_offset = false};
    const core::Interval horizon = horizon_around(at("2026-10-01T00:00"));
    const core::PlannedWindow planned = expand_window(window, horizon);
    REQUIRE_FALSE(planned.occurrences.empty());
    CHECK(planned.occurrences.front().from == at("2026-08-30T06:00"));  // EDT
    CHECK(core::contains(planned.occurrences, at("2026-10-25T06:00")));
    // The clocks go back on 2026-11-01 at 02:00: EST from then on.
    CHECK(core::contains(planned.occurrences, at("2026-11-01T08:59")));
    CHECK_FALSE(core::contains(planned.occurrences, at("2026-11-08T06:59")));
    CHECK(core::contains(planned.occurrences, at("2026-11-08T07:00")));
    CHECK(planned.occurrences.back().from == at("2026-11-08T07:00"));

    window.every.reset();
    window.until.reset();
    const core::PlannedWindow once = expand_window(window, horizon);
    CHECK(once.occurrences == core::Calendar{{at("2026-03-15T06:00"), at("2026-03-15T08:00")}});
}

TEST_CASE("a daemon that runs on expands what it has loaded, and no rule changes by it") {
    MemoryFiles files;
    files.files = {
        {"t.yaml",
         "data_dir: /var/lib/tocsin\nrules: [r.yaml]\noncall: o.yaml\n"
         "working_hours: {time_zone: Europe/London}\n"
         "maintenance: [{name: m, from: '2026-03-01T02:00', to: '2026-03-01T04:00', "
         "every: 1d, announcement: 'https://a.example'}]\n"},
        {"r.yaml",
         "groups:\n- name: g\n  rules:\n"
         "  - {rule: r, alert: ['alertname=\"R\"'], severity: major, cite: c, draft: d}\n"},
        {"o.yaml", three_a_week}};
    const LoadResult result = load("t.yaml", files, at("2026-03-01T12:00"));
    REQUIRE(result.loaded);
    const core::Ruleset& before = *result.loaded->ruleset;
    CHECK(before.roster.expanded == horizon_around(at("2026-03-01T12:00")));
    const Instant later = at("2027-01-01T12:00");
    const core::RulesetPtr after = expanded_again(*result.loaded, later);
    CHECK(after->roster.expanded == horizon_around(later));
    CHECK(after->roster.schedules[0].at(later + hours(24 * 399)) != nullptr);
    CHECK(core::contains(after->policy.maintenance[0].occurrences, at("2027-12-31T03:00")));
    CHECK(core::contains(after->policy.working_hours, at("2027-12-31T09:00")));
    REQUIRE(after->rules.size() == before.rules.size());
    CHECK(after->digest == before.digest);
    CHECK(after->rules[0].content_hash == before.rules[0].content_hash);
    CHECK(after->rules[0].draft->text() == "d");
    CHECK(after->candidates("R") == before.candidates("R"));
    CHECK(after->roster.escalation.size() == before.roster.escalation.size());
}

}  // namespace
}  // namespace tocsin::config
