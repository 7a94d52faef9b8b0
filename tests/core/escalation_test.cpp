// Paging persons: level by level, round after round, through hand-overs, until somebody answers.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/paging.hpp"
#include "support/world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

using Names = std::vector<std::string>;

std::vector<Rule> rules() {
    return {alert_rule("site", "alertname=\"SiteDown\"", Severity::major),
            alert_rule("leak", "alertname=\"Leak\"", Severity::minor)};
}

// E-mail to persons, no service in front of it, and no reminders beside the pages.
Policy mail_only() {
    Policy policy = World::default_policy();
    policy.major = {.page = PageWhen::always};
    policy.ask_again_after = hours(24 * 365);
    policy.pagers = {{"mail", Reach::person, Address::email}};
    return policy;
}

World mailing_world(std::vector<Rule> all = rules()) {
    return World::with_roster(std::move(all), mail_only());
}

// Who was paged, in order, since the given effect.
Names paged(const World& world, std::size_t since = 0) {
    Names names;
    for (std::size_t i = since; i < world.effects.size(); ++i) {
        if (world.effects[i].action == Action::page) names.push_back(world.effects[i].person);
    }
    return names;
}

// Minute by minute, with a mail server that takes everything.
void pass_accepting(World& world, int minutes_passed) {
    for (int i = 0; i < minutes_passed; ++i) {
        world.accept_deliveries();
        world.pass(minutes(1));
    }
    world.accept_deliveries();
}

bool timeline_says(const World& world, const std::string& what, const std::string& text) {
    return std::any_of(world.timeline.begin(), world.timeline.end(), [&](const auto& entry) {
        return entry.what == what && entry.text.find(text) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("A pager of persons asks whoever is on shift, at their own address [H-72]") {
    World world = mailing_world();
    world.send(world.alert("SiteDown"));
    REQUIRE(world.effects.size() == 1);
    const Effect& page = world.effects[0];
    CHECK(page.person == "engineer-c");  // midnight to eight
    CHECK(page.address == "c@example.com");
    CHECK(page.page_key == "prod/install/INC-1/1/major/engineer-c");
    CHECK(page.key == "prod/install/INC-1/1/major/engineer-c/page");
    CHECK(world.incident(1).pages[0].address == "c@example.com");
}

TEST_CASE("Without an answer each level is asked after the wait of the one before [H-73]") {
    World world = mailing_world();
    world.send(world.alert("SiteDown"));
    pass_accepting(world, 4);
    CHECK(paged(world) == Names{"engineer-c"});
    std::size_t before = world.effects.size();
    pass_accepting(world, 1);  // level 2, while level 1 is asked again
    CHECK(paged(world, before) == Names{"engineer-a", "engineer-b", "engineer-c"});
    before = world.effects.size();
    pass_accepting(world, 5);
    Names third = paged(world, before);
    CHECK(Names(third.begin(), third.begin() + 2) == Names{"engineer-d", "engineer-e"});
    CHECK(third.size() == 5);  // the others are repeated, once each
    CHECK(world.effects[before].text == "site (level 3: nobody has acknowledged yet)");
}

TEST_CASE("After the last level everybody is asked, louder, round after round for ever [H-73]") {
    World world = mailing_world();
    world.send(world.alert("SiteDown"));
    pass_accepting(world, 14);
    CHECK(!world.incident(1).unanswered_since);
    std::size_t before = world.effects.size();
    pass_accepting(world, 1);
    Names all{"engineer-c", "engineer-a", "engineer-b", "engineer-d", "engineer-e"};
    CHECK(paged(world, before) == all);
    CHECK(world.effects[before].text == "nobody has answered (round 2): site");
    CHECK(world.incident(1).unanswered_since == start_of_time() + minutes(15));
    CHECK(timeline_says(world, "unanswered", "nobody answers"));
    before = world.effects.size();
    pass_accepting(world, 5);
    CHECK(paged(world, before) == all);  // once each: a round is their repetition, too
    CHECK(world.effects[before].text == "nobody has answered (round 3): site");
    pass_accepting(world, 24 * 60);
    CHECK(world.incident(1).escalations[0].round == 3 + 24 * 60 / 5);
}

TEST_CASE("An acknowledgement stops every level, and takes back what was not sent [H-73]") {
    World world = mailing_world();
    world.send(world.alert("SiteDown"));
    pass_accepting(world, 5);
    world.pass(minutes(5));  // level 3 is ordered and not sent
    const std::size_t before = world.effects.size();
    world.command(1, Acknowledge{});
    CHECK(world.state.deliveries.size() == 3);  // told: engineer-a, -b and -c
    CHECK(world.keys(Action::acknowledge_page).size() == 3);
    pass_accepting(world, 24 * 60);
    CHECK(paged(world, before).empty());
    CHECK(world.incident(1).escalations.empty());
    CHECK(!world.incident(1).unanswered_since);
}

TEST_CASE("Acknowledged after everybody was asked, it counts as answered") {
    World world = mailing_world();
    world.send(world.alert("SiteDown"));
    pass_accepting(world, 16);
    REQUIRE(world.incident(1).unanswered_since);
    world.command(1, Acknowledge{});
    CHECK(!world.incident(1).unanswered_since);
    CHECK(!paging_due(*world.state.ruleset, world.incident(1)).has_value());
}

TEST_CASE("Whoever comes on call while a page is unanswered is asked at that instant [H-71]") {
    Roster roster = sample_roster();
    roster.escalation = {{.notify = {{Target::Kind::schedule, "first-line"}}, .wait = hours(3)}};
    World world(rules(), mail_only(), roster);
    world.pass(hours(7) + minutes(30));
    world.send(world.alert("SiteDown"));
    pass_accepting(world, 29);
    const std::size_t before = world.effects.size();
    pass_accepting(world, 1);
    CHECK(paged(world, before) == Names{"engineer-a", "engineer-c"});
    CHECK(world.effects[before].ordered_at == start_of_time() + hours(8));
}

TEST_CASE("A level is whoever it consists of when it is asked") {
    World world = mailing_world();
    world.pass(hours(7) + minutes(57));
    world.send(world.alert("SiteDown"));
    pass_accepting(world, 3);  // the hand-over: engineer-a
    CHECK(paged(world) == Names{"engineer-c", "engineer-a"});
    const std::size_t before = world.effects.size();
    pass_accepting(world, 2);  // level 2: engineer-b; engineer-c has been asked
    CHECK(paged(world, before)[0] == "engineer-b");
}

TEST_CASE("A level of whom the pager reaches nobody is passed at once, and that is written down") {
    Roster roster = sample_roster();
    roster.people[2].email.clear();  // engineer-c is on shift
    World world(rules(), mail_only(), roster);
    world.send(world.alert("SiteDown"));
    CHECK(paged(world) == Names{"engineer-a", "engineer-b"});
    CHECK(timeline_says(world, "unreachable", "mail reaches nobody of level 1 (engineer-c)"));
}

TEST_CASE("With nobody on call everybody is asked at once, and it is said aloud [H-73]") {
    Roster roster = sample_roster();
    roster.schedules[0].shifts.clear();
    roster.teams.clear();
    World world(rules(), mail_only(), roster);
    world.send(world.alert("SiteDown"));
    CHECK(paged(world).size() == 5);
    CHECK(world.incident(1).unanswered_since == world.now);
    CHECK(timeline_says(world, "unreachable", "level 1 (nobody)"));
    pass_accepting(world, 5);
    CHECK(paged(world).size() == 10);
}

TEST_CASE("A pager that reaches nobody of the on-call file gives way to the next one at once") {
    Policy policy = mail_only();
    policy.pagers = {{"chat", Reach::person, Address::slack},
                     {"mail", Reach::person, Address::email}};
    Roster roster = sample_roster();
    for (Person& person : roster.people) person.slack.clear();
    World world(rules(), policy, roster);
    world.send(world.alert("SiteDown"));
    CHECK(paged(world) == Names{"engineer-c"});
    CHECK(world.effects[0].integration == "mail");
    CHECK(timeline_says(world, "unreachable", "chat reaches nobody of the on-call file"));
    CHECK(!world.incident(1).unanswered_since);  // there is one left to ask
}

TEST_CASE("A pager that can reach nobody is tried again: the on-call file may be mended") {
    Roster roster = sample_roster();
    for (Person& person : roster.people) person.email.clear();
    World world(rules(), mail_only(), roster);
    world.send(world.alert("SiteDown"));
    CHECK(paged(world).empty());
    CHECK(world.incident(1).unanswered_since == world.now);
    world.load(rules(), mail_only(), sample_roster());
    world.pass(minutes(5));
    CHECK(paged(world).size() == 5);
}

TEST_CASE("A severity that rises begins with the first level again, after an acknowledgement too") {
    World world = mailing_world();
    world.send(world.alert("SiteDown"));
    pass_accepting(world, 6);
    world.command(1, Acknowledge{});
    const std::size_t before = world.effects.size();
    world.command(1, ChangeSeverity{Severity::critical, "losing events"});
    CHECK(paged(world, before) == Names{"engineer-c"});
    CHECK(world.pages().back() == "mail prod/install/INC-1/1/critical/engineer-c/page");
    world.accept_deliveries();
    CHECK(world.keys(Action::resolve_page).size() == 3);  // of the major one
    pass_accepting(world, 5);
    CHECK(paged(world, before) == Names{"engineer-c", "engineer-a", "engineer-b", "engineer-c"});
}

TEST_CASE("Whoever refuses is tried again later, and the next level is asked now") {
    World world = mailing_world();
    world.send(world.alert("SiteDown"));
    world.send(DeliveryFailed{1, "550 no such mailbox", true});
    Names asked = paged(world);
    CHECK(std::count(asked.begin(), asked.end(), "engineer-a") >= 1);
    CHECK(std::count(asked.begin(), asked.end(), "engineer-b") >= 1);
    CHECK(timeline_says(world, "refused", "mail refuses the page to engineer-c"));
    const std::size_t before = world.effects.size();
    world.pass(minutes(5));
    asked = paged(world, before);
    CHECK(std::count(asked.begin(), asked.end(), "engineer-c") >= 1);
}

TEST_CASE("A storm of alerts of one incident pages each person once") {
    World world = mailing_world();
    for (int i = 0; i < 100; ++i) {
        world.send(world.alert("SiteDown", Labels{{"instance", std::to_string(i)}}));
    }
    CHECK(paged(world) == Names{"engineer-c"});
}

TEST_CASE("Acknowledged and then silent, the page begins again with whoever is on shift") {
    World world = mailing_world();
    world.send(world.alert("SiteDown"));
    pass_accepting(world, 6);
    world.command(1, Acknowledge{});
    const Instant acknowledged = world.now;
    pass_accepting(world, 60);
    const std::size_t before = world.effects.size();
    world.act(1, [](Draft& draft, Incident& incident) {
        page_again(draft, incident, "no word for an hour: " + incident.title);
    });
    CHECK(paged(world, before) == Names{"engineer-c"});
    CHECK(world.incident(1).acknowledged_at == acknowledged);
    pass_accepting(world, 5);
    CHECK(paged(world, before).size() == 4);
    world.command(1, Acknowledge{});
    const std::size_t after = world.effects.size();
    pass_accepting(world, 60);
    CHECK(paged(world, after).empty());
}

TEST_CASE("A page that waits for nobody in particular is handed to people once there are some") {
    World world(rules(), mail_only());
    world.send(world.alert("SiteDown"));
    CHECK(paged(world) == Names{""});
    world.accept_deliveries();
    world.load(rules(), mail_only(), sample_roster());
    world.pass(seconds(1));
    CHECK(paged(world) == Names{"", "engineer-c"});
}

TEST_CASE("A reorganised schedule is asked about what is unanswered") {
    World world = mailing_world();
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    Roster roster = sample_roster();
    for (Shift& shift : roster.schedules[0].shifts) shift.people = {"engineer-e"};
    world.load(rules(), mail_only(), roster);
    CHECK(paged(world) == Names{"engineer-c", "engineer-e"});
}
