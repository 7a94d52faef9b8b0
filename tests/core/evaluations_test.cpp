// Expression rules: value, empty, partial and error stay apart.
#include <doctest/doctest.h>

#include <cmath>

#include "support/world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

using Kind = SourceAnswer::Kind;

SourceAnswer answer(std::vector<Series> series, std::string source = "us") {
    return {.source = std::move(source), .series = std::move(series)};
}

SourceAnswer failed(Kind kind, bool source_answered = true) {
    return {.source = "us", .kind = kind, .detail = "boom", .source_answered = source_answered};
}

void evaluate(World& world, std::vector<SourceAnswer> answers, std::string rule = "ingestion-lag") {
    std::uint64_t hash = world.state.ruleset->find(rule)->content_hash;
    world.send(Evaluated{rule, hash, world.now, std::move(answers)});
}

Rule condition_rule() {
    Rule rule = lag_rule();
    rule.name = "site-down";
    rule.incident = "site";
    rule.has_thresholds = false;
    rule.clear = {};
    rule.ladder = {Step{.severity = Severity::critical, .cite = "completely unavailable"}};
    return rule;
}

}  // namespace

TEST_CASE("Falling below the threshold is not clear before the clear condition has held") {
    World world({lag_rule()});
    world.lag(400);
    world.pass(seconds(15));
    world.lag_for(280, minutes(10));  // under 5 m, but not under 4 m
    CHECK(world.verdict().because == Because::not_clear_yet);
    world.lag_for(100, minutes(5));
    CHECK(world.incident(1).state == IncidentState::closed);
    CHECK(world.verdict().outcome == Outcome::not_an_incident);
}

TEST_CASE("An evaluation that changes nothing has an empty outcome") {
    World world({lag_rule()});
    world.lag(100);
    world.pass(seconds(15));
    StepOutcome second =
        world.send(Evaluated{"ingestion-lag", 7, world.now, {answer({{{}, 120}})}});
    CHECK(second.empty());
}

TEST_CASE("Errors and partial answers freeze every clock [H-01]") {
    for (Kind kind : {Kind::error, Kind::partial}) {
        Rule rule = lag_rule();
        rule.ladder[1].hold_for = minutes(2);
        World world({rule});
        world.lag_for(400, minutes(1));
        for (int i = 0; i < 8; ++i, world.pass(seconds(15))) evaluate(world, {failed(kind)});
        world.lag(400);
        CHECK(world.history.empty());  // 2 m on the wall, but half of it unseen
        world.pass(seconds(15));
        world.lag_for(400, minutes(1));
        CHECK(world.history.size() == 1);
    }
}

TEST_CASE("A failing query neither resolves nor declares [H-01]") {
    World world({lag_rule()});
    world.lag(400);
    for (int i = 0; i < 100; ++i, world.pass(seconds(15))) evaluate(world, {failed(Kind::error)});
    CHECK(is_open(world.incident(1).state));
}

TEST_CASE("A rule that fails for five minutes while its source answers is raised, once [H-01]") {
    World world({lag_rule()});
    world.lag(100);
    for (int i = 0; i < 40; ++i, world.pass(seconds(15))) evaluate(world, {failed(Kind::error)});
    REQUIRE(world.history.size() == 1);
    CHECK(world.incident(1).key == "no-data/ingestion-lag");
    CHECK(world.incident(1).severity == Severity::minor);
    world.lag_for(100, minutes(6));
    CHECK(world.incident(1).state == IncidentState::closed);
}

TEST_CASE("A source that does not answer at all is one incident, not one per rule [H-01] [H-03]") {
    World world({lag_rule()});
    world.lag(100);
    for (int i = 0; i < 40; ++i, world.pass(seconds(15))) {
        evaluate(world, {failed(Kind::error, false)});
    }
    CHECK(world.history.empty());
    world.send(SourceSilent{"us", world.now - minutes(5), "connection refused"});
    CHECK(world.incident(1).key == "source/us");
    CHECK(world.incident(1).severity == Severity::major);
    CHECK(world.incident(1).title.find("ingestion-lag") != std::string::npos);
    world.send(SourceBack{"us"});
    world.pass(minutes(5));
    CHECK(world.incident(1).state == IncidentState::closed);
}

TEST_CASE("A series absent from two answers in a row is in doubt and keeps its incident [H-01]") {
    World world({lag_rule()});
    world.lag(400);
    world.pass(seconds(15));
    evaluate(world, {answer({})});
    CHECK(world.verdicts.back().rule == "ingestion-lag");
    CHECK(world.incident(1).state == IncidentState::triage);
    world.pass(seconds(15));
    evaluate(world, {answer({})});
    CHECK(world.verdict().outcome == Outcome::in_doubt);
    CHECK(world.verdict().because == Because::no_data);
    world.pass(hours(3));
    CHECK(is_open(world.incident(1).state));
}

TEST_CASE("no_data: clear and no_data: incident say otherwise") {
    Rule rule = lag_rule();
    rule.no_data = NoData::clear;
    World clear({rule});
    clear.lag(400);
    for (int i = 0; i < 30; ++i, clear.pass(seconds(15))) evaluate(clear, {answer({})});
    CHECK(clear.incident(1).state == IncidentState::closed);

    rule.no_data = NoData::incident;
    World declared({rule});
    declared.lag(100);
    for (int i = 0; i < 3; ++i, declared.pass(seconds(15))) evaluate(declared, {answer({})});
    CHECK(declared.incident(1).key == "ingestion{region=\"us\"}");
}

TEST_CASE("A rule without a ladder holds for each series returned and is clear without them") {
    World world({condition_rule()});
    evaluate(world, {answer({{Labels{}, 1}})}, "site-down");
    CHECK(world.incident(1).severity == Severity::critical);
    for (int i = 0; i < 22; ++i, world.pass(seconds(15))) {
        evaluate(world, {answer({})}, "site-down");
    }
    CHECK(world.incident(1).state == IncidentState::closed);
    CHECK(world.state.signals.empty());
}

TEST_CASE("NaN keeps the last state and says so [H-01]") {
    World world({lag_rule()});
    world.lag(400);
    world.pass(seconds(15));
    world.lag(std::nan(""));
    CHECK(world.verdict().because == Because::not_a_number);
    CHECK(is_open(world.incident(1).state));
}

TEST_CASE("agree: all holds only where every source that answered sees it [H-08] [B7]") {
    Rule rule = condition_rule();
    rule.agree_all = true;
    rule.sources = {"a", "b"};
    World world({rule});
    Series down{Labels{{"region", "us"}}, 1};
    evaluate(world, {answer({down}, "a"), answer({}, "b")}, "site-down");
    CHECK(world.history.empty());
    CHECK(world.verdict().outcome == Outcome::clear);
    CHECK(world.verdict().because == Because::agree_not_reached);
    SourceAnswer unknown = failed(Kind::error);
    unknown.source = "b";
    evaluate(world, {answer({down}, "a"), unknown}, "site-down");
    CHECK(world.history.size() == 1);

    World nobody({rule});
    evaluate(nobody, {unknown}, "site-down");
    CHECK(nobody.verdict().outcome == Outcome::in_doubt);
    CHECK(nobody.history.empty());
}

TEST_CASE("A rule that never had any data is raised, unless its metric is still to be mapped") {
    World world({lag_rule()});
    for (int i = 0; i < 22; ++i, world.pass(seconds(15))) evaluate(world, {answer({})});
    CHECK(world.incident(1).key == "no-data/ingestion-lag");
    Rule unmapped = lag_rule();
    unmapped.to_be_mapped = true;
    World quiet({unmapped});
    for (int i = 0; i < 22; ++i, quiet.pass(seconds(15))) evaluate(quiet, {answer({})});
    CHECK(quiet.history.empty());
}

TEST_CASE("A Prometheus alert rule makes alerts that the alert rules judge") {
    Rule prometheus;
    prometheus.name = prometheus.alertname = "SiteDown";
    prometheus.kind = RuleKind::prometheus_alert;
    prometheus.content_hash = 3;
    prometheus.sources = {"us"};
    prometheus.hold_for = minutes(1);
    prometheus.labels = {{"severity", *Template::parse("critical")}};
    World world({prometheus, alert_rule("site", "severity=\"critical\"", Severity::critical)});
    Series up{Labels{{"__name__", "up"}, {"job", "web"}}, 0};
    for (int i = 0; i < 4; ++i, world.pass(seconds(15))) {
        evaluate(world, {answer({up})}, "SiteDown");
        CHECK(world.history.empty());
    }
    evaluate(world, {answer({up})}, "SiteDown");
    REQUIRE(world.history.size() == 1);
    CHECK(world.incident(1).labels.get("job") == "web");
    CHECK(world.incident(1).labels.get("region") == "us");
    world.pass(seconds(15));
    evaluate(world, {answer({})}, "SiteDown");
    world.pass(minutes(5));
    CHECK(world.incident(1).state == IncidentState::closed);
}

TEST_CASE("An answer to an older version of the rule is ignored") {
    World world({lag_rule()});
    CHECK(world.send(Evaluated{"ingestion-lag", 6, world.now, {answer({{{}, 400}})}}).empty());
}
