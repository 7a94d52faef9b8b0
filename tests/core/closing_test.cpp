// Closing: every missing point in one answer, and what force overrides.
#include <doctest/doctest.h>

#include "core/closing.hpp"
#include "support/life.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

World world_with_incident() {
    World world =
        World::with_roster({alert_rule("site", "alertname=\"SiteDown\"", Severity::critical)});
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    world.command(1, Acknowledge{});
    return world;
}

void clear_all(World& world) {
    world.send(World::resolved(world.alert("SiteDown"), world.now));
    world.pass(minutes(5));
}

}  // namespace

TEST_CASE("A refusal to close names every missing point at once [H-60] [C5]") {
    World world = world_with_incident();
    Incident& incident = world.state.incidents.at(1);
    incident.banner.on = true;
    incident.communication.published_at = world.now;
    incident.communication.status = "identified";
    index(world.state);  // what is published needs no reminder
    world.command(1, Close{});
    REQUIRE(world.last.refusal);
    CHECK(world.last.refusal->code == "conflict");
    CHECK(world.last.refusal->field == "force");
    const std::string& message = world.last.refusal->message;
    CHECK(says(message, "signals: wait until its signals are clear: {alertname=\"SiteDown\"}"));
    CHECK(says(message, "cause: say the cause"));
    CHECK(says(message, "fix: say which fix is in place"));
    CHECK(says(message, "banner: turn the in-app banner off"));
    CHECK(says(message, "status_page: publish `resolved`"));
    CHECK(says(message, "`identified`"));
    CHECK(world.incident(1).state == IncidentState::active);
}

TEST_CASE("Where only cause or fix is missing, the answer names that field [H-60]") {
    World world = world_with_incident();
    clear_all(world);
    world.command(1, Close{.cause = "unknown, mitigated"});
    CHECK(world.last.refusal->code == "missing");
    CHECK(world.last.refusal->field == "fix");
    world.command(1, Close{.cause = "unknown, mitigated", .fix = "restarted"});
    CHECK(world.incident(1).state == IncidentState::closed);
}

TEST_CASE("Closing without monitoring is allowed when every signal is clear [C5]") {
    World world({});
    world.command(0, Declare{.title = "checkout looks wrong"});
    world.command(1, Close{.cause = "a cache", .fix = "flushed"});
    CHECK(world.incident(1).state == IncidentState::closed);
}

TEST_CASE("What a forced close overrides stands on the timeline [H-63] [C5]") {
    World world = world_with_incident();
    world.state.incidents.at(1).banner.on = true;
    world.command(1, Close{.force = "the vendor repairs it tonight"});
    CHECK(world.incident(1).state == IncidentState::closed);
    const std::string text = entries(world, "closed").back();
    CHECK(says(text, "forced: the vendor repairs it tonight (overridden: signals: "));
    CHECK(says(text, "banner: turn the in-app banner off"));
}

TEST_CASE("Customers who were never told are a reminder at closing, not a refusal [H-50]") {
    World world = world_with_incident();
    REQUIRE(world.incident(1).communication_due);
    clear_all(world);
    world.command(1, Close{.cause = "a", .fix = "b"});
    CHECK(world.incident(1).state == IncidentState::closed);
    CHECK(says(entries(world, "communication").back(), "communication: customers were to be told"));
}

TEST_CASE("The checklist is a pure function that says what is done and what to do [H-60]") {
    World world = world_with_incident();
    const std::vector<ClosingPoint> points =
        close_checklist(world.state, world.state.incidents.at(1));
    std::vector<std::string> open;
    for (const ClosingPoint& point : points) {
        if (!point.done) open.push_back(point.point);
    }
    CHECK(open == std::vector<std::string>{"signals", "cause", "fix", "communication"});
}

TEST_CASE("The answer to closing names three signals and counts the rest [H-60]") {
    World world({alert_rule("disk", "alertname=\"Disk\"", Severity::major)});
    for (int i = 0; i < 7; ++i) {
        world.send(world.alert("Disk", Labels{{"instance", std::to_string(i)}}));
    }
    world.command(1, Close{.cause = "a", .fix = "b"});
    CHECK(says(world.last.refusal->message, "instance=\"2\"} and 4 more"));
}
