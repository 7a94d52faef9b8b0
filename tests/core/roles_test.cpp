// Who leads, who joins, who is told without being paged, and what a change of shift says.
#include <doctest/doctest.h>

#include "core/rota.hpp"
#include "support/world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

constexpr auto day = hours(24);

Shift shift(Instant from, Instant until, std::string who) {
    return {.span = {from, until}, .people = {std::move(who)}, .others = {}};
}

// engineer-a until noon, engineer-b from then on, for a week; engineer-d owns ingestion.
Roster small_roster() {
    Roster roster;
    for (const char* name : {"engineer-a", "engineer-b", "engineer-d", "engineer-m"}) {
        roster.people.push_back({.name = name, .email = std::string(name) + "@example.com"});
    }
    Schedule first{.name = "first-line", .shifts = {}};
    const Instant start = start_of_time();
    for (int i = 0; i < 7; ++i) {
        first.shifts.push_back(shift(start + day * i, start + day * i + hours(12), "engineer-a"));
        first.shifts.push_back(
            shift(start + day * i + hours(12), start + day * (i + 1), "engineer-b"));
    }
    roster.schedules.push_back(std::move(first));
    roster.escalation = {{{{Target::Kind::schedule, "first-line"}}, minutes(5)}};
    roster.owners.emplace("ingestion", Target{Target::Kind::person, "engineer-d"});
    roster.contacts.emplace("marketing", Target{Target::Kind::person, "engineer-m"});
    roster.expanded = {start, start + day * 7};
    return roster;
}

Policy mail_policy() {
    Policy policy = World::default_policy();
    policy.pagers = {{"pager", Reach::service}, {"mail", Reach::person, Address::email}};
    return policy;
}

World world_of(std::vector<Rule> rules, Policy policy = mail_policy()) {
    World world({});
    world.load(std::move(rules), std::move(policy), small_roster());
    return world;
}

// `engineer-d@example.com text` of every notice so far.
std::vector<std::string> notices(const World& world) {
    std::vector<std::string> found;
    for (const Effect& effect : world.effects) {
        if (effect.action == Action::notify) found.push_back(effect.address + " " + effect.text);
    }
    return found;
}

std::vector<std::string> notices_to(const World& world, const std::string& person) {
    std::vector<std::string> found;
    for (const Effect& effect : world.effects) {
        if (effect.action == Action::notify && effect.person == person) {
            found.push_back(effect.text);
        }
    }
    return found;
}

Rule owned_rule(Severity severity) {
    Rule rule = alert_rule("lag", "alertname=\"Lag\"", severity);
    rule.involve = {"owner:ingestion"};
    return rule;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the owner of a failing feature is involved by rule and told at once [H-42]") {
    World world = world_of({owned_rule(Severity::major)});
    world.send(world.alert("Lag"));
    CHECK(world.incident(1).people == Texts{"engineer-d"});
    CHECK(notices(world) == Texts{"engineer-d@example.com major incident: lag"});
}

TEST_CASE("a minor incident of the night pages nobody; its owner hears in working hours [H-21]") {
    Policy policy = mail_policy();
    const Instant monday = start_of_time() + day + hours(9);  // 2026-03-01 is a Sunday
    policy.working_hours = {{monday, monday + hours(9)}};
    World world = world_of({owned_rule(Severity::minor)}, policy);
    world.pass(hours(3));
    world.send(world.alert("Lag"));
    CHECK(world.pages().empty());
    world.pass(monday - world.now - seconds(1));
    CHECK(notices_to(world, "engineer-d").empty());
    world.pass(seconds(1));
    CHECK(notices_to(world, "engineer-d") == Texts{"minor incident: lag"});
    world.pass(hours(5));
    CHECK(notices_to(world, "engineer-d").size() == 1);
}

TEST_CASE("a minor incident without an owner is told to who is on call in working hours [H-21]") {
    World world = world_of({alert_rule("leak", "alertname=\"Leak\"", Severity::minor)});
    world.send(world.alert("Leak"));
    CHECK(notices(world) == Texts{"engineer-a@example.com minor incident: leak"});
}

TEST_CASE("a minor incident that rises at night tells those whose notice waited [H-26]") {
    Policy policy = mail_policy();
    policy.working_hours = {{start_of_time() + day, start_of_time() + day + hours(9)}};
    Rule minor = owned_rule(Severity::minor);
    minor.incident = "shared";
    Rule major = alert_rule("worse", "alertname=\"Worse\"", Severity::major);
    major.incident = "shared";
    World world = world_of({minor, major}, policy);
    world.send(world.alert("Lag"));
    CHECK(notices(world).empty());
    world.send(world.alert("Worse"));
    CHECK(notices(world) == Texts{"engineer-d@example.com major incident: worse"});
    world.pass(day * 2);
    for (const std::string& notice : notices(world)) CHECK(notice.find("minor") == notice.npos);
}

TEST_CASE(
    "who declares leads, and is asked to hand over as the owner of what fails [H-40] [H-47]") {
    World world = world_of({owned_rule(Severity::major)});
    world.send(CommandGiven{0, "engineer-m", Declare{"odd numbers", Severity::minor, {}}});
    CHECK(world.incident(1).lead == "engineer-m");
    world.send(world.alert("Lag"));
    CHECK(world.incident(2).lead.empty());
    const std::size_t before = notices(world).size();
    world.send(CommandGiven{2, "engineer-d", Acknowledge{}});
    CHECK(world.incident(2).lead == "engineer-d");
    REQUIRE(notices(world).size() == before + 1);
    CHECK(notices(world).back() ==
          "engineer-d@example.com engineer-d leads and owns ingestion: whoever debugs best should "
          "hand the lead to somebody else");
    world.send(CommandGiven{2, "engineer-d", TakeLead{"engineer-a"}});
    CHECK(world.incident(2).lead == "engineer-a");
    CHECK(notices(world).back() == "engineer-a@example.com engineer-d hands the lead to you");
}

TEST_CASE("anybody can be involved by hand: a person, a team's name, a contact [H-41] [H-42]") {
    World world = world_of({owned_rule(Severity::major)});
    world.send(world.alert("Lag"));
    world.command(1, Involve{"marketing"});
    CHECK(world.incident(1).people == Texts{"engineer-d", "engineer-m"});
    CHECK(notices(world).back() ==
          "engineer-m@example.com engineer-a asks you to join, major incident: lag");
    world.command(1, Involve{"marketing"});
    CHECK_FALSE(world.last.refusal);
    CHECK(world.last.effects.empty());
    world.command(1, Involve{"a visitor"});
    CHECK(world.incident(1).people.back() == "a visitor");
    world.command(1, Involve{"team/nobody"});
    REQUIRE(world.last.refusal);
    CHECK(world.last.refusal->field == "person");
    world.command(1, Involve{});
    CHECK(world.last.refusal->code == "missing");
}

TEST_CASE("what is no incident is told to its owner without a page, once an hour [H-12]") {
    Rule rule = alert_rule("wrong", "alertname=\"Wrong\"", Severity::none);
    rule.ladder = {Step{.outcome = Outcome::not_an_incident, .cite = "incorrect data"}};
    rule.tell = {"owner:ingestion"};
    World world = world_of({rule});
    for (int i = 0; i < 50; ++i) {
        const std::string instance = std::to_string(i);
        world.send(world.alert("Wrong", Labels{{"instance", instance}}));
    }
    CHECK(world.history.empty());
    CHECK(notices(world) ==
          Texts{"engineer-d@example.com not an incident (\"incorrect data\"): wrong"});
    world.pass(hours(1));
    world.send(world.alert("Wrong", Labels{{"instance", "late"}}));
    CHECK(notices(world).size() == 2);
}

TEST_CASE("who comes on call is told what is open, and a quiet change of shift tells nobody") {
    World world = world_of({owned_rule(Severity::major)});
    world.pass(day);
    CHECK(notices(world).empty());
    world.send(world.alert("Lag"));
    world.send(CommandGiven{1, "engineer-a", Acknowledge{}});
    const std::size_t before = notices(world).size();
    world.pass(hours(12) - seconds(1));
    const auto told_b = [&] {
        std::size_t count = 0;
        const std::vector<std::string> all = notices(world);
        for (std::size_t i = before; i < all.size(); ++i) {
            if (all[i] ==
                "engineer-b@example.com taking over from engineer-a, open: INC-1 major active, led "
                "by engineer-a: lag") {
                ++count;
            }
        }
        return count;
    };
    CHECK(told_b() == 0);
    world.pass(seconds(1));
    CHECK(told_b() == 1);
    world.pass(hours(1));
    CHECK(told_b() == 1);
}

TEST_CASE("what closed before anybody acknowledged it is listed on the next working morning") {
    Policy policy = mail_policy();
    const Instant morning = start_of_time() + hours(9);
    policy.working_hours = {{morning, morning + hours(9)}};
    World world = world_of({alert_rule("site", "alertname=\"SiteDown\"", Severity::major)}, policy);
    AlertSeen alert = world.alert("SiteDown");
    world.send(alert);
    world.pass(minutes(2));
    world.send(World::resolved(alert, world.now));
    world.pass(minutes(5));
    REQUIRE(world.incident(1).state == IncidentState::closed);
    const std::size_t before = notices(world).size();
    world.pass(morning - world.now - seconds(1));
    CHECK(notices(world).size() == before);
    world.pass(seconds(1));
    REQUIRE(notices(world).size() == before + 1);
    CHECK(notices(world).back().find("INC-1 major") != std::string::npos);
    world.pass(day * 3);
    CHECK(notices(world).size() == before + 1);
}
