// What customers are told: when it is due, who is asked for it and until when, and what is kept.
#include <doctest/doctest.h>

#include "support/world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

// engineer-b is on call, engineer-d is marketing's contact.
Roster roster() {
    Roster roster;
    for (const std::string name : {"engineer-a", "engineer-b", "engineer-d"}) {
        roster.people.push_back(Person{.name = name, .email = name + "@example.com"});
    }
    roster.escalation = {Level{.notify = {Target{Target::Kind::person, "engineer-b"}}}};
    roster.contacts["marketing"] = Target{Target::Kind::person, "engineer-d"};
    return roster;
}

std::vector<Rule> rules() {
    Rule lag = lag_rule();
    lag.summary = *Template::parse("Ingestion is {{ $value | humanizeDuration }} behind");
    lag.draft = *Template::parse("Event ingestion is delayed by {{ $value | humanizeDuration }}.");
    lag.component = "ingestion";
    return {lag, alert_rule("site", "alertname=\"SiteDown\"", Severity::critical),
            alert_rule("signup", "alertname=\"SignupBroken\"", Severity::major)};
}

World world_with_people(Policy policy = World::default_policy(), Roster people = roster()) {
    return World(rules(), std::move(policy), std::move(people));
}

std::vector<std::string> told(const World& world) {
    std::vector<std::string> texts;
    for (const Effect& effect : world.effects) {
        if (effect.action == Action::notify) texts.push_back(effect.person + ": " + effect.text);
    }
    return texts;
}

std::vector<std::string> written(const World& world, const std::string& what) {
    std::vector<std::string> texts;
    for (const TimelineEntry& entry : world.timeline) {
        if (entry.what == what) texts.push_back(entry.by + ": " + entry.text);
    }
    return texts;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string refusal(const World& world) {
    return world.last.refusal ? world.last.refusal->code : "";
}

World world_with_critical() {
    World world = world_with_people();
    world.send(world.alert("SiteDown", Labels{{"region", "eu"}}));
    return world;
}

}  // namespace

TEST_CASE(
    "Customers are to be told from 30 minutes of lag on, and the draft says how late [H-50]") {
    World world = world_with_people();
    world.lag_for(600, minutes(1));
    REQUIRE(world.incident(1).severity == Severity::major);
    CHECK_FALSE(world.incident(1).communication_due);
    CHECK(world.incident(1).communication.draft == "Event ingestion is delayed by 10m 0s.");
    CHECK(told(world).empty());

    world.lag_for(1860, minutes(1));
    CHECK(world.incident(1).communication_due.has_value());
    CHECK(world.incident(1).severity == Severity::major);
    CHECK(world.incident(1).communication.draft == "Event ingestion is delayed by 31m 0s.");
    REQUIRE(told(world).size() == 1);
    CHECK(contains(told(world)[0], "engineer-b: "));
    CHECK(contains(told(world)[0], "delayed by 31m 0s."));
}

TEST_CASE("An app that is partly unreachable is to be told to customers at once [H-50] [C4]") {
    Rule partly = alert_rule("site-partly-down", "alertname=\"SitePartlyDown\"", Severity::major);
    partly.ladder.front().communicate = true;
    World world({partly});
    world.send(world.alert("SitePartlyDown"));
    CHECK(world.incident(1).severity == Severity::major);
    CHECK(world.incident(1).communication_due == world.now);
}

TEST_CASE("A critical incident is to be told to customers; the page goes out before the rest") {
    World world = world_with_critical();
    CHECK(world.incident(1).communication_due == world.now);
    REQUIRE(world.effects.size() == 2);
    CHECK(world.effects[0].action == Action::page);
    CHECK(world.effects[1].action == Action::notify);
}

TEST_CASE("The lead is reminded every 15 minutes until customers have been told [H-50]") {
    World world = world_with_critical();
    world.accept_deliveries();
    world.command(1, Acknowledge{});
    const std::size_t before = told(world).size();
    world.pass(minutes(14));
    CHECK(written(world, "reminded").empty());
    world.pass(minutes(1));
    REQUIRE(written(world, "reminded").size() == 1);
    CHECK(contains(written(world, "reminded")[0], "customers have not been told for 15m"));
    REQUIRE(told(world).size() == before + 1);
    CHECK(contains(told(world).back(), "engineer-a: "));
    CHECK(contains(told(world).back(), world.incident(1).communication.draft));

    world.pass(minutes(10));
    world.command(1, Publish{"", "investigating"});
    const std::size_t until_then = written(world, "reminded").size();
    world.pass(minutes(25));
    for (const std::string& text : written(world, "reminded")) {
        CAPTURE(text);
        CHECK_FALSE(contains(text, "customers have not been told for 30m"));
    }
    CHECK(until_then == 1);
}

TEST_CASE("Closing ends the reminders that customers have not been told") {
    World world = world_with_critical();
    world.command(1, Close{.force = "a drill"});
    world.pass(hours(3));
    CHECK(written(world, "reminded").empty());
}

TEST_CASE("A status page entry keeps who said what of which component, once [H-46] [H-51]") {
    World world = world_with_people();
    world.lag_for(1860, minutes(1));
    world.command(1, Publish{"", "investigating"});
    const Communication& told = world.incident(1).communication;
    CHECK(told.published_at == world.now);
    CHECK(told.status == "investigating");
    CHECK(told.message == "Event ingestion is delayed by 31m 0s.");
    REQUIRE(written(world, "statuspage").size() == 1);
    CHECK(contains(written(world, "statuspage")[0],
                   "engineer-a: investigating (ingestion, us): Event ingestion is delayed"));

    world.command(1, Publish{"", "investigating"});
    CHECK(refusal(world).empty());
    CHECK(world.last.empty());

    world.pass(minutes(1));
    world.command(1, Publish{"A consumer was stuck.", "identified"});
    CHECK(world.incident(1).communication.message == "A consumer was stuck.");
    CHECK(world.incident(1).communication.published_at == world.now - minutes(1));
    CHECK(world.incident(1).last_word_at == world.now);
}

TEST_CASE("A status that the status page has not is refused with those it has [H-51]") {
    World world = world_with_critical();
    for (const char* status : {"", "fixed", "Resolved"}) {
        CAPTURE(status);
        world.command(1, Publish{"We are on it.", status});
        CHECK(refusal(world) == "bad_status");
        CHECK(world.last.refusal->field == "status");
        CHECK(contains(world.last.refusal->message,
                       "investigating, identified, monitoring or resolved"));
    }
    world.command(1, Publish{std::string(20'000, 'x'), "investigating"});
    CHECK(refusal(world) == "too_long");
    CHECK_FALSE(world.incident(1).communication.published_at);
}

TEST_CASE("Telling customers that it is resolved is noted as early while the incident is open") {
    World world = world_with_critical();
    world.command(1, Publish{"", "resolved"});
    CHECK(world.incident(1).communication.message == "This incident is resolved.");
    REQUIRE(written(world, "statuspage").size() == 1);
    CHECK(contains(written(world, "statuspage")[0], "the incident is still triage"));
}

TEST_CASE("Entries are ordered from the status page's integration, and from nobody without one") {
    World silent = world_with_critical();
    silent.command(1, Publish{"We are on it.", "investigating"});
    CHECK(silent.keys(Action::publish).empty());
    CHECK(contains(written(silent, "statuspage")[0], "no integration publishes it"));

    Policy policy = World::default_policy();
    policy.status_page = "status";
    World world = world_with_people(policy);
    world.send(world.alert("SiteDown"));
    world.command(1, Publish{"We are on it.", "investigating"});
    world.command(1, Publish{"We are on it.", "investigating"});
    REQUIRE(world.keys(Action::publish).size() == 1);
    const Effect& entry = world.effects.back();
    CHECK(entry.integration == "status");
    CHECK(entry.text == "We are on it.");
    CHECK(entry.incident.communication.status == "investigating");
    world.command(1, Publish{"We are on it.", "identified"});
    CHECK(world.keys(Action::publish).size() == 2);
}

TEST_CASE("When customers are to be told, marketing is named; when asked, told [H-43] [H-56]") {
    World world = world_with_critical();
    REQUIRE(written(world, "communication").size() == 1);
    CHECK(contains(written(world, "communication")[0], "marketing can assist: engineer-d"));
    world.command(1, AskComms{"mail those whose events are late"});
    REQUIRE(refusal(world).empty());
    CHECK(contains(told(world).back(), "engineer-d: "));
    CHECK(contains(told(world).back(), "mail those whose events are late"));
    CHECK(world.incident(1).people == std::vector<std::string>{"engineer-d"});
    REQUIRE(written(world, "comms").size() == 1);
    CHECK(contains(written(world, "comms")[0], "engineer-a: "));

    world.command(1, AskComms{"mail those whose events are late"});
    CHECK(refusal(world).empty());
    CHECK(world.last.empty());
    world.command(1, AskComms{"and say when it ends"});
    CHECK(world.incident(1).people.size() == 1);
    CHECK(written(world, "comms").size() == 2);
    for (const Effect& effect : world.effects) {
        if (effect.action == Action::notify) CHECK(effect.person.starts_with("engineer-"));
    }
}

TEST_CASE("Without a contact for marketing, asking it says what to configure [H-56]") {
    World world = world_with_people(World::default_policy(), {});
    world.send(world.alert("SiteDown"));
    world.command(1, AskComms{});
    CHECK(refusal(world) == "conflict");
    CHECK(contains(world.last.refusal->message, "contacts: {marketing:"));
}

TEST_CASE("What a person declares is drafted in plain words, what is private in none of its own") {
    World world = world_with_people();
    world.command(0, Declare{.title = "Nobody can sign up", .severity = Severity::critical});
    CHECK(contains(world.incident(1).communication.draft, "Nobody can sign up"));
    CHECK(world.incident(1).communication_due.has_value());

    Rule breach = alert_rule("breach", "alertname=\"DataBreach\"", Severity::critical);
    breach.summary = *Template::parse("A table of customers is public");
    breach.private_incident = true;
    World secret({breach});
    secret.send(secret.alert("DataBreach"));
    CHECK_FALSE(contains(secret.incident(1).communication.draft, "customers is public"));
    CHECK_FALSE(secret.incident(1).communication.draft.empty());
}

TEST_CASE("A draft that cannot be expanded gives way to plain words") {
    Rule broken = alert_rule("signup", "alertname=\"SignupBroken\"", Severity::major);
    broken.summary = *Template::parse("Signup is broken");
    broken.draft = *Template::parse("{{ $labels.region | humanizeDuration }}");
    World world({broken});
    world.send(world.alert("SignupBroken", Labels{{"region", "us"}}));
    CHECK(contains(world.incident(1).communication.draft, "Signup is broken"));
}

TEST_CASE("Nobody declines what customers still read; they are told that it is resolved first") {
    World world = world_with_critical();
    world.command(1, Publish{"", "investigating"});
    world.command(1, Decline{"a planned test"});
    CHECK(refusal(world) == "conflict");
    CHECK(contains(world.last.refusal->message, "the status page still says `investigating`"));
    world.command(1, Publish{"", "resolved"});
    world.command(1, Decline{"a planned test"});
    CHECK(world.incident(1).state == IncidentState::declined);
}

TEST_CASE("What customers still read after the end is reminded of, and can be taken back [H-63]") {
    World world = world_with_critical();
    world.command(1, Acknowledge{});
    world.command(1, Publish{"", "investigating"});
    world.command(1, Close{.cause = "a router", .fix = "a new one", .force = "known"});
    REQUIRE(world.incident(1).state == IncidentState::closed);
    REQUIRE(written(world, "reminded").size() == 1);
    CHECK(contains(written(world, "reminded")[0], "the status page still says `investigating`"));
    CHECK(contains(told(world).back(), "engineer-a: INC-1 is over"));
    world.command(1, Publish{"", "identified"});
    CHECK(refusal(world) == "conflict");
    world.command(1, Publish{"", "resolved"});
    CHECK(refusal(world).empty());
    CHECK(world.incident(1).communication.status == "resolved");
}

TEST_CASE("Each episode tells its customers anew") {
    World world = world_with_people();
    world.lag_for(1860, minutes(1));
    world.command(1, Acknowledge{});
    world.command(1, Publish{"", "investigating"});
    world.command(1, Publish{"", "resolved"});
    world.command(1, Close{.force = "known"});
    world.lag_for(0, minutes(6));
    world.lag_for(1900, minutes(1));
    REQUIRE(world.incident(1).episode == 2);
    CHECK(world.incident(1).communication_due.has_value());
    CHECK_FALSE(world.incident(1).communication.published_at);
}
