// The engine without a store: undone, told, kept, and whole again.

#include <doctest/doctest.h>

#include "core/limits.hpp"
#include "support/engine_world.hpp"

using namespace tocsin;
using namespace tocsin::test;
using shell::Answer;
using shell::Metric;
using shell::StoreFault;

namespace {

/// The second commit (the first loads the rules) fails with this code, and so many probes after it.
EngineWorld::Faults second_commit_fails(const char* code, std::uint32_t probes) {
    return {{2, StoreFault{.kind = StoreFault::Kind::fails,
                           .error = {code, "no space left"},
                           .failing_probes = probes}}};
}

}  // namespace

TEST_CASE("a failed commit leaves nothing behind, and its senders are told to repeat") {
    EngineWorld world(second_commit_fails("disk_full", 0));
    world.load_rules();
    (void)world.give(world.alert("a"));
    world.runtime.run_until_idle();
    CHECK(world.answers.back().kind == Answer::Kind::store_failing);
    CHECK(world.engine.store_failing());
    CHECK(world.engine.state().signals.empty());
    CHECK(world.engine.state().incidents.empty());
    CHECK(world.engine.state().counters == core::Counters{});
    CHECK(core::is_consistent(world.engine.state()));
    CHECK(world.taken.empty());
    CHECK(world.metrics.value(Metric::store_failing) == 1);
    CHECK(world.metrics.value(Metric::incidents_open, {"major"}) == 0);
}

TEST_CASE("while the store fails nothing is stepped; the probe that succeeds opens again") {
    EngineWorld world(second_commit_fails("disk_full", 2));
    world.load_rules();
    (void)world.give(world.alert("a"));
    world.runtime.run_until_idle();
    (void)world.give(world.alert("b"));
    world.runtime.run_until_idle();
    CHECK(world.answers.back().kind == Answer::Kind::store_failing);
    CHECK(world.store.commits() == 2);
    world.runtime.run_for(seconds(4));
    CHECK_FALSE(world.engine.store_failing());
    (void)world.give(world.alert("a"));
    world.runtime.run_until_idle();
    CHECK(world.answers.back().kind == Answer::Kind::committed);
    CHECK(world.engine.state().incidents.size() == 1);
    CHECK(world.metrics.value(Metric::store_failing) == 0);
}

TEST_CASE("one page says that the store fails, under a key of its own, and is resolved after it") {
    EngineWorld world(second_commit_fails("disk_full", 3));
    world.load_rules();
    (void)world.give(world.alert("a"));
    world.runtime.run_until_idle();
    CHECK(world.taken.empty());  // a hiccup shorter than a probe pages nobody
    world.runtime.run_for(milliseconds(2'500));
    REQUIRE(world.taken.size() == 1);
    const core::Effect page = world.taken[0].effect;
    CHECK(page.key == world.engine.state().install_id + "/store/2026-03-01T02:00:00.000Z");
    CHECK(page.action == core::Action::page);
    CHECK(page.integration == "pager");
    CHECK(page.incident.title.find("no space left") != std::string::npos);
    world.runtime.run_for(seconds(3));
    REQUIRE(world.taken.size() == 2);
    CHECK(world.taken[1].effect.action == core::Action::resolve_page);
    CHECK(world.taken[1].effect.page_key == page.page_key);
    CHECK(world.taken[1].effect.id != page.id);
}

TEST_CASE("the page about the store goes to whoever is on call, by a pager that reaches persons") {
    EngineWorld world(second_commit_fails("disk_full", 3));
    auto rules = disk_full_rules();
    rules->policy.pagers = {{"pager", core::Reach::person, core::Address::email}};
    rules->roster.people = {{.name = "engineer-a", .email = ""},
                            {.name = "engineer-b", .email = "b@example.com"}};
    rules->roster.escalation = {{.notify = {{core::Target::Kind::person, "engineer-a"}}},
                                {.notify = {{core::Target::Kind::person, "engineer-b"}}}};
    (void)world.give(core::RulesLoaded{rules});
    world.runtime.run_until_idle();
    (void)world.give(world.alert("a"));
    world.runtime.run_for(milliseconds(2'500));
    REQUIRE(world.taken.size() == 1);
    CHECK(world.taken[0].effect.person == "engineer-b");
    CHECK(world.taken[0].effect.address == "b@example.com");
    CHECK(world.taken[0].effect.key.ends_with("Z/engineer-b"));
}

TEST_CASE("only a full disk is waited out for longer than a minute") {
    struct Row {
        const char* sentence;
        const char* code;
        bool ends;
    };
    const std::vector<Row> rows = {{"a full disk is waited out", "disk_full", false},
                                   {"an I/O error ends the daemon", "io", true},
                                   {"a read-only disk ends the daemon", "read_only", true}};
    for (const auto& row : rows) {
        CAPTURE(row.sentence);
        EngineWorld world(second_commit_fails(row.code, 1'000));
        world.load_rules();
        (void)world.give(world.alert("a"));
        world.runtime.run_for(seconds(59));
        CHECK(world.fatal.empty());
        world.runtime.run_for(seconds(3));
        CHECK(world.fatal.empty() == !row.ends);
    }
}
