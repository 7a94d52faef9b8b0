// One incident out of two, and a second life for one.
#include <doctest/doctest.h>

#include "support/life.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

std::vector<Rule> rules() {
    return {alert_rule("site", "alertname=\"SiteDown\"", Severity::critical, {"region"}),
            alert_rule("disk", "alertname=\"Disk\"", Severity::major, {"region"}),
            alert_rule("leak", "alertname=\"Leak\"", Severity::minor)};
}

AlertSeen in(World& world, const std::string& alert, const std::string& region) {
    return world.alert(alert, Labels{{"region", region}});
}

// INC-1 is Disk (major) in us, INC-2 SiteDown (critical) in us.
World two_incidents() {
    World world = World::with_roster(rules());
    world.send(in(world, "Disk", "us"));
    world.send(in(world, "SiteDown", "us"));
    world.accept_deliveries();
    return world;
}

}  // namespace

TEST_CASE("Both regions down: two incidents, two pages, each naming the other [B6]") {
    World world = World::with_roster(rules());
    world.send(in(world, "SiteDown", "us"));
    world.send(in(world, "SiteDown", "eu"));
    CHECK(world.incident(1).severity == Severity::critical);
    CHECK(world.incident(2).severity == Severity::critical);
    CHECK(world.pages().size() == 2);
    CHECK(world.incident(1).also == std::vector<std::uint64_t>{2});
    CHECK(world.incident(2).also == std::vector<std::uint64_t>{1});
}

TEST_CASE("Merged, one goes on with both's signals, and the other closes without a meeting [B6]") {
    World world = two_incidents();
    world.command(2, Acknowledge{});
    world.command(1, Acknowledge{});
    world.command(1, Merge{2});
    CHECK(world.incident(1).state == IncidentState::closed);
    CHECK(world.incident(1).merged_into == 2);
    CHECK(world.incident(1).closed_by == "engineer-a");
    CHECK(entries(world, "closed").back() == "merged into INC-2");
    CHECK(says(entries(world, "merged").back(), "INC-1 merged into this one: disk (1 signals)"));
    CHECK_FALSE(world.incident(1).aftermath.meeting_from);
    CHECK(world.state.signals_by_incident.at(2).size() == 2);
    CHECK(world.keys(Action::resolve_page).size() == 1);
    world.pass(minutes(10));
    CHECK_FALSE(world.state.incidents.contains(1));
}

TEST_CASE("The one that goes on takes the higher severity, and pages anew if it rises [H-20]") {
    World world = two_incidents();
    world.command(2, Merge{1});
    CHECK(world.incident(1).severity == Severity::critical);
    CHECK(
        says(entries(world, "raised").back(), "raised from major to critical: it takes in INC-2"));
    CHECK(says(world.pages().back(), "INC-1/1/critical/page"));
    CHECK(world.incident(1).communication_due);
}

TEST_CASE("Later alerts of the merged key join the incident that goes on, while it is open [B6]") {
    World world = two_incidents();
    world.command(1, Acknowledge{});
    world.command(2, Merge{1});
    world.send(world.alert("SiteDown", Labels{{"region", "us"}, {"instance", "2"}}));
    CHECK(world.history.size() == 2);
    CHECK(world.state.signals_by_incident.at(1).size() == 3);
    world.command(1, Close{.force = "one outage"});
    world.pass(minutes(10));
    world.send(world.alert("SiteDown", Labels{{"region", "us"}, {"instance", "3"}}));
    CHECK(world.incident(3).key == "site{region=\"us\"}");
}

TEST_CASE("Merging into what is over, unknown or itself is refused with what to do [B6]") {
    World world = two_incidents();
    world.command(1, Merge{});
    CHECK(world.last.refusal->code == "missing");
    CHECK(world.last.refusal->field == "into");
    world.command(1, Merge{9});
    CHECK(world.last.refusal->code == "not_found");
    world.command(1, Merge{1});
    CHECK(world.last.refusal->message == "an incident cannot be merged into itself");
    world.command(2, Decline{"a drill"});
    world.command(1, Merge{2});
    CHECK(says(world.last.refusal->message, "INC-2 is over"));
    CHECK(world.incident(1).state == IncidentState::triage);
}

TEST_CASE("An incident in monitoring that takes in one that holds is active again [H-61]") {
    World world = two_incidents();
    world.command(2, Acknowledge{});
    world.command(2, StartMonitoring{"rolled back"});
    world.command(1, Merge{2});
    CHECK(world.incident(2).state == IncidentState::active);
}

TEST_CASE(
    "A banner and a status page entry of the merged one are the other's to take back [H-63]") {
    World world = two_incidents();
    Incident& from = world.state.incidents.at(1);
    from.banner.on = true;
    from.communication.published_at = world.now;
    from.communication.status = "investigating";
    world.command(1, Merge{2});
    CHECK(world.incident(2).banner.on);
    CHECK(world.incident(2).communication.status == "investigating");
    CHECK_FALSE(world.incident(1).banner.on);
}

TEST_CASE("A declined incident that was one after all is reopened, with its signals [H-02]") {
    World world = World::with_roster(rules());
    world.send(in(world, "SiteDown", "us"));
    world.accept_deliveries();
    world.command(1, Decline{"a drill"});
    CHECK(world.verdict().outcome == Outcome::suppressed);
    world.pass(minutes(5));
    const std::size_t before = world.pages().size();
    world.command(1, Reopen{"it was no drill"});
    CHECK(world.incident(1).state == IncidentState::active);
    CHECK(world.incident(1).episode == 2);
    CHECK(world.incident(1).lead == "engineer-a");
    CHECK(world.incident(1).acknowledged_by == "engineer-a");
    CHECK(world.pages().size() == before + 1);
    CHECK(entries(world, "reopened").back() == "reopened as critical: it was no drill");
    CHECK(world.verdict().outcome == Outcome::incident);
    CHECK(world.state.signals_by_incident.at(1).size() == 1);
}

TEST_CASE("Series that a forced close has spent are judged again after reopening [H-02]") {
    World world = World::with_roster({lag_rule()});
    world.lag(400);
    world.command(1, Close{.force = "the vendor knows"});
    world.pass(seconds(15));
    world.lag(400);
    CHECK(world.state.signals_by_incident.empty());
    world.command(1, Reopen{});
    world.lag(400);
    CHECK(world.state.signals_by_incident.at(1).size() == 1);
}

TEST_CASE("An incident whose key a newer one has taken is not reopened beside it [H-02]") {
    World world = World::with_roster(rules());
    AlertSeen alert = in(world, "SiteDown", "us");
    world.send(alert);
    world.command(1, Acknowledge{});
    world.send(World::resolved(alert, world.now));
    world.pass(minutes(5));
    world.command(1, Close{.cause = "a", .fix = "b"});
    world.pass(hours(1));
    world.send(in(world, "SiteDown", "us"));
    REQUIRE(world.history.size() == 2);
    world.command(1, Reopen{"again"});
    CHECK(world.last.refusal->code == "conflict");
    CHECK(says(world.last.refusal->message, "INC-2 has taken the place of INC-1"));
    world.command(2, Close{.force = "it belongs to INC-1"});
    world.command(1, Reopen{"again"});
    CHECK(says(world.last.refusal->message, "reopen that one instead"));
    world.pass(hours(1));
    world.command(1, Reopen{"again"});
    CHECK_FALSE(world.last.refusal);
    CHECK(world.incident(1).state == IncidentState::active);
    CHECK_FALSE(world.incident(1).released);
}

TEST_CASE("Reopening what is open changes nothing [H-02]") {
    World world = two_incidents();
    world.command(1, Reopen{"still"});
    CHECK_FALSE(world.last.refusal);
    CHECK(world.last.empty());
}
