// Silent sources: edges once, grace at the start, right after a restart and a reload.
#include "shell/heartbeat.hpp"

#include <doctest/doctest.h>

#include "support/poller_world.hpp"

using namespace tocsin;
using namespace tocsin::test;

namespace {

using Edges = std::vector<std::string>;
const Instant start = Instant(hours(24));

shell::WatchedSource polled(std::string name, Duration silent_after) {
    return {.name = std::move(name), .silent_after = silent_after, .expect_alert = {}};
}
shell::WatchedSource expecting(std::string name, Duration within) {
    return {.name = std::move(name),
            .silent_after = {},
            .expect_alert = "Watchdog",
            .expect_within = within};
}

}  // namespace

TEST_CASE("a source that was never heard of has one whole period, then it is silent once [H-03]") {
    PollerWorld world(start);
    world.heartbeat.load({expecting("am", minutes(5))});
    world.runtime.run_for(minutes(5) - seconds(1));
    CHECK(world.edges().empty());
    world.runtime.run_for(hours(2));
    CHECK(world.edges() == Edges{"am silent (Watchdog not seen for 5m)"});
    CHECK(world.all<core::SourceSilent>()[0].since == start);
    CHECK(world.heartbeat.statuses()[0].silent);
}

TEST_CASE("the expected alert keeps a source alive; resolved, foreign and other alerts do not") {
    struct Row {
        const char* sentence;
        const char* source;
        const char* alertname;
        bool firing;
        bool alive;
    };
    const Row rows[] = {
        {"the expected one", "am", "Watchdog", true, true},
        {"resolved", "am", "Watchdog", false, false},
        {"another alert", "am", "DiskFull", true, false},
        {"from another source", "us", "Watchdog", true, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        PollerWorld world(start);
        world.heartbeat.load({expecting("am", minutes(5))});
        for (int minute = 0; minute < 20; ++minute) {
            world.heartbeat.alert_seen(row.source, row.alertname, row.firing);
            world.runtime.run_for(minutes(1));
        }
        CHECK(world.heartbeat.statuses()[0].silent == !row.alive);
        CHECK(world.edges() ==
              (row.alive ? Edges{"am back"} : Edges{"am silent (Watchdog not seen for 5m)"}));
    }
}

TEST_CASE("silence and return are told once each, with what the source last said") {
    PollerWorld world(start);
    world.heartbeat.load({polled("us", minutes(5))});
    world.heartbeat.answered("us");
    world.runtime.run_for(minutes(1));
    for (int minute = 0; minute < 30; ++minute) {
        world.heartbeat.not_answered("us", "connection refused");
        world.runtime.run_for(minutes(1));
    }
    CHECK(world.edges() == Edges{"us back", "us silent (connection refused)"});
    CHECK(world.all<core::SourceSilent>()[0].since == start);
    for (int minute = 0; minute < 30; ++minute) {
        world.heartbeat.answered("us");
        world.runtime.run_for(minutes(1));
    }
    CHECK(world.edges() == Edges{"us back", "us silent (connection refused)", "us back"});
}

TEST_CASE("a source that owes two things is silent when one fails and back when both are there") {
    PollerWorld world(start);
    shell::WatchedSource both = expecting("am", minutes(5));
    both.silent_after = minutes(10);
    world.heartbeat.load({both});
    for (int minute = 0; minute < 7; ++minute) {
        world.heartbeat.answered("am");
        world.runtime.run_for(minutes(1));
    }
    CHECK(world.edges() == Edges{"am silent (Watchdog not seen for 5m)"});
    world.heartbeat.alert_seen("am", "Watchdog", true);
    world.runtime.run_for(seconds(1));
    CHECK(world.edges().back() == "am back");
}

TEST_CASE("an edge that is not committed is offered until it is, and only the latest") {
    PollerWorld world(start);
    world.heartbeat.load({polled("us", minutes(5))});
    world.store_failing = true;
    world.runtime.run_for(minutes(6));
    world.store_failing = false;
    world.runtime.run_for(seconds(3));
    CHECK(world.edges() == Edges{"us silent (no answer)"});
    world.store_failing = true;
    world.heartbeat.answered("us");
    world.runtime.run_for(minutes(6));  // silent again before the store works
    world.store_failing = false;
    world.runtime.run_for(minutes(1));
    CHECK(world.edges() == Edges{"us silent (no answer)"});
}

TEST_CASE("a reload keeps the clocks of unchanged rows and reports what is no longer watched") {
    PollerWorld world(start);
    world.heartbeat.load({polled("us", minutes(5)), polled("eu", minutes(5))});
    world.runtime.run_for(minutes(4));
    world.heartbeat.load({polled("us", minutes(5)), polled("eu", minutes(10))});
    world.runtime.run_for(minutes(1) + seconds(1));
    CHECK(world.edges() == Edges{"us silent (no answer)"});
    world.heartbeat.load({polled("eu", minutes(10))});
    world.runtime.run_for(seconds(1));
    CHECK(world.edges() == Edges{"us silent (no answer)", "us back"});
    world.heartbeat.load({});
    world.runtime.run_for(hours(1));
    CHECK(world.edges().size() == 2);
    CHECK(world.heartbeat.statuses().empty());
}

TEST_CASE("a silent source whose row changes is told again only when something has changed") {
    PollerWorld world(start);
    world.heartbeat.load({polled("us", minutes(5))});
    world.runtime.run_for(minutes(6));
    world.heartbeat.load({polled("us", minutes(2))});
    world.runtime.run_for(minutes(3));
    CHECK(world.edges() == Edges{"us silent (no answer)"});
    world.heartbeat.answered("us");
    world.runtime.run_for(seconds(1));
    CHECK(world.edges() == Edges{"us silent (no answer)", "us back"});
}
