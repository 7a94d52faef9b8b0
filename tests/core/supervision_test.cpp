// Watching the pagers: who is asked when one cannot be reached, shows nothing, or brings no answer.
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

// A service that shows what it was given, then e-mail to persons; no reminders beside the pages.
Policy service_then_mail() {
    Policy policy = World::default_policy();
    policy.pagers[0].can_confirm = true;
    policy.major = {.page = PageWhen::always};
    policy.ask_again_after = hours(24 * 365);
    return policy;
}

World supervised(Policy policy = service_then_mail()) {
    return World::with_roster(rules(), std::move(policy));
}

// "mail engineer-c", "pager " in order.
Names paged(const World& world) {
    Names found;
    for (const Effect& effect : world.effects) {
        if (effect.action != Action::page) continue;
        found.push_back(effect.integration + " " + effect.person);
    }
    return found;
}

std::string last_text(const World& world) {
    auto page = std::find_if(world.effects.rbegin(), world.effects.rend(),
                             [](const Effect& effect) { return effect.action == Action::page; });
    return page->text;
}

PageConfirmed confirmed() {
    return {.incident = 1, .integration = "pager", .page_key = "prod/install/INC-1/1/major"};
}

}  // namespace

TEST_CASE("A service that accepts and does not show the page for 90 seconds brings in the next") {
    World world = supervised();
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    world.pass(seconds(89));
    CHECK(paged(world) == Names{"pager "});
    world.pass(seconds(1));
    CHECK(paged(world) == Names{"pager ", "mail engineer-c"});
    CHECK(last_text(world) == "site (pager does not show the page)");
}

TEST_CASE("Confirmed, it has 15 minutes for an acknowledgement") {
    World world = supervised();
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    world.pass(seconds(60));
    world.send(confirmed());
    world.pass(minutes(15) - seconds(1));
    Names asked = paged(world);
    CHECK(std::find(asked.begin(), asked.end(), "mail engineer-c") == asked.end());
    world.pass(seconds(1));
    CHECK(last_text(world) == "site (pager got no acknowledgement)");
    CHECK(paged(world).back() == "mail engineer-c");
}

TEST_CASE("Where nothing can be confirmed, acceptance counts as confirmed") {
    Policy policy = service_then_mail();
    policy.pagers[0].can_confirm = false;
    World world = supervised(policy);
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    world.pass(minutes(4));
    CHECK(paged(world) == Names{"pager "});
}

TEST_CASE("A service that refuses has the persons of the first level asked now") {
    World world = supervised();
    world.send(world.alert("SiteDown"));
    world.send(DeliveryFailed{1, "400 invalid routing key", true});
    Names asked = paged(world);
    CHECK(std::count(asked.begin(), asked.end(), "mail engineer-c") >= 1);
    CHECK(!world.incident(1).unanswered_since);  // somebody is being asked
}

TEST_CASE("Persons who are not reached for 30 seconds bring in the next pager, and none twice") {
    Policy policy = service_then_mail();
    policy.pagers = {{"mail", Reach::person, Address::email},
                     {"push", Reach::person, Address::ntfy},
                     {"log", Reach::nobody}};
    World world = supervised(policy);
    world.send(world.alert("SiteDown"));
    world.pass(seconds(30));
    CHECK(paged(world) == Names{"mail engineer-c", "push engineer-c"});
    world.pass(seconds(30));
    CHECK(paged(world) == Names{"mail engineer-c", "push engineer-c", "log "});
    world.pass(minutes(3));
    CHECK(paged(world).size() == 3);
}

TEST_CASE("Persons who do not answer through any level bring in the next pager with the round") {
    Policy policy = service_then_mail();
    policy.pagers = {{"mail", Reach::person, Address::email}, {"log", Reach::nobody}};
    policy.fallback_after = hours(1);
    World world = supervised(policy);
    world.send(world.alert("SiteDown"));
    for (int i = 0; i < 15; ++i) {
        Names asked = paged(world);
        CHECK(std::find(asked.begin(), asked.end(), "log ") == asked.end());
        world.accept_deliveries();
        world.pass(minutes(1));
    }
    CHECK(paged(world).back() == "log ");
    CHECK(last_text(world) == "site (mail got no answer from anybody)");
}

TEST_CASE("A last service without an answer is a loud failure, too [H-73]") {
    Policy policy = service_then_mail();
    policy.pagers.pop_back();
    policy.announce = {"chat"};
    World world = supervised(policy);
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    world.send(confirmed());
    world.pass(minutes(15) - seconds(1));
    CHECK(!world.incident(1).unanswered_since);
    world.accept_deliveries();
    world.pass(seconds(1));
    CHECK(world.incident(1).unanswered_since == start_of_time() + minutes(15));
    CHECK(world.effects.back().integration == "chat");
    CHECK(world.effects.back().text.starts_with("nobody answers"));
}

TEST_CASE("No pager that reaches anybody is a loud failure at once [H-73]") {
    World world = supervised();
    world.send(world.alert("SiteDown"));
    for (int round = 0; round < 4; ++round) {  // every order of INC-1, as it comes
        std::vector<std::uint64_t> ids;
        for (const auto& [id, delivery] : world.state.deliveries) ids.push_back(id);
        for (std::uint64_t id : ids) world.send(DeliveryFailed{id, "gone", true});
    }
    CHECK(world.incident(1).unanswered_since == world.now);
    CHECK(next_wakeup(world.state) <= world.now + minutes(5));  // and it goes on
}

TEST_CASE("An acknowledgement tells every pager, whichever it came from [H-73]") {
    World world = supervised();
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    world.pass(seconds(90));
    world.accept_deliveries();
    world.command(1, Acknowledge{});
    CHECK(world.keys(Action::acknowledge_page) ==
          Names{"pager prod/install/INC-1/1/major/acknowledge_page",
                "mail prod/install/INC-1/1/major/engineer-c/acknowledge_page"});
    CHECK(!paging_due(*world.state.ruleset, world.incident(1)).has_value());
}

TEST_CASE("An acknowledgement also reaches the older page that a service still rings for") {
    World world = supervised();
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    world.command(1, ChangeSeverity{Severity::critical, "losing events"});
    world.command(1, Acknowledge{});
    CHECK(world.keys(Action::acknowledge_page) ==
          Names{"pager prod/install/INC-1/1/major/acknowledge_page"});
}

TEST_CASE("A service is paged anew under the same key only behind a resolve") {
    World world = supervised();
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    world.command(1, Acknowledge{});
    world.accept_deliveries();
    const std::size_t before = world.effects.size();
    world.act(1, [](Draft& draft, Incident& incident) {
        page_again(draft, incident, "no word for an hour");
        page_again(draft, incident, "it is being paged already");
    });
    REQUIRE(world.effects.size() == before + 2);
    CHECK(world.effects[before].key == "prod/install/INC-1/1/major/resolve_page");
    CHECK(world.effects[before + 1].key == "prod/install/INC-1/1/major/page-2");
    CHECK(world.effects[before + 1].page_key == "prod/install/INC-1/1/major");
}

TEST_CASE("A pager that is gone after a reload is replaced by the first one") {
    World world = supervised();
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    Policy policy = service_then_mail();
    policy.pagers.erase(policy.pagers.begin());
    world.load(rules(), policy);
    world.pass(seconds(1));
    CHECK(paged(world) == Names{"pager ", "mail engineer-c"});
}

namespace {

// Working hours: Monday to Friday, 09:00 to 18:00 UTC, for two weeks.
Policy office_hours() {
    Policy policy = service_then_mail();
    policy.minor.page = PageWhen::working_hours;
    policy.minor.remind_after.reset();
    for (int day = -6; day < 14; ++day) {
        const Instant midnight = start_of_time() + hours(24 * day);  // day 0 is a Sunday
        const bool weekend = (day + 7) % 7 == 0 || (day + 7) % 7 == 6;
        if (weekend) continue;
        policy.working_hours.push_back({midnight + hours(9), midnight + hours(18)});
    }
    return policy;
}

}  // namespace

TEST_CASE("A minor incident on Sunday night waits for Monday morning [H-21] [B15]") {
    World world = supervised(office_hours());
    world.pass(hours(3));
    world.send(world.alert("Leak"));
    CHECK(paged(world).empty());
    CHECK(std::any_of(world.timeline.begin(), world.timeline.end(), [](const auto& entry) {
        return entry.what == "waiting" &&
               entry.text == "the page waits for working hours (Monday 2026-03-02 09:00 UTC)";
    }));
    world.pass(hours(30) - seconds(1));
    CHECK(paged(world).empty());
    world.pass(seconds(1));
    CHECK(paged(world) == Names{"pager "});
    CHECK(!world.incident(1).page_at);
}

TEST_CASE("At working hours such a page goes out at once [H-21]") {
    World world = supervised(office_hours());
    world.pass(hours(24 + 17));
    world.send(world.alert("Leak"));
    CHECK(paged(world) == Names{"pager "});
}

TEST_CASE("A major incident pages at any hour [H-28]") {
    World world = supervised(office_hours());
    world.pass(hours(3));
    world.send(world.alert("SiteDown"));
    CHECK(paged(world) == Names{"pager "});
}

TEST_CASE("A rule may let its page wait for working hours, whatever its severity [B15]") {
    std::vector<Rule> all = rules();
    all[0].page = PageWhen::working_hours;
    World world = World::with_roster(all, office_hours());
    world.send(world.alert("SiteDown"));
    CHECK(paged(world).empty());
    CHECK(world.incident(1).page_at == start_of_time() + hours(24 + 9));
}

TEST_CASE("A waiting page is overtaken by a rise to a severity that pages at any hour [H-26]") {
    World world = supervised(office_hours());
    world.send(world.alert("Leak"));
    world.pass(hours(1));
    world.command(1, ChangeSeverity{Severity::major, "it grows"});
    CHECK(paged(world) == Names{"pager "});
    CHECK(!world.incident(1).page_at);
    world.command(1, Acknowledge{});
    world.pass(hours(48));
    CHECK(paged(world) == Names{"pager "});
}

TEST_CASE("A waiting page is cancelled by closing, and by an acknowledgement [H-21]") {
    World world = supervised(office_hours());
    world.send(world.alert("Leak"));
    world.send(world.alert("SiteDown"));
    world.command(1, Close{.cause = "leak", .fix = "restart", .force = "still firing"});
    world.command(2, Acknowledge{});
    world.pass(hours(48));
    CHECK(paged(world) == Names{"pager "});  // of the major one
    World other = supervised(office_hours());
    other.send(other.alert("Leak"));
    other.command(1, Acknowledge{});
    other.pass(hours(48));
    CHECK(paged(other).empty());
}
