// Maintenance windows: planned by command and by file, announced, changed, recurring.
#include <doctest/doctest.h>

#include <functional>

#include "core/indexes.hpp"
#include "support/maintenance_world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

TEST_CASE("a window is announced when planned, shortly before, at its start and end [H-16]") {
    World world({disk_rule()}, announcing());
    PlanMaintenance wish = upgrade(world);
    plan(world, wish);
    REQUIRE(texts(world).size() == 1);
    CHECK(contains(texts(world)[0], "is planned by engineer-a from 2026-03-01 02:00 UTC to"));
    CHECK(contains(texts(world)[0], "announced at https://example.com/announcements/7"));
    world.pass(hours(2) - minutes(15) - seconds(1));
    CHECK(texts(world).size() == 1);
    world.pass(seconds(1));
    REQUIRE(texts(world).size() == 2);
    CHECK(contains(texts(world)[1], "begins at 2026-03-01 02:00 UTC"));
    world.pass(minutes(15));
    REQUIRE(texts(world).size() == 3);
    CHECK(contains(texts(world)[2], "has begun: until 2026-03-01 04:00 UTC"));
    world.pass(hours(5));
    REQUIRE(texts(world).size() == 4);
    CHECK(texts(world)[3] == "Maintenance kafka-upgrade is over: no signal was suppressed");
    CHECK(world.pages().empty());
}

TEST_CASE("a window without an announcement asks for one; one that runs already begins [H-16]") {
    World world({disk_rule()}, announcing());
    PlanMaintenance wish = upgrade(world);
    wish.announcement.clear();
    wish.from = world.now - minutes(5);
    plan(world, wish);
    REQUIRE(texts(world).size() == 1);
    CHECK(contains(texts(world)[0], "has begun"));
    CHECK(contains(texts(world)[0], "Check the announcements section"));
    CHECK(named(world, "kafka-upgrade").announced_at == world.now);
    wish.name = "soon";
    wish.from = world.now + minutes(5);
    plan(world, wish);
    REQUIRE(texts(world).size() == 2);
    world.pass(minutes(10));
    CHECK(texts(world).size() == 3);  // what begins so soon is not announced twice
}

TEST_CASE("a plan that cannot be carried out says why and changes nothing") {
    struct Row {
        const char* sentence;
        std::function<void(PlanMaintenance&)> spoil;
        const char* field;
    };
    const std::vector<Row> rows = {
        {"no name", [](auto& wish) { wish.name.clear(); }, "name"},
        {"two words", [](auto& wish) { wish.name = "kafka upgrade"; }, "name"},
        {"a long name", [](auto& wish) { wish.name = std::string(65, 'a'); }, "name"},
        {"it ends as it begins", [](auto& wish) { wish.to = wish.from; }, "to"},
        {"it is over", [](auto& wish) { wish.to = (wish.from -= hours(9)) + hours(1); }, "to"},
        {"it is too long", [](auto& wish) { wish.to = wish.from + hours(24 * 32); }, "to"},
        {"it is too far ahead",
         [](auto& wish) { wish.to = (wish.from += hours(24 * 400)) + hours(1); }, "from"},
        {"an unknown rule", [](auto& wish) { wish.rules = {"disk-ful"}; }, "rules"},
        {"a rule about loss", [](auto& wish) { wish.rules = {"events-lost"}; }, "rules"},
        {"a built-in rule", [](auto& wish) { wish.rules = {"tocsin/source"}; }, "rules"},
        {"everything everywhere", [](auto& wish) { wish.match = {}; }, "match"},
        {"no link", [](auto& wish) { wish.announcement = "see chat"; }, "announcement"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        World world({disk_rule(), loss_rule()});
        PlanMaintenance wish = upgrade(world);
        row.spoil(wish);
        const StepOutcome outcome = plan(world, wish);
        REQUIRE(outcome.refusal);
        CHECK(outcome.refusal->field == row.field);
        CHECK(outcome.empty());
    }
    World world({disk_rule()});
    PlanMaintenance wish = upgrade(world);
    wish.rules = {"disk-ful"};
    CHECK(contains(plan(world, wish).refusal->message, "did you mean `disk-full`?"));
}

TEST_CASE("the same plan again changes nothing; another one of that name is a conflict") {
    World world({disk_rule()});
    PlanMaintenance wish = upgrade(world);
    CHECK_FALSE(plan(world, wish).refusal);
    const StepOutcome again = plan(world, wish);
    CHECK(again.empty());
    CHECK_FALSE(again.refusal);
    wish.to += hours(1);
    CHECK(plan(world, wish).refusal->code == "conflict");
    world.send(CommandGiven{0, "engineer-a", EndMaintenance{"kafka-upgrade"}});
    CHECK_FALSE(plan(world, wish).refusal);
    CHECK(world.send(CommandGiven{0, "engineer-a", EndMaintenance{"other"}}).refusal->code ==
          "not_found");
}

TEST_CASE("a window of tocsin.yaml is known from its first reload on, and told of once [H-16]") {
    const Instant start = start_of_time();
    const Policy policy = with_window(nightly({{start + hours(2), start + hours(4)}}));
    World world({disk_rule()}, policy);
    CHECK(texts(world).size() == 1);
    CHECK(named(world, "nightly").announced_at == start);
    world.pass(hours(1));
    world.load({disk_rule()}, policy);
    CHECK(named(world, "nightly").announced_at == start);
    world.pass(hours(2));
    CHECK(texts(world).size() == 3);

    // A restart: the rows come back, the rules are loaded, and nothing is announced again.
    State recovered = world.state;
    index(recovered);
    CHECK(step(recovered, RulesLoaded{recovered.ruleset}, world.now).empty());
    world.pass(hours(2));
    CHECK(texts(world).size() == 4);
    world.load({disk_rule()}, policy);
    CHECK(texts(world).size() == 4);
    CHECK(world.windows.size() == 1);
}

TEST_CASE(
    "a window of tocsin.yaml that runs when it is first read begins at once, too late for "
    "what fires already [B12]") {
    World world({disk_rule()}, announcing());
    world.send(disk_full(world));
    world.pass(minutes(1));
    const Interval span{world.now - hours(1), world.now + hours(1)};
    world.load({disk_rule()}, with_window(nightly({span})));
    CHECK(named(world, "nightly").state == WindowState::active);
    CHECK(named(world, "nightly").announced_at == world.now);
    CHECK(is_open(world.incident(1).state));
    world.send(disk_full(world, Labels{{"region", "us"}, {"instance", "b2"}}));
    CHECK(world.verdict().outcome == Outcome::suppressed);
}

TEST_CASE("a window that is changed while it runs counts as announced by the change [B12]") {
    const Interval span{start_of_time() + hours(2), start_of_time() + hours(4)};
    const Interval longer{span.from, span.until + hours(1)};
    World world({disk_rule()}, with_window(nightly({span})));
    world.pass(hours(3));
    world.send(disk_full(world));
    CHECK(world.verdict().outcome == Outcome::suppressed);
    world.pass(minutes(1));
    world.load({disk_rule()}, with_window(nightly({longer})));
    CHECK(world.history.size() == 1);
    REQUIRE(world.windows.size() == 2);
    CHECK(world.windows.at(1).state == WindowState::over);
    CHECK(world.windows.at(1).ended_by == "a reload of tocsin.yaml");
    CHECK(world.windows.at(2).state == WindowState::active);
    CHECK(world.windows.at(2).announced_at == world.now);
    world.send(disk_full(world, Labels{{"region", "us"}, {"instance", "b2"}}));
    CHECK(world.verdict().outcome == Outcome::suppressed);
}

TEST_CASE("a planned window that changes or goes in a reload is changed or cancelled") {
    const Interval span{start_of_time() + hours(2), start_of_time() + hours(4)};
    const Interval later{span.from + hours(24), span.until + hours(24)};
    World world({disk_rule()}, with_window(nightly({span})));
    world.pass(minutes(1));
    world.load({disk_rule()}, with_window(nightly({later})));
    CHECK(world.windows.size() == 1);
    CHECK(named(world, "nightly").from == later.from);
    CHECK(named(world, "nightly").announced_at == world.now);
    world.load({disk_rule()}, announcing());
    CHECK(named(world, "nightly").state == WindowState::over);
    CHECK(contains(texts(world).back(), "is cancelled by a reload"));
}

TEST_CASE("a reload leaves windows alone that were planned by command") {
    World world({disk_rule()}, announcing());
    plan(world, upgrade(world));
    const std::size_t told = texts(world).size();
    world.load({disk_rule()}, announcing());
    CHECK(named(world, "kafka-upgrade").state == WindowState::planned);
    CHECK(texts(world).size() == told);
}

TEST_CASE("a recurring window plans its next occurrence when one ends [H-16]") {
    const Instant start = start_of_time();
    const Policy policy = with_window(nightly({{start + hours(2), start + hours(4)},
                                               {start + hours(26), start + hours(28)},
                                               {start + hours(50), start + hours(52)}}));
    World world({disk_rule()}, policy);
    world.pass(hours(4));
    REQUIRE(world.windows.size() == 2);
    CHECK(world.windows.at(2).from == start + hours(26));
    CHECK(world.windows.at(2).announced_at == start);
    world.pass(hours(23));
    world.send(disk_full(world));
    CHECK(world.verdict().outcome == Outcome::suppressed);
    CHECK(world.windows.at(2).suppressed == 1);
    CHECK(world.windows.at(1).suppressed == 0);
}

TEST_CASE("an occurrence that a person ended is not planned anew by a reload") {
    const Instant start = start_of_time();
    const Policy policy = with_window(
        nightly({{start + hours(2), start + hours(4)}, {start + hours(26), start + hours(28)}}));
    World world({disk_rule()}, policy);
    world.pass(hours(3));
    world.send(CommandGiven{0, "engineer-b", EndMaintenance{"nightly"}});
    world.load({disk_rule()}, policy);
    REQUIRE(world.windows.size() == 2);
    CHECK(world.windows.at(2).from == start + hours(26));
    world.send(disk_full(world));
    CHECK(world.history.size() == 1);
    world.pass(hours(2));
    CHECK(world.state.windows.size() == 1);
}
