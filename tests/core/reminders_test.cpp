// Reminders: who is asked for a word, when it rises by itself, and who is paged anew after silence.
#include <doctest/doctest.h>

#include "support/life.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

std::vector<Rule> rules() {
    return {alert_rule("site", "alertname=\"SiteDown\"", Severity::major),
            alert_rule("leak", "alertname=\"Leak\"", Severity::minor),
            alert_rule("down", "alertname=\"AllDown\"", Severity::critical)};
}

World acknowledged_world(const std::string& alert, Policy policy = World::default_policy()) {
    World world = World::with_roster(rules(), std::move(policy));
    world.send(world.alert(alert));
    world.accept_deliveries();
    world.command(1, Acknowledge{});
    return world;
}

}  // namespace

TEST_CASE("The lead of a major incident is asked for a word after each 30 minutes without [H-27]") {
    World world = acknowledged_world("SiteDown");
    world.pass(minutes(29));
    CHECK(entries(world, "reminded").empty());
    world.pass(minutes(1));
    CHECK(entries(world, "reminded") ==
          std::vector<std::string>{"no word for 30m; asked: engineer-a"});
    CHECK(says(notices(world, "engineer-a").back(), "site: no word for 30m"));
    CHECK(world.incident(1).reminders == 1);
    world.pass(minutes(30));
    CHECK(entries(world, "reminded").back() == "no word for 1h; asked: engineer-a");
    CHECK(world.incident(1).reminders == 2);
}

TEST_CASE("A note or any other command is a word, and the clock starts anew [H-27]") {
    World world = acknowledged_world("SiteDown");
    world.pass(minutes(20));
    world.command(1, Note{"looking at the load balancer"});
    world.pass(minutes(29));
    CHECK(entries(world, "reminded").empty());
    world.pass(minutes(1));
    CHECK(entries(world, "reminded").size() == 1);
    world.command(1, TakeLead{"engineer-b"});
    CHECK(world.incident(1).reminders == 0);
    world.pass(minutes(30));
    CHECK(entries(world, "reminded").back() == "no word for 30m; asked: engineer-b");
}

TEST_CASE("Announcing integrations hear the reminder, too [H-27]") {
    Policy policy = World::default_policy();
    policy.announce = {"chat"};
    World world = acknowledged_world("AllDown", policy);
    const std::size_t before = world.keys(Action::update).size();
    world.pass(minutes(30));
    CHECK(world.keys(Action::update).size() > before);
}

TEST_CASE(
    "A lead whom no notice reaches is no reason for silence: who is on call is asked [H-27]") {
    World world = World::with_roster(rules());
    world.send(world.alert("SiteDown"));
    world.send(CommandGiven{1, "somebody-else", Acknowledge{}});
    world.pass(minutes(30));
    CHECK(entries(world, "reminded").back() == "no word for 30m; asked: engineer-c");
}

TEST_CASE("What nobody has acknowledged is paged for instead of reminded of [H-27]") {
    World world = World::with_roster(rules());
    world.send(world.alert("AllDown"));
    for (int i = 0; i < 24; ++i) {
        world.accept_deliveries();
        world.pass(minutes(5));
    }
    for (const std::string& text : entries(world, "reminded")) CHECK_FALSE(says(text, "no word"));
    CHECK(world.pages().size() > 20);
}

TEST_CASE("A minor incident is recalled after three days, at working hours, and again [H-27]") {
    World world = World::with_roster(rules(), office_policy());
    world.pass(hours(18));  // Sunday evening
    world.send(world.alert("Leak"));
    world.pass(hours(72 + 14));
    CHECK(entries(world, "reminded").empty());
    world.pass(hours(1));  // Thursday 09:00: the three days ended Wednesday 18:00
    REQUIRE(entries(world, "reminded").size() == 1);
    CHECK(instants(world, "reminded").front() == start_of_time() + hours(4 * 24 + 9));
    CHECK(says(entries(world, "reminded").front(), "no word for 3d15h; asked: engineer-a"));
    world.pass(hours(4 * 24));  // three days later is Sunday, so Monday morning
    CHECK(instants(world, "reminded").back() == start_of_time() + hours(8 * 24 + 9));
    CHECK(world.pages().empty());
}

TEST_CASE("A major incident that nobody acknowledges for 60 minutes rises to critical [H-29]") {
    World world = World::with_roster(rules());
    world.send(world.alert("SiteDown"));
    world.pass(minutes(59));
    CHECK(world.incident(1).severity == Severity::major);
    world.pass(minutes(1));
    CHECK(world.incident(1).severity == Severity::critical);
    CHECK(says(entries(world, "raised").back(),
               "raised from major to critical: nobody has acknowledged for 1h (\"Major incidents "
               "often become critical incidents if not resolved in a timely manner\")"));
    bool paged_anew = false;
    for (const std::string& page : world.pages()) paged_anew |= says(page, "/critical/");
    CHECK(paged_anew);
    world.pass(hours(5));
    CHECK(entries(world, "raised").size() == 1);
}

TEST_CASE("What tocsin notices of itself goes on paging, and is no worse for lasting [H-29]") {
    World world = World::with_roster(rules());
    world.send(SourceSilent{"us", world.now, "connection refused"});
    for (int i = 0; i < 24; ++i) {
        world.accept_deliveries();
        world.pass(minutes(5));
    }
    CHECK(world.incident(1).severity == Severity::major);
    CHECK_FALSE(world.incident(1).communication_due);
    CHECK(world.pages().size() > 20);
}

TEST_CASE("The lead of one that is acknowledged is asked once whether it is critical now [H-29]") {
    World world = acknowledged_world("SiteDown");
    world.pass(minutes(60));
    REQUIRE(entries(world, "asked").size() == 1);
    CHECK(says(entries(world, "asked").front(), "is it critical now? It has been major for 1h"));
    CHECK(says(entries(world, "asked").front(), "in a timely manner"));
    CHECK(world.incident(1).severity == Severity::major);
    world.pass(hours(10));
    CHECK(entries(world, "asked").size() == 1);
}

TEST_CASE("What a person has lowered is not raised by time again [H-29] [H-35]") {
    World world = World::with_roster(rules());
    world.send(world.alert("AllDown"));
    world.command(1, ChangeSeverity{Severity::major, "only the marketing site"});
    world.pass(hours(3));
    CHECK(world.incident(1).severity == Severity::major);
    CHECK(entries(world, "asked").empty());
}

TEST_CASE("The hour counts from when it became major, not from when it was a minor one [H-29]") {
    World world = World::with_roster(rules());
    world.send(world.alert("Leak"));
    world.pass(hours(5));
    world.command(1, ChangeSeverity{Severity::major, "it grows"});
    world.pass(minutes(59));
    CHECK(world.incident(1).severity == Severity::major);
    world.pass(minutes(1));
    CHECK(world.incident(1).severity == Severity::critical);
}

TEST_CASE(
    "A rule that pages nobody cannot go unacknowledged: on call is asked, not raised [H-29]") {
    std::vector<Rule> quiet = rules();
    quiet[0].page = PageWhen::never;
    World world = World::with_roster(quiet);
    world.send(world.alert("SiteDown"));
    world.pass(hours(2));
    CHECK(world.incident(1).severity == Severity::major);
    CHECK(says(entries(world, "asked").front(), "asked: engineer-c"));
}

TEST_CASE("Acknowledged and then silent for an hour, it is paged anew, and again [H-73]") {
    World world = acknowledged_world("AllDown");
    const std::size_t before = world.pages().size();
    world.pass(minutes(59));
    CHECK(world.pages().size() == before);
    world.pass(minutes(1));
    CHECK(world.pages().size() == before + 1);
    CHECK(says(entries(world, "paged").back(), "acknowledged by engineer-a, but no word for 1h"));
    world.accept_deliveries();
    world.command(1, Acknowledge{});
    CHECK(world.incident(1).last_word_at == world.now);
    const std::size_t after = world.pages().size();
    world.pass(minutes(59));
    CHECK(world.pages().size() == after);
    world.pass(minutes(1));
    CHECK(world.pages().size() == after + 1);
}

TEST_CASE("Nobody is reminded of an incident in monitoring, or of one that has ended [H-61]") {
    World world = acknowledged_world("SiteDown");
    world.send(World::resolved(world.alert("SiteDown"), world.now));
    world.command(1, StartMonitoring{"rolled back"});
    world.pass(minutes(14));
    CHECK(entries(world, "reminded").empty());
    world.command(1, Close{.cause = "bad deploy", .fix = "rolled back", .force = "quick"});
    world.pass(hours(100));
    CHECK(entries(world, "reminded").empty());
}

TEST_CASE("A reload and a restart neither lose nor double a reminder [H-27]") {
    World world = acknowledged_world("SiteDown");
    Policy policy = World::default_policy();
    for (int i = 0; i < 60; ++i) {
        world.pass(minutes(1));
        world.load(rules(), policy);
        index(world.state);  // as after loading the rows
    }
    CHECK(entries(world, "reminded").size() == 2);
    policy.major.update_every = minutes(10);
    world.load(rules(), policy);
    world.pass(minutes(10));
    CHECK(entries(world, "reminded").size() == 3);
}
