// Monitoring: looks with their values, breaches, and the proposal after four clean ones.
#include <doctest/doctest.h>

#include "support/life.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

Rule seconds_of_lag() {
    Rule rule = lag_rule();
    rule.unit = "seconds";
    rule.clear.when->text = "< 4m";
    return rule;
}

// Acknowledged at 400 s of lag; then the lag falls to `lag` and engineer-a says `monitoring`.
World monitored_lag(double lag, Policy policy = World::default_policy()) {
    World world = World::with_roster({seconds_of_lag()}, std::move(policy));
    world.lag(400);
    world.command(1, Acknowledge{});
    world.lag(lag);
    world.command(1, StartMonitoring{"scaled the consumers"});
    return world;
}

World monitored_alert(AlertSeen* alert, Policy policy = World::default_policy()) {
    World world = World::with_roster(
        {alert_rule("site", "alertname=\"SiteDown\"", Severity::major)}, std::move(policy));
    *alert = world.alert("SiteDown");
    world.send(*alert);
    world.command(1, Acknowledge{});
    return world;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("Every fifteen minutes the values go on the timeline, with their threshold [H-61]") {
    World world = monitored_lag(82);
    CHECK(world.incident(1).mitigated_at == world.now);
    world.lag_for(82, minutes(15) - seconds(15));
    CHECK(entries(world, "look").empty());
    world.lag(82);
    REQUIRE(entries(world, "look") == Texts{"ingestion-lag 82 s (< 4m) in us: clean, 1 of 4"});
    CHECK(world.timeline.back().value == 82);
    world.lag_for(82, minutes(15));
    CHECK(entries(world, "look").back() == "ingestion-lag 82 s (< 4m) in us: clean, 2 of 4");
}

TEST_CASE("A breach at a look makes the incident active again, and the lead is told [H-61]") {
    World world = monitored_lag(400);
    world.lag_for(400, minutes(14));
    CHECK(world.incident(1).state == IncidentState::monitoring);
    world.lag_for(400, minutes(2));
    CHECK(world.incident(1).state == IncidentState::active);
    CHECK(entries(world, "active").back() == "active again: ingestion-lag 400 s (> 5m) in us");
    CHECK(says(notices(world, "engineer-a").back(), "active again"));
    CHECK(world.pages().size() == 1);
}

TEST_CASE("After the first look a signal that holds again does not wait for the next [H-61]") {
    World world = monitored_lag(250);
    world.lag_for(250, minutes(16));
    CHECK(entries(world, "look").back() ==
          "ingestion-lag 250 s (not < 4m) in us: not clear yet, 0 of 4");
    world.lag(301);
    CHECK(world.incident(1).state == IncidentState::active);
    CHECK(says(entries(world, "active").back(), "holds, value 301 (> 5m)"));
}

TEST_CASE("A signal that joins while it is monitored is a breach at once [H-61]") {
    AlertSeen alert;
    World world = monitored_alert(&alert);
    world.send(World::resolved(alert, world.now));
    world.command(1, StartMonitoring{"rolled back"});
    world.pass(minutes(1));
    world.send(world.alert("SiteDown", Labels{{"instance", "2"}}));
    CHECK(world.incident(1).state == IncidentState::active);
}

TEST_CASE(
    "An alert that fires on when a person says `monitoring` has until the first look [H-61]") {
    AlertSeen alert;
    World world = monitored_alert(&alert);
    world.command(1, StartMonitoring{"rolled back"});
    world.pass(minutes(14));
    CHECK(world.incident(1).state == IncidentState::monitoring);
    world.pass(minutes(1));
    CHECK(world.incident(1).state == IncidentState::active);
    CHECK(says(entries(world, "active").back(), "{alertname=\"SiteDown\"}"));
    CHECK_FALSE(world.incident(1).monitoring.since);
}

TEST_CASE("Four clean looks propose closing to the lead, with what closing asks for [H-61] [C5]") {
    AlertSeen alert;
    World world = monitored_alert(&alert, office_policy());
    world.send(World::resolved(alert, world.now));
    world.pass(minutes(5));
    REQUIRE(world.incident(1).state == IncidentState::monitoring);
    CHECK(says(notices(world, "engineer-a").back(), "every signal is clear"));
    world.pass(minutes(59));
    CHECK(entries(world, "proposed").empty());
    world.pass(minutes(1));
    CHECK(entries(world, "look") ==
          Texts{"no signal holds: clean, 1 of 4", "no signal holds: clean, 2 of 4",
                "no signal holds: clean, 3 of 4", "no signal holds: clean, 4 of 4"});
    REQUIRE(entries(world, "proposed").size() == 1);
    CHECK(says(entries(world, "proposed").front(), "4 clean looks in a row: it may be closed"));
    CHECK(says(notices(world, "engineer-a").back(), "cause: say the cause"));
    CHECK(world.incident(1).state == IncidentState::monitoring);
}

TEST_CASE("The proposal is repeated each working day, and looks go on, until it is closed [H-61]") {
    AlertSeen alert;
    World world = monitored_alert(&alert, office_policy());
    world.send(World::resolved(alert, world.now));
    world.pass(hours(48));  // from Sunday 00:00 on
    REQUIRE(entries(world, "proposed").size() == 2);
    CHECK(instants(world, "proposed").back() == start_of_time() + hours(24 + 9));
    CHECK(entries(world, "look").size() == 47 * 4 + 3);
    world.pass(hours(24));
    CHECK(entries(world, "proposed").size() == 3);
    world.command(1, Close{.cause = "a", .fix = "b"});
    world.pass(hours(48));
    CHECK(entries(world, "proposed").size() == 3);
}

TEST_CASE("A source that does not answer within two minutes is no clean look [H-61] [H-01]") {
    World world = monitored_lag(82);
    world.lag_for(82, minutes(14));
    world.pass(minutes(3) - seconds(15));
    CHECK(entries(world, "look") == Texts{"could not look: ingestion-lag on us does not answer"});
    CHECK(world.incident(1).monitoring.looks_clean == 0);
    CHECK(world.incident(1).state == IncidentState::monitoring);
    world.lag_for(82, minutes(15));
    CHECK(entries(world, "look").back() == "ingestion-lag 82 s (< 4m) in us: clean, 1 of 4");
}

TEST_CASE("An error is no answer, and a series that is gone is no clean look either [H-01]") {
    World world = monitored_lag(82);
    world.lag_for(82, minutes(14));
    world.pass(minutes(1));
    world.send(Evaluated{"ingestion-lag",
                         7,
                         world.now,
                         {SourceAnswer{.source = "us", .kind = SourceAnswer::Kind::error}}});
    CHECK(entries(world, "look").empty());
    world.send(Evaluated{"ingestion-lag", 7, world.now, {SourceAnswer{.source = "us"}}});
    CHECK(entries(world, "look") == Texts{"ingestion-lag has no data: not clear yet, 0 of 4"});
}

TEST_CASE("Intermittent trouble starts the four clean looks anew [H-61]") {
    World world = monitored_lag(82);
    world.lag_for(82, minutes(46));
    CHECK(entries(world, "look").back() == "ingestion-lag 82 s (< 4m) in us: clean, 3 of 4");
    world.lag_for(301, minutes(1));
    CHECK(world.incident(1).state == IncidentState::active);
    world.lag_for(82, minutes(6));
    CHECK(world.incident(1).state == IncidentState::monitoring);
    world.lag_for(82, minutes(46));
    CHECK(entries(world, "look").back() == "ingestion-lag 82 s (< 4m) in us: clean, 3 of 4");
    CHECK(entries(world, "proposed").empty());
    world.lag_for(82, minutes(15));
    CHECK(entries(world, "proposed").size() == 1);
}

TEST_CASE("Of several series the worst is written down [H-61]") {
    World world = World::with_roster({seconds_of_lag()});
    const auto evaluate = [&](double one, double other) {
        world.send(Evaluated{"ingestion-lag",
                             7,
                             world.now,
                             {SourceAnswer{.source = "us",
                                           .series = {{Labels{{"shard", "1"}}, one},
                                                      {Labels{{"shard", "2"}}, other}}}}});
    };
    evaluate(400, 400);
    world.command(1, Acknowledge{});
    evaluate(100, 100);
    world.command(1, StartMonitoring{"fixed"});
    world.pass(minutes(15));
    evaluate(100, 260);
    CHECK(entries(world, "look").back() ==
          "ingestion-lag 260 s (not < 4m) in us, worst of 2: not clear yet, 0 of 4");
}

TEST_CASE(
    "When the silence was long, a breach at night pages who acknowledged anew [H-61] [H-73]") {
    AlertSeen alert;
    World world = monitored_alert(&alert);
    world.accept_deliveries();
    world.send(World::resolved(alert, world.now));
    world.pass(hours(3));
    REQUIRE(world.incident(1).state == IncidentState::monitoring);
    const std::size_t before = world.pages().size();
    world.send(world.alert("SiteDown"));
    world.pass(seconds(1));
    CHECK(world.incident(1).state == IncidentState::active);
    CHECK(world.pages().size() == before + 1);
}

TEST_CASE("What a person declared is looked at, too: nothing measures it [H-61] [H-06]") {
    World world = World::with_roster({});
    world.command(0, Declare{.title = "checkout looks wrong"});
    world.command(1, StartMonitoring{"rolled back"});
    world.pass(hours(1));
    CHECK(entries(world, "look").back() == "nothing measures it: clean, 4 of 4");
    CHECK(entries(world, "proposed").size() == 1);
}

TEST_CASE("A restart in the middle of a look changes nothing [H-61]") {
    World world = monitored_lag(82);
    world.lag_for(82, minutes(14));
    world.pass(minutes(1));
    REQUIRE(world.incident(1).monitoring.looking_until);
    index(world.state);
    world.load({seconds_of_lag()});
    world.lag(82);
    CHECK(entries(world, "look") == Texts{"ingestion-lag 82 s (< 4m) in us: clean, 1 of 4"});
}
