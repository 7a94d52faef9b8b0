// Severity over time: it rises by itself, falls only by a person, and pages at each rise.
#include <doctest/doctest.h>

#include "support/life.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

// Over 1 minor, over 2 major, over 3 critical.
Rule three_steps() {
    Rule rule = lag_rule();
    rule.ladder = {over(3, Severity::critical), over(2, Severity::major), over(1, Severity::minor)};
    rule.clear = {.hold_for = minutes(5)};
    return rule;
}

}  // namespace

TEST_CASE("One trouble that worsens three times is one incident, raised in place [H-26] [B11]") {
    World world = World::with_roster({three_steps()}, office_policy());
    world.lag(1.5);
    CHECK(world.incident(1).severity == Severity::minor);
    CHECK(world.pages().empty());
    world.pass(minutes(1));
    world.lag(2.5);
    CHECK(world.incident(1).severity == Severity::major);
    CHECK(says(world.pages().back(), "INC-1/1/major/page"));
    world.accept_deliveries();
    world.command(1, Acknowledge{});
    world.pass(minutes(1));
    world.lag(3.5);
    CHECK(world.incident(1).severity == Severity::critical);
    CHECK(says(world.pages().back(), "INC-1/1/critical/page"));
    CHECK(world.pages().size() == 2);
    CHECK(entries(world, "raised").size() == 2);
    CHECK(world.history.size() == 1);
}

TEST_CASE("When the value improves, the severity stays where it was [H-35]") {
    World world = World::with_roster({three_steps()});
    world.lag(3.5);
    world.command(1, Acknowledge{});
    world.lag_for(1.5, minutes(10));
    CHECK(world.incident(1).severity == Severity::critical);
}

TEST_CASE(
    "What a person has lowered stays low while the same signal flaps; worse raises it [H-35]") {
    World world = World::with_roster({three_steps()});
    world.lag(2.5);
    world.command(1, Acknowledge{});
    world.command(1, ChangeSeverity{Severity::minor, "one customer"});
    const std::size_t before = world.pages().size();
    for (int i = 0; i < 3; ++i) {
        world.pass(seconds(15));
        world.lag(0.5);
        world.pass(seconds(15));
        world.lag(2.5);
    }
    CHECK(world.incident(1).severity == Severity::minor);
    CHECK(world.pages().size() == before);
    world.lag(3.5);
    CHECK(world.incident(1).severity == Severity::critical);
    CHECK(world.pages().size() == before + 1);
}

TEST_CASE("Another signal of the same incident raises what a person has lowered [H-20] [H-35]") {
    World world = World::with_roster({alert_rule("disk", "alertname=\"Disk\"", Severity::major)});
    world.send(world.alert("Disk", Labels{{"instance", "1"}}));
    world.command(1, ChangeSeverity{Severity::minor, "a test machine"});
    world.send(world.alert("Disk", Labels{{"instance", "2"}}));
    CHECK(world.incident(1).severity == Severity::major);
}

TEST_CASE("A person may raise to critical at any time, with the reason on the timeline [H-36]") {
    World world = World::with_roster({alert_rule("leak", "alertname=\"Leak\"", Severity::minor)});
    world.send(world.alert("Leak"));
    world.command(1, ChangeSeverity{Severity::critical, ""});
    CHECK(world.last.refusal->field == "reason");
    world.command(1, ChangeSeverity{Severity::critical, "it deletes events"});
    CHECK(world.incident(1).severity == Severity::critical);
    CHECK(entries(world, "severity").back() == "severity minor -> critical: it deletes events");
    CHECK(says(world.pages().back(), "INC-1/1/critical/page"));
    CHECK(world.incident(1).communication_due);
}

TEST_CASE(
    "Declined is spent: the same trouble is silent until it was clear, then declares [H-02]") {
    World world = World::with_roster({three_steps()});
    world.lag(2.5);
    world.command(1, Decline{"a load test"});
    world.lag_for(2.5, minutes(30));
    CHECK(world.history.size() == 1);
    CHECK(world.verdict().because == Because::declined);
    world.lag_for(0.5, minutes(6));
    world.lag(2.5);
    CHECK(world.history.size() == 2);
    CHECK(world.incident(2).severity == Severity::major);
    CHECK(world.incident(2).episode == 1);
}

TEST_CASE("A more severe step declares at once although a person has declined [H-02] [H-20]") {
    World world = World::with_roster({three_steps()});
    world.lag(2.5);
    world.command(1, Decline{"a load test"});
    world.pass(seconds(15));
    world.lag(3.5);
    CHECK(world.incident(2).severity == Severity::critical);
}
