// What people do to incidents, and what their doing leaves behind.
#include <doctest/doctest.h>

#include "support/world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

World world_with_incident() {
    World world({alert_rule("site", "alertname=\"SiteDown\"", Severity::major)});
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    return world;
}

std::string refusal(const World& world) {
    return world.last.refusal ? world.last.refusal->code : "";
}

}  // namespace

TEST_CASE(
    "An acknowledged major incident goes to monitoring when clear, and waits for its lead "
    "[H-62]") {
    World world = world_with_incident();
    world.command(1, Acknowledge{});
    AlertSeen alert = world.alert("SiteDown");
    world.send(World::resolved(alert, world.now + seconds(1)));
    world.pass(minutes(5));
    CHECK(world.incident(1).state == IncidentState::monitoring);
    world.pass(hours(10));
    CHECK(world.incident(1).state == IncidentState::monitoring);
    world.send(world.alert("SiteDown"));
    CHECK(world.incident(1).state == IncidentState::active);
}

TEST_CASE(
    "What a decline silences says who declined, by which sentence and threshold it was held") {
    World world({lag_rule()});
    world.lag(301);
    world.command(1, Decline{"a planned test"});
    CHECK(world.verdict().outcome == Outcome::suppressed);
    CHECK(world.verdict().detail == "engineer-a: a planned test");
    CHECK(world.verdict().cite == ">5 minute ingestion lag");
    CHECK(world.verdict().threshold == "> 5m");
}

TEST_CASE("Acknowledging twice is accepted and changes nothing") {
    World world = world_with_incident();
    world.command(1, Acknowledge{});
    world.command(1, Acknowledge{});
    CHECK(refusal(world).empty());
    CHECK(world.last.empty());
}

TEST_CASE("Closing asks for cause and fix, and for clear signals or a reason [H-60] [C5]") {
    World world = world_with_incident();
    world.command(1, Close{});
    CHECK(refusal(world) == "conflict");
    AlertSeen alert = world.alert("SiteDown");
    world.command(1, Acknowledge{});
    world.send(World::resolved(alert, world.now + seconds(1)));
    world.pass(minutes(5));
    world.command(1, Close{});
    CHECK(refusal(world) == "missing");
    CHECK(world.last.refusal->field == "cause");
    world.command(1, Close{.cause = "disk", .fix = "bigger disk"});
    CHECK(world.incident(1).state == IncidentState::closed);
    CHECK(world.incident(1).closed_by == "engineer-a");
    world.command(1, Close{.cause = "disk", .fix = "bigger disk"});
    CHECK(refusal(world).empty());
}

TEST_CASE("After decline the same signals are spent until they have been clear [H-02]") {
    World world = world_with_incident();
    world.command(1, Decline{"planned test"});
    CHECK(world.incident(1).state == IncidentState::declined);
    CHECK(world.verdict().outcome == Outcome::suppressed);
    CHECK(world.verdict().because == Because::declined);
    CHECK(world.keys(Action::resolve_page).size() == 1);
    AlertSeen again = world.alert("SiteDown");
    again.annotations = Labels{{"summary", "still"}};
    world.send(again);
    CHECK(world.history.size() == 1);
    world.pass(seconds(1));
    world.send(World::resolved(again, world.now));
    world.pass(minutes(5));
    CHECK(world.state.signals.empty());
    world.send(world.alert("SiteDown"));
    CHECK(world.history.size() == 2);
}

TEST_CASE("A more severe step declares at once although the signal is spent [H-02]") {
    Rule rule = lag_rule();
    rule.ladder[0].severity = Severity::critical;
    World world({rule});
    world.lag(400);
    world.command(1, Close{.force = "known, waiting for the vendor"});
    world.pass(seconds(15));
    world.lag(500);
    CHECK(world.verdict().because == Because::closed_by_human);
    CHECK(world.history.at(1).state == IncidentState::closed);
    world.pass(seconds(15));
    world.lag_for(2000, seconds(30));
    CHECK(world.incident(1).state == IncidentState::triage);
    CHECK(world.incident(1).episode == 2);
    CHECK(world.incident(1).severity == Severity::critical);
}

TEST_CASE("Severity falls only by a person, with a reason, and the old page is resolved [H-35]") {
    World world = world_with_incident();
    world.command(1, ChangeSeverity{Severity::minor, ""});
    CHECK(refusal(world) == "missing");
    world.command(1, ChangeSeverity{Severity::minor, "only one customer"});
    CHECK(world.incident(1).severity == Severity::minor);
    CHECK(world.keys(Action::resolve_page).size() == 1);
    world.pass(hours(1));
    CHECK(world.pages().size() == 1);
    world.command(1, ChangeSeverity{Severity::critical, "all customers"});
    CHECK(world.pages().back() == "pager prod/install/INC-1/1/critical/page");
}

TEST_CASE(
    "Anyone can declare; it is active and major, led by who declared it, and paged [H-06] "
    "[H-40]") {
    World world({});
    world.command(0, Declare{.title = "checkout looks wrong"});
    CHECK(world.last.incident == 1);
    CHECK(world.incident(1).state == IncidentState::active);
    CHECK(world.incident(1).severity == Severity::major);
    CHECK(world.incident(1).lead == "engineer-a");
    CHECK(world.pages().size() == 1);
    world.pass(hours(5));
    CHECK(is_open(world.incident(1).state));
}

TEST_CASE(
    "Notes are kept for ever; other commands say when an incident is over or unknown [H-44]") {
    World world = world_with_incident();
    world.command(1, Decline{"test"});
    world.command(1, Note{"for the record"});
    CHECK(world.timeline.back().text == "for the record");
    world.command(1, TakeLead{"engineer-b"});
    CHECK(refusal(world) == "conflict");
    world.command(9, Acknowledge{});
    CHECK(refusal(world) == "not_found");
    world.command(1, Note{""});
    CHECK(world.last.refusal->field == "text");
}

TEST_CASE("A refused sender is one major incident that ends when no refusal has followed") {
    World world({});
    world.send(SenderRejected{"oversize", "10.0.0.7", "40 MiB"});
    CHECK(world.incident(1).key == "intake/oversize");
    CHECK(world.incident(1).severity == Severity::major);
    world.pass(minutes(10));
    world.send(SenderRejected{"oversize", "10.0.0.7", "40 MiB"});
    world.pass(minutes(10));
    CHECK(is_open(world.incident(1).state));
    world.pass(minutes(5));
    CHECK(world.incident(1).state == IncidentState::closed);
}
