// The engine's loop: what is answered is committed, and one commit carries what was there.

#include <doctest/doctest.h>

#include <algorithm>

#include "core/limits.hpp"
#include "support/engine_world.hpp"

using namespace tocsin;
using namespace tocsin::test;
using shell::Answer;
using shell::Metric;

TEST_CASE("an alert is answered after the commit that declares, and the page leaves as sending") {
    EngineWorld world;
    world.load_rules();
    const auto commits = world.store.commits();
    REQUIRE(world.give(world.alert("a")));
    CHECK(world.answers.size() == 1);  // of the rules only
    world.runtime.run_until_idle();
    REQUIRE(world.answers.size() == 2);
    CHECK(world.answers[1].kind == Answer::Kind::committed);
    CHECK(world.store.commits() == commits + 1);
    REQUIRE(world.taken.size() == 1);
    CHECK(world.taken[0].state == core::DeliveryState::sending);
    CHECK(world.taken[0].effect.action == core::Action::page);
    CHECK(world.disk->tables[core::Table::incidents].size() == 1);
    CHECK(world.metrics.value(Metric::incidents_open, {"major"}) == 1);
    CHECK(world.metrics.value(Metric::deliveries_open, {"pager", "sending"}) == 1);
}

TEST_CASE("a page that has to wait is committed as ready") {
    EngineWorld world;
    world.lane_free = false;
    world.load_rules();
    (void)world.give(world.alert("a"));
    world.runtime.run_until_idle();
    REQUIRE(world.taken.size() == 1);
    CHECK(world.taken[0].state == core::DeliveryState::ready);
    CHECK(world.metrics.value(Metric::deliveries_open, {"pager", "ready"}) == 1);
}

TEST_CASE("what is there when the batch begins goes into one commit") {
    EngineWorld world;
    world.load_rules();
    const auto commits = world.store.commits();
    for (const char* instance : {"a", "b", "c"}) REQUIRE(world.give(world.alert(instance)));
    world.runtime.run_until_idle();
    CHECK(world.store.commits() == commits + 1);
    CHECK(world.disk->tables[core::Table::incidents].size() == 3);
}

TEST_CASE("an alert that changes nothing is answered without a commit or a journal row") {
    EngineWorld world;
    world.load_rules();
    const auto alert = world.alert("a");
    (void)world.give(alert);
    world.runtime.run_until_idle();
    const auto commits = world.store.commits();
    const auto rows = world.disk->journal.size();
    (void)world.give(alert);
    world.runtime.run_until_idle();
    CHECK(world.answers.back().kind == Answer::Kind::committed);
    CHECK(world.store.commits() == commits);
    CHECK(world.disk->journal.size() == rows);
}

TEST_CASE("a full inbox refuses the one item too many, and takes again once it is drained") {
    EngineWorld world;
    world.load_rules();
    for (std::size_t i = 0; i < core::limits::inbox_items_max; ++i) {
        REQUIRE(world.give(core::SourceBack{"nobody"}));
    }
    CHECK(world.engine.inbox_items() == core::limits::inbox_items_max);
    CHECK_FALSE(world.give(core::SourceBack{"nobody"}));
    world.runtime.run_until_idle();
    CHECK(world.engine.inbox_items() == 0);
    CHECK(world.answers.size() == core::limits::inbox_items_max + 1);
    CHECK(world.give(core::SourceBack{"nobody"}));
}

TEST_CASE("timers wake the engine by themselves: an unacknowledged page is repeated") {
    EngineWorld world;
    world.load_rules();
    (void)world.give(world.alert("a"));
    world.runtime.run_until_idle();
    REQUIRE(world.taken.size() == 1);
    (void)world.give(core::Delivered{world.taken[0].effect.id, "remote"});
    world.runtime.run_for(minutes(6));
    CHECK(world.taken.size() > 1);
}

TEST_CASE("the wait from alert to accepted page is measured once, from the receipt of the alert") {
    EngineWorld world;
    world.load_rules();
    (void)world.give(world.alert("a"));
    world.runtime.run_until_idle();
    REQUIRE(world.taken.size() == 1);
    world.runtime.run_for(milliseconds(3));
    (void)world.give(core::Delivered{world.taken[0].effect.id, "remote"});
    world.runtime.run_until_idle();
    CHECK(world.metrics.value(Metric::alert_to_page) == 1);
    CHECK(world.metrics.value(Metric::time_to_declare) == 1);
    CHECK(world.metrics.value(Metric::pages, {"pager", "accepted"}) == 1);
    CHECK(world.metrics.value(Metric::deliveries_open, {"pager", "sending"}) == 0);
    const std::string text = world.metrics.text(world.runtime.now());
    CHECK(text.find("tocsin_alert_to_page_seconds_bucket{le=\"0.0025\"} 0") != std::string::npos);
    CHECK(text.find("tocsin_alert_to_page_seconds_bucket{le=\"0.005\"} 1") != std::string::npos);
}

TEST_CASE("stopping commits what was taken, then says that it is done") {
    EngineWorld world;
    world.load_rules();
    (void)world.give(world.alert("a"));
    bool done = false;
    world.engine.stop([&] { done = true; });
    CHECK_FALSE(world.give(world.alert("b")));
    world.runtime.run_until_idle();
    CHECK(done);
    CHECK(world.answers.size() == 2);
    CHECK(world.disk->tables[core::Table::incidents].size() == 1);
}

TEST_CASE(
    "an incident that nobody answers is a metric and an error line, until somebody does [H-73]") {
    EngineWorld world;
    world.load_rules();
    (void)world.give(world.alert("a"));
    world.runtime.run_until_idle();
    REQUIRE(world.taken.size() == 1);
    CHECK(world.metrics.value(Metric::incidents_unanswered) == 0);
    (void)world.give(core::Delivered{world.taken[0].effect.id, ""});
    world.runtime.run_for(minutes(16));  // one service, and no other pager behind it
    CHECK(world.metrics.value(Metric::incidents_unanswered) == 1);
    const auto said = [&](const std::string& line) {
        return line.find("level=error msg=\"nobody answers\" incident=INC-1") != std::string::npos;
    };
    CHECK(std::count_if(world.lines.begin(), world.lines.end(), said) == 1);
    (void)world.give(core::CommandGiven{1, "engineer-a", core::Acknowledge{}});
    world.runtime.run_until_idle();
    CHECK(world.metrics.value(Metric::incidents_unanswered) == 0);
}
