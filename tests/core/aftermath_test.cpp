// Afterwards: when people sit together, who is reminded of it, and when an incident leaves memory.
#include <doctest/doctest.h>

#include "core/aftermath.hpp"
#include "support/life.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

Instant day(int number, Duration past_midnight) {
    return start_of_time() + hours(24 * number) + past_midnight;  // day 0 is a Sunday
}

std::vector<Rule> rules() {
    return {alert_rule("site", "alertname=\"SiteDown\"", Severity::major),
            alert_rule("leak", "alertname=\"Leak\"", Severity::minor)};
}

// Tuesday, 10:00: declared, acknowledged, clear, closed by engineer-a.
World closed_world() {
    World world = World::with_roster(rules(), office_policy());
    world.pass(hours(2 * 24 + 10));
    AlertSeen alert = world.alert("SiteDown");
    world.send(alert);
    world.command(1, Acknowledge{});
    world.send(World::resolved(alert, world.now));
    world.pass(minutes(5));
    world.command(1, Close{.cause = "a", .fix = "b"});
    return world;
}

}  // namespace

TEST_CASE("The meeting lies in working hours, 24 to 48 hours after closing [H-64] [B14]") {
    struct Row {
        const char* closed;
        Instant closed_at;
        Instant from;
        bool late;
    };
    const std::vector<Row> rows = {
        {"Tuesday 10:05", day(2, hours(10) + minutes(5)), day(3, hours(10) + minutes(15)), false},
        {"Tuesday 10:00", day(2, hours(10)), day(3, hours(10)), false},
        {"Tuesday 03:00", day(2, hours(3)), day(3, hours(9)), false},
        {"Tuesday 17:40: half an hour does not fit any more", day(2, hours(17) + minutes(40)),
         day(4, hours(9)), false},
        {"Thursday 20:00: only Friday's evening and Saturday", day(4, hours(20)), day(8, hours(9)),
         true},
        {"Friday 12:00: the weekend", day(5, hours(12)), day(8, hours(9)), true},
        {"Saturday 12:00: Monday morning still is inside", day(6, hours(12)), day(8, hours(9)),
         false},
        {"Saturday 09:10: Monday's half hour from nine is too late", day(6, hours(9) + minutes(10)),
         day(8, hours(9)), true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.closed);
        const Meeting meeting = meeting_after(office_hours(), row.closed_at);
        CHECK(meeting.span.from == row.from);
        CHECK(meeting.span.until == row.from + minutes(30));
        CHECK(meeting.late == row.late);
    }
    CHECK(meeting_after({}, day(6, hours(3))).span.from == day(7, hours(3)));
}

TEST_CASE("Who raised it is asked to schedule the meeting [H-64] [H-65]") {
    World world = closed_world();
    CHECK(world.incident(1).aftermath.meeting_from == day(3, hours(10) + minutes(15)));
    CHECK(says(notices(world, "engineer-a").back(), "you raised it, so please schedule it"));
    CHECK(says(entries(world, "analysis").back(),
               "analysis meeting: 2026-03-04T10:15:00.000Z to 2026-03-04T10:45:00.000Z"));
}

TEST_CASE("A day after closing the contact for analyses takes over [H-65]") {
    World world = closed_world();
    const Instant closed_at = world.now;
    world.pass(hours(24) - seconds(1));
    CHECK(notices(world, "engineer-e").empty());
    world.pass(seconds(1));
    CHECK(notices(world, "engineer-e").size() == 1);
    CHECK(world.incident(1).aftermath.handed_over_at == closed_at + hours(24));
    CHECK_FALSE(world.incident(1).retired);
    world.pass(minutes(40));
    CHECK(world.incident(1).retired);
    CHECK_FALSE(world.state.incidents.contains(1));
    world.pass(hours(100));
    CHECK(notices(world, "engineer-e").size() == 1);
}

TEST_CASE("A meeting that is skipped with a reason reminds nobody [H-70]") {
    World world = closed_world();
    world.pass(hours(1));
    world.command(1, Skip{""});
    CHECK(world.last.refusal->field == "reason");
    world.command(1, Skip{"pretty uneventful"});
    CHECK(world.incident(1).aftermath.skipped == "pretty uneventful");
    CHECK(world.incident(1).aftermath.skipped_by == "engineer-a");
    world.pass(hours(100));
    CHECK(notices(world, "engineer-e").empty());
    CHECK(world.incident(1).retired);
}

TEST_CASE("An open incident cannot be skipped, and one that has left memory says that [H-70]") {
    World world = World::with_roster(rules(), office_policy());
    world.send(world.alert("SiteDown"));
    world.command(1, Skip{"boring"});
    CHECK(world.last.refusal->code == "conflict");
    world.command(1, Decline{"a drill"});
    world.pass(hours(100));
    world.command(1, Skip{"boring"});
    CHECK(world.last.refusal->code == "conflict");
}

TEST_CASE("Minor, declined and self-cleared incidents have no meeting and retire soon [H-70]") {
    World world = World::with_roster(rules(), office_policy());
    world.send(world.alert("Leak"));
    world.command(1, Close{.cause = "a", .fix = "b", .force = "known"});
    CHECK(says(entries(world, "analysis").back(), "no meeting (minor)"));
    world.send(world.alert("SiteDown"));
    world.command(2, Decline{"a drill"});
    CHECK(says(entries(world, "analysis").back(), "no meeting (declined)"));
    AlertSeen other = world.alert("SiteDown", Labels{{"instance", "2"}});
    world.send(other);
    world.send(World::resolved(other, world.now));
    world.pass(minutes(5));
    CHECK(world.incident(3).closed_by == "cleared");
    CHECK(entries(world, "analysis").size() == 2);
    for (std::uint64_t number = 1; number <= 3; ++number) {
        CHECK_FALSE(world.incident(number).aftermath.meeting_from);
    }
    world.pass(minutes(10));
    CHECK(world.state.incidents.empty());
}

TEST_CASE("Past its reopening window the trouble declares a new incident, meeting or not [H-64]") {
    World world = closed_world();
    world.pass(minutes(9));
    CHECK_FALSE(world.incident(1).released);
    world.pass(minutes(1));
    CHECK(world.incident(1).released);
    world.send(world.alert("SiteDown"));
    CHECK(world.incident(2).key == world.incident(1).key);
    CHECK(world.state.incidents.contains(1));
}

TEST_CASE("An incident that is reopened has its meeting when it ends again [H-64]") {
    World world = closed_world();
    world.pass(minutes(5));
    world.send(world.alert("SiteDown"));
    CHECK(world.incident(1).episode == 2);
    CHECK_FALSE(world.incident(1).aftermath.meeting_from);
    world.pass(hours(30));
    CHECK(notices(world, "engineer-e").empty());
}
