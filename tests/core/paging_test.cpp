// Pages: repeated until acknowledged, with fallbacks, told of every end, never lost or doubled.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

std::vector<Rule> rules() {
    return {alert_rule("site", "alertname=\"SiteDown\"", Severity::major),
            alert_rule("leak", "alertname=\"Leak\"", Severity::minor)};
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("A minor incident pages nobody [H-21]") {
    World world(rules());
    world.send(world.alert("Leak"));
    CHECK(world.history.size() == 1);
    CHECK(world.pages().empty());
}

TEST_CASE("A rule may page always or never, whatever its severity [B15]") {
    std::vector<Rule> all = rules();
    all[0].page = PageWhen::never;
    all[1].page = PageWhen::always;
    World world(all);
    world.send(world.alert("SiteDown"));
    CHECK(world.pages().empty());
    world.send(world.alert("Leak"));
    CHECK(world.pages().size() == 1);
}

TEST_CASE("An accepted page is repeated every five minutes until somebody acknowledges [H-73]") {
    World world(rules());
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    world.pass(minutes(5));
    world.accept_deliveries();
    world.pass(minutes(5));
    CHECK(world.pages() == Keys{"pager prod/install/INC-1/1/major/page",
                                "pager prod/install/INC-1/1/major/page-2",
                                "pager prod/install/INC-1/1/major/page-3"});
    world.accept_deliveries();
    world.command(1, Acknowledge{});
    world.pass(minutes(59));
    CHECK(world.pages().size() == 3);
    CHECK(world.incident(1).state == IncidentState::active);
    CHECK(world.incident(1).lead == "engineer-a");
    CHECK(world.keys(Action::acknowledge_page) ==
          Keys{"pager prod/install/INC-1/1/major/acknowledge_page-3"});
}

TEST_CASE("A page that is still on its way is not repeated on top of itself") {
    World world(rules(), [] {
        Policy policy = World::default_policy();
        policy.pagers.pop_back();
        return policy;
    }());
    world.send(world.alert("SiteDown"));
    world.pass(minutes(59));
    CHECK(world.pages().size() == 1);
}

TEST_CASE("A pager that cannot be reached for 30 seconds brings in the fallback, too [H-73]") {
    World world(rules());
    world.send(world.alert("SiteDown"));
    world.pass(seconds(29));
    CHECK(world.pages().size() == 1);
    world.pass(seconds(1));
    CHECK(world.pages().back() == "mail prod/install/INC-1/1/major/page");
    CHECK(world.effects.back().text == "site (pager cannot be reached)");
    world.pass(minutes(59));
    CHECK(world.pages().size() == 2);  // both lanes are still trying
}

TEST_CASE("A pager that accepted but brought no acknowledgement for 15 minutes does so as well") {
    World world(rules());
    world.send(world.alert("SiteDown"));
    world.accept_deliveries();
    for (int i = 0; i < 2; ++i) {
        world.pass(minutes(5));
        world.accept_deliveries();
    }
    CHECK(world.keys(Action::page).back().starts_with("pager"));
    world.pass(minutes(5));
    Keys pages = world.pages();
    CHECK(std::count_if(pages.begin(), pages.end(),
                        [](const std::string& key) { return key.starts_with("mail"); }) == 1);
}

TEST_CASE("A permanent refusal asks the fallback now and raises the integration itself [H-73]") {
    World world(rules());
    world.send(world.alert("SiteDown"));
    world.send(DeliveryFailed{1, "400 invalid routing key", true});
    Keys pages = world.pages();
    CHECK(std::find(pages.begin(), pages.end(), "mail prod/install/INC-1/1/major/page") !=
          pages.end());
    CHECK(world.incident(2).key == "integration/pager");
    CHECK(world.incident(2).title.find("400 invalid routing key") != std::string::npos);
    CHECK(world.verdict().because == Because::delivery_refused);
}

TEST_CASE("An integration that refuses everything, its own alarm too, raises only one alarm") {
    World world(rules());
    world.send(world.alert("SiteDown"));
    for (int round = 0; round < 5; ++round) {
        std::vector<std::uint64_t> ids;
        for (const auto& [id, delivery] : world.state.deliveries) {
            if (delivery.effect.integration == "pager") ids.push_back(id);
        }
        for (std::uint64_t id : ids) world.send(DeliveryFailed{id, "400", true});
    }
    CHECK(world.history.size() == 2);
}

TEST_CASE("The integration's alarm is over when it accepts again") {
    World world(rules());
    world.send(world.alert("SiteDown"));
    world.send(DeliveryFailed{1, "400", true});
    REQUIRE(world.history.size() == 2);
    world.pass(minutes(5));  // the refused page is tried again: the key may have been mended
    world.accept_deliveries();
    world.pass(minutes(5));
    CHECK(world.incident(2).state == IncidentState::closed);
}

TEST_CASE(
    "A severity that rises pages anew after an acknowledgement, and replaces the old page "
    "[H-26]") {
    World world({lag_rule()});
    world.load({[] {
        Rule rule = lag_rule();
        rule.ladder[0].severity = Severity::critical;
        return rule;
    }()});
    world.lag(400);
    world.accept_deliveries();
    world.command(1, Acknowledge{});
    world.accept_deliveries();
    world.lag_for(2000, seconds(15));
    CHECK(world.incident(1).severity == Severity::critical);
    CHECK(world.pages().back() == "pager prod/install/INC-1/1/critical/page");
    CHECK(world.keys(Action::resolve_page).empty());
    world.accept_deliveries();
    CHECK(world.keys(Action::resolve_page) ==
          Keys{"pager prod/install/INC-1/1/major/resolve_page"});
    world.pass(minutes(5));
    CHECK(world.pages().back() == "pager prod/install/INC-1/1/critical/page-2");
}

TEST_CASE("An acknowledgement takes back a page that has certainly not been sent") {
    World world(rules());
    world.send(world.alert("SiteDown"));
    world.command(1, Acknowledge{});
    CHECK(world.state.deliveries.empty());
    CHECK(world.keys(Action::acknowledge_page).empty());
}

TEST_CASE("One that may have been sent is acknowledged behind it") {
    World world(rules());
    world.send(world.alert("SiteDown"));
    world.send(DeliveryStarted{1});
    world.command(1, Acknowledge{});
    CHECK(world.keys(Action::acknowledge_page).size() == 1);
}

TEST_CASE("Announcing integrations hear of declaring, acknowledging and closing") {
    Policy policy = World::default_policy();
    policy.announce = {"chat"};
    World world(rules(), policy);
    world.send(world.alert("SiteDown"));
    world.command(1, Acknowledge{});
    world.command(1, Close{.cause = "disk", .fix = "bigger disk", .force = "still firing"});
    CHECK(world.keys(Action::update).size() == 3);
}

TEST_CASE("mark_sending changes the state and the row alike") {
    World world(rules());
    StepOutcome outcome = step(world.state, world.alert("SiteDown"), world.now);
    mark_sending(world.state, outcome, 1);
    CHECK(world.state.deliveries.at(1).state == DeliveryState::sending);
    bool found = false;
    for (const Change& change : outcome.changes) {
        const auto* row = std::get_if<Delivery>(&*change.after);
        found = found || (row != nullptr && row->state == DeliveryState::sending);
    }
    CHECK(found);
}
