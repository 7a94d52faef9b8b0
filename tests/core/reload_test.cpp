// Reload: rules change under open incidents without losing or inventing any.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

TEST_CASE("The same rules again change nothing") {
    World world({alert_rule("site", "alertname=\"SiteDown\"", Severity::major), lag_rule()});
    world.send(world.alert("SiteDown"));
    world.lag(400);
    StepOutcome outcome = step(world.state, RulesLoaded{world.state.ruleset}, world.now);
    CHECK(outcome.empty());
}

TEST_CASE("A rule that is gone makes its signals clear, because rule_removed") {
    World world({alert_rule("site", "alertname=\"SiteDown\"", Severity::major), lag_rule()});
    world.send(world.alert("SiteDown"));
    world.lag(400);
    world.load({});
    CHECK(world.incident(1).state == IncidentState::closed);
    CHECK(world.incident(2).state == IncidentState::closed);
    CHECK(std::any_of(world.verdicts.begin(), world.verdicts.end(), [](const Verdict& verdict) {
        return verdict.because == Because::rule_removed && verdict.rule == "site";
    }));
}

TEST_CASE("A changed rule keeps its incident and severity; its clocks start anew") {
    Rule rule = alert_rule("site", "alertname=\"SiteDown\"", Severity::major);
    World world({rule});
    world.send(world.alert("SiteDown"));
    rule.ladder[0].severity = Severity::minor;
    rule.content_hash = 2;
    world.load({rule});
    CHECK(world.incident(1).severity == Severity::major);
    CHECK(is_open(world.incident(1).state));
    CHECK(world.history.size() == 1);

    rule.ladder[0].hold_for = minutes(2);
    World waiting({rule});
    waiting.send(waiting.alert("SiteDown"));
    waiting.pass(minutes(1));
    rule.content_hash = 3;
    waiting.load({rule});
    waiting.pass(minutes(1) + seconds(30));
    CHECK(waiting.history.empty());
    waiting.pass(seconds(30));
    CHECK(waiting.history.size() == 1);
}

TEST_CASE("An alert that another rule now matches moves there without a gap") {
    Rule before = alert_rule("old", "alertname=\"SiteDown\"", Severity::major);
    Rule after = alert_rule("new", "alertname=\"SiteDown\"", Severity::major);
    before.incident = after.incident = "site";
    World world({before});
    world.send(world.alert("SiteDown"));
    world.load({after});
    CHECK(world.history.size() == 1);
    CHECK(is_open(world.incident(1).state));
    CHECK(world.pages().size() == 1);
}

TEST_CASE("An alert that no rule spoke of is judged when a rule comes that does") {
    World world({});
    world.send(world.alert("SiteDown"));
    CHECK(world.verdict().outcome == Outcome::unmatched);
    world.load({alert_rule("site", "alertname=\"SiteDown\"", Severity::major)});
    CHECK(world.history.size() == 1);
}

TEST_CASE("A silent source that is no longer configured is no incident any more") {
    World world({});
    world.send(SourceSilent{"gone", world.now, "refused"});
    REQUIRE(world.history.size() == 1);
    world.load({});
    world.pass(minutes(5));
    CHECK(world.incident(1).state == IncidentState::closed);
}
