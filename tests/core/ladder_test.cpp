// The ladder of thresholds, from one value to one decision.
#include "core/ladder.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

TEST_CASE("Ingestion lag is judged exactly at the handbook's borders [H-13] [B1] [B3]") {
    struct Row {
        const char* sentence;
        double lag_seconds;
        Outcome outcome;
        Severity severity;
        bool communication_due;
    };
    const Row rows[] = {
        {"four minutes 59 are no incident", 299, Outcome::not_an_incident, Severity::none, false},
        {"exactly five minutes are not over five", 300, Outcome::not_an_incident, Severity::none,
         false},
        {"a second more is", 301, Outcome::incident, Severity::major, false},
        {"just under 30 minutes need no communication", 1799, Outcome::incident, Severity::major,
         false},
        {"30 minutes do", 1800, Outcome::incident, Severity::major, true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        World world({lag_rule()});
        world.lag_for(row.lag_seconds, seconds(30));
        CHECK(world.verdict().outcome == row.outcome);
        CHECK(world.verdict().severity == row.severity);
        bool due = !world.history.empty() && world.incident(1).communication_due.has_value();
        CHECK(due == row.communication_due);
    }
}

TEST_CASE("A verdict says why in words that fit what was read, the negative ones too") {
    World world({lag_rule()});
    world.lag(299);
    CHECK(world.verdict().because == Because::no_step_holds);
    CHECK(world.verdict().value == 299.0);
    CHECK(world.verdict().threshold == "> 5m");
    CHECK(world.verdict().cite == "Events being < 5 minutes behind");
    world.lag(301);
    CHECK(world.verdict().because == Because::step_holds);
    Rule condition = lag_rule();
    condition.has_thresholds = false;
    condition.ladder = {Step{.severity = Severity::major, .cite = "it grows"}};
    World growing({condition});
    growing.lag(1);
    CHECK(growing.verdict().because == Because::step_holds);
    CHECK(growing.verdict().threshold.empty());
}

TEST_CASE("One evaluation at 30 minutes is not yet two, so communication waits [B4] [H-50]") {
    World world({lag_rule()});
    world.lag(1800);
    CHECK(world.verdict().outcome == Outcome::incident);
    REQUIRE(world.verdict().pending.has_value());
    CHECK(world.verdict().pending->step == ">= 30m");
    CHECK(!world.incident(1).communication_due);
    world.pass(seconds(15));
    world.lag(1800);
    CHECK(world.incident(1).communication_due == world.now);
}

TEST_CASE("A waiting step hides no lower one, and pending is said only when nothing else decides") {
    Rule rule = lag_rule();
    rule.ladder = {over(100, Severity::critical, minutes(5)), over(50, Severity::minor),
                   Step{.outcome = Outcome::not_an_incident}};
    Track track;
    Decision lower = decide(rule, track, Reading{.value = 150}, start_of_time());
    CHECK(lower.outcome == Outcome::incident);
    CHECK(lower.severity == Severity::minor);
    CHECK(lower.pending->due == start_of_time() + minutes(5));

    rule.ladder[1].hold_for = minutes(1);
    Track fresh;
    CHECK(decide(rule, fresh, Reading{.value = 70}, start_of_time()).outcome == Outcome::pending);
    CHECK(decide(rule, fresh, Reading{.value = 20}, start_of_time()).outcome ==
          Outcome::not_an_incident);
}

TEST_CASE("Each step keeps its own clock while a higher one holds") {
    Rule rule = lag_rule();
    rule.ladder = {over(100, Severity::critical), over(50, Severity::minor, minutes(2))};
    Track track;
    Instant at = start_of_time();
    CHECK(decide(rule, track, Reading{.value = 150}, at).severity == Severity::critical);
    Decision after = decide(rule, track, Reading{.value = 60}, at + minutes(2));
    CHECK(after.outcome == Outcome::incident);
    CHECK(after.severity == Severity::minor);
}

TEST_CASE("NaN is above nothing, below nothing and different from nothing") {
    using Operator = Comparison::Operator;
    for (Operator op : {Operator::greater, Operator::at_least, Operator::less, Operator::at_most,
                        Operator::equal, Operator::not_equal}) {
        CHECK(!Comparison{op, 1, ""}.holds(std::nan("")));
    }
}
