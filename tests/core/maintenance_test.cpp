// Maintenance windows: what they suppress, what they never do, and what outlives them.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/maintenance_world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

TEST_CASE("a window covers what matches its labels, component and rules, and nothing else [B12]") {
    struct Row {
        const char* sentence;
        Labels match;
        std::vector<std::string> rules;
        Labels labels;
        bool covered;
    };
    const Labels us{{"region", "us"}, {"instance", "b1"}};
    const std::vector<Row> rows = {
        {"its region", Labels{{"region", "us"}}, {}, us, true},
        {"another region", Labels{{"region", "eu"}}, {}, us, false},
        {"no region at all", Labels{{"region", "us"}}, {}, Labels{{"instance", "b1"}}, false},
        {"the rule's component", Labels{{"component", "ingestion"}}, {}, us, true},
        {"another component", Labels{{"component", "flags"}}, {}, us, false},
        {"the alert's own component",
         Labels{{"component", "flags"}},
         {},
         Labels{{"component", "flags"}},
         true},
        {"region and component",
         Labels{{"region", "us"}, {"component", "ingestion"}},
         {},
         us,
         true},
        {"region, not component", Labels{{"region", "us"}, {"component", "flags"}}, {}, us, false},
        {"component, not region",
         Labels{{"region", "eu"}, {"component", "ingestion"}},
         {},
         us,
         false},
        {"the rule, among others", {}, {"other", "disk-full"}, us, true},
        {"the rule in its region", Labels{{"region", "us"}}, {"disk-full"}, us, true},
        {"another rule", Labels{{"region", "us"}}, {"other"}, us, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        Rule other = alert_rule("other", "alertname=\"Other\"", Severity::minor);
        World world({disk_rule(), other});
        PlanMaintenance wish = upgrade(world);
        wish.match = row.match;
        wish.rules = row.rules;
        plan(world, wish);
        world.pass(hours(3));
        world.send(disk_full(world, row.labels));
        CHECK(world.verdict().outcome == (row.covered ? Outcome::suppressed : Outcome::incident));
        CHECK(world.history.size() == (row.covered ? 0 : 1));
    }
}

TEST_CASE("what an announced window expects is no incident: recorded once, nobody told [H-15]") {
    World world = inside();
    const std::size_t effects = world.effects.size();
    const AlertSeen alert = disk_full(world);
    for (int i = 0; i < 3; ++i) world.send(alert);
    REQUIRE(world.verdicts.size() == 1);
    CHECK(world.verdict().outcome == Outcome::suppressed);
    CHECK(world.verdict().because == Because::maintenance);
    CHECK(world.verdict().severity == Severity::none);
    CHECK(contains(world.verdict().detail, "kafka-upgrade"));
    CHECK(world.history.empty());
    CHECK(world.effects.size() == effects);
    const Window window = named(world, "kafka-upgrade");
    CHECK(window.suppressed == 1);
    REQUIRE(window.suppressed_signals.size() == 1);
    CHECK(contains(window.suppressed_signals.front(), "disk-full{"));
}

TEST_CASE("what began before the announcement is not expected, to the microsecond [B12]") {
    struct Row {
        const char* sentence;
        Duration before;
        bool suppressed;
    };
    const std::vector<Row> rows = {{"a second before", seconds(1), false},
                                   {"a microsecond before", Duration(1), false},
                                   {"at the announcement", Duration(0), true},
                                   {"after it", -seconds(1), true}};
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        World world({disk_rule()});
        AlertSeen alert = disk_full(world);
        alert.starts_at = world.now - row.before;
        plan(world, upgrade(world));
        world.pass(hours(3));
        world.send(alert);
        CHECK(world.verdict().outcome ==
              (row.suppressed ? Outcome::suppressed : Outcome::incident));
        if (!row.suppressed) CHECK(contains(world.verdict().detail, "kafka-upgrade was announced"));
    }
}

TEST_CASE(
    "a value's trouble begins when its step began to hold, not when its `for` is over [B12]") {
    Rule rule = lag_rule();
    rule.ladder = {over(300, Severity::major, minutes(10))};
    for (const bool before : {true, false}) {
        CAPTURE(before);
        World world({rule});
        PlanMaintenance wish = upgrade(world);
        wish.from = world.now - minutes(1);
        if (before) world.lag(400);
        if (before) world.pass(seconds(15));
        plan(world, wish);
        world.lag_for(400, minutes(11));
        CHECK(world.history.size() == (before ? 1 : 0));
        CHECK(world.verdict().outcome == (before ? Outcome::incident : Outcome::suppressed));
    }
}

TEST_CASE("a window begins and ends at its instants, whether or not its timer was in time [B12]") {
    struct Row {
        const char* sentence;
        Duration at;
        bool suppressed;
    };
    const std::vector<Row> rows = {{"just before", hours(2) - Duration(1), false},
                                   {"at its start", hours(2), true},
                                   {"just before its end", hours(4) - Duration(1), true},
                                   {"at its end", hours(4), false}};
    for (const Row& row : rows) {
        for (const bool timer : {true, false}) {
            CAPTURE(row.sentence);
            CAPTURE(timer);
            World world({disk_rule()});
            plan(world, upgrade(world));
            if (timer) world.pass(row.at);
            if (!timer) world.now += row.at;
            world.send(disk_full(world));
            CHECK(world.history.size() == (row.suppressed ? 0 : 1));
        }
    }
}

TEST_CASE("what still fires at the end of its window is an incident then, once [H-15] [B12]") {
    World world({disk_rule()}, announcing());
    plan(world, upgrade(world));
    world.pass(hours(3));
    const AlertSeen overrun = disk_full(world);
    const AlertSeen in_time = disk_full(world, Labels{{"region", "us"}, {"instance", "b2"}});
    world.send(overrun);
    world.send(in_time);
    world.pass(minutes(10));
    world.send(World::resolved(in_time, world.now));
    CHECK(world.verdict().outcome == Outcome::clear);
    CHECK(world.history.empty());
    world.pass(start_of_time() + hours(4) - world.now);

    REQUIRE(world.history.size() == 1);
    CHECK(world.incident(1).opened_at == start_of_time() + hours(4));
    CHECK(contains(world.verdict().detail, "outlived its maintenance window: kafka-upgrade"));
    CHECK(world.pages().size() == 1);
    CHECK(std::any_of(world.timeline.begin(), world.timeline.end(), [](const auto& entry) {
        return contains(entry.text, "outlived the maintenance window kafka-upgrade");
    }));
    const Window window = named(world, "kafka-upgrade");
    CHECK(window.state == WindowState::over);
    CHECK(window.suppressed == 2);
    CHECK(window.outlived == 1);
    CHECK(world.state.windows.empty());
    CHECK(contains(texts(world).back(), "2 signals were suppressed"));
    CHECK(contains(texts(world).back(), "1 of them outlived it"));
    const std::size_t verdicts = world.verdicts.size();
    world.send(overrun);
    world.pass(minutes(1));
    CHECK(world.verdicts.size() == verdicts);
}

TEST_CASE("a value that outlives its window is judged at its next evaluation [H-15]") {
    World world = inside();
    world.lag_for(400, minutes(5));
    CHECK(world.verdict().outcome == Outcome::suppressed);
    world.lag_for(2000, minutes(5));  // a more severe step is expected as well
    CHECK(world.verdict().outcome == Outcome::suppressed);
    world.pass(start_of_time() + hours(4) - world.now);
    CHECK(world.history.empty());
    CHECK(named(world, "kafka-upgrade").outlived == 1);
    CHECK(world.state.windows.size() == 1);  // until that reading
    world.lag(400);
    REQUIRE(world.history.size() == 1);
    CHECK(contains(world.timeline.back().text, "outlived the maintenance window kafka-upgrade"));
    CHECK(world.state.windows.empty());
}

TEST_CASE("a value that recovers inside its window leaves no trace at its end [H-15]") {
    World world = inside();
    world.lag(400);
    world.pass(seconds(15));
    world.lag(100);
    CHECK(world.verdict().outcome == Outcome::not_an_incident);
    CHECK(world.state.signals_by_window.empty());
    world.lag_for(100, hours(2));
    CHECK(world.history.empty());
    CHECK(named(world, "kafka-upgrade").outlived == 0);
    CHECK(named(world, "kafka-upgrade").suppressed == 1);
}

TEST_CASE("ending a window early judges what it covered at that instant [H-15]") {
    World world = inside();
    world.send(disk_full(world));
    world.send(CommandGiven{0, "engineer-b", EndMaintenance{"kafka-upgrade"}});
    CHECK(world.history.size() == 1);
    const Window window = named(world, "kafka-upgrade");
    CHECK(window.state == WindowState::over);
    CHECK(window.ended_by == "engineer-b");
    CHECK(window.ended_at == world.now);
    world.pass(hours(3));
    CHECK(world.history.size() == 1);
}

TEST_CASE("a window that is ended before it began is cancelled and covers nothing") {
    World world({disk_rule()}, announcing());
    plan(world, upgrade(world));
    world.send(CommandGiven{0, "engineer-b", EndMaintenance{"kafka-upgrade"}});
    CHECK(texts(world).back() == "Maintenance kafka-upgrade is cancelled by engineer-b");
    world.pass(hours(3));
    world.send(disk_full(world));
    CHECK(world.history.size() == 1);
    CHECK(texts(world).size() == 2);  // planned, cancelled: never begun
}

TEST_CASE("an incident that was open before its window stays open and may rise [H-15]") {
    Rule rule = lag_rule();
    rule.ladder = {over(1800, Severity::critical), over(300, Severity::major)};
    World world({rule});
    world.lag(400);
    REQUIRE(world.history.size() == 1);
    PlanMaintenance wish = upgrade(world);
    wish.from = world.now;
    plan(world, wish);
    world.lag(2000);
    CHECK(world.incident(1).severity == Severity::critical);
    CHECK(is_open(world.incident(1).state));
}

TEST_CASE("data loss is never suppressed, nor what tocsin notices of itself [B12] [H-15]") {
    World world = inside();
    world.send(world.alert("EventsLost", Labels{{"region", "us"}}));
    REQUIRE(world.history.size() == 1);
    CHECK(world.incident(1).severity == Severity::critical);

    const Rule* source = world.state.ruleset->find("tocsin/source");
    REQUIRE(source != nullptr);
    CHECK_FALSE(speaks_of(Window{}, Labels{{"source", "us"}}, *source));
    world.send(SourceSilent{"us", world.now, "connection refused"});
    CHECK(world.history.size() == 2);
}

TEST_CASE("another region is not covered by a window, even for the same rule [B12]") {
    World world = inside();
    world.send(disk_full(world, Labels{{"region", "eu"}, {"instance", "b1"}}));
    CHECK(world.history.size() == 1);
}

TEST_CASE("where one window ends and the next begins, nothing is judged in between [H-15]") {
    World world({disk_rule()});
    PlanMaintenance first = upgrade(world);
    PlanMaintenance second = first;
    second.name = "kafka-cleanup";
    second.from = first.to;
    second.to = first.to + hours(1);
    plan(world, first);
    plan(world, second);
    world.pass(hours(3));
    world.send(disk_full(world));
    world.pass(hours(1) + minutes(30));
    CHECK(world.history.empty());
    CHECK(contains(world.verdict().detail, "kafka-cleanup"));
    CHECK(named(world, "kafka-upgrade").outlived == 0);
    world.pass(hours(1));
    CHECK(world.history.size() == 1);
}
