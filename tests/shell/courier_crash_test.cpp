// Crashes, ambiguous sends, a failing store, Retry-After, refusals, reload and shutdown.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/courier_world.hpp"

using namespace tocsin;
using namespace tocsin::test;
using core::Action;
using core::DeliveryState;
using core::Severity;

namespace {

using Keys = std::vector<std::string>;

/// Answers with `first`, and from then on with 200, each after `takes`.
ScriptedNet::Peer once(Answer first, Duration takes = milliseconds(1)) {
    return [first, takes, calls = 0](const ScriptedNet::Sent&) mutable {
        return std::pair{calls++ == 0 ? first : status(200), takes};
    };
}

ScriptedNet::Peer always(Answer answer, Duration takes = milliseconds(1)) {
    return [answer, takes](const ScriptedNet::Sent&) { return std::pair{answer, takes}; };
}

}  // namespace

TEST_CASE("a crash at any point loses nothing and repeats only under the same key") {
    // Time until the crash: before the start is committed, while under way, answered and not yet
    // committed, after everything.
    for (const int crash_after_ms : {0, 1, 2, 3, 4, 5, 6, 8, 12, 20, 50}) {
        CAPTURE(crash_after_ms);
        CourierWorld world;
        world.net.peers["pager"] = always(status(202), milliseconds(3));
        world.commit_takes = milliseconds(2);
        world.courier->load({pager("pager", 1)});
        const auto first = world.order("pager", 1);
        const auto second = world.order("pager", 2);
        world.runtime.run_for(milliseconds(crash_after_ms));
        world.crash();
        world.restart({pager("pager", 1)});
        world.runtime.run_for(seconds(5));
        CHECK(world.unfinished() == 0);
        const Keys keys = world.net.keys("pager");
        CHECK(std::count(keys.begin(), keys.end(), first.key) >= 1);
        CHECK(std::count(keys.begin(), keys.end(), first.key) <= 2);
        CHECK(std::count(keys.begin(), keys.end(), second.key) >= 1);
        CHECK(std::count(keys.begin(), keys.end(), second.key) <= 2);
    }
}

TEST_CASE("an ambiguous send is looked up first where the peer has no key of its own") {
    struct Row {
        const char* sentence;
        int found;
        std::size_t sends;
    };
    const Row rows[] = {
        {"it is there: it is not sent again", 200, 0},
        {"it is not there: it is sent", 404, 1},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        CourierWorld world;
        std::size_t sends = 0;
        world.net.peers["chat"] = [&](const ScriptedNet::Sent& sent) {
            const bool find = sent.url == "chat:find";
            sends += find ? 0 : 1;
            return std::pair{status(find ? row.found : 200), Duration(milliseconds(1))};
        };
        core::Delivery delivery;
        delivery.effect = world.effect("chat", 1, Action::update);
        delivery.state = DeliveryState::sending;
        world.outbox[delivery.effect.id] = delivery;
        world.restart({pager("chat", 1, true)});
        world.runtime.run_for(seconds(1));
        REQUIRE(!world.net.sent.empty());
        CHECK(world.net.sent[0].url == "chat:find");
        CHECK(sends == row.sends);
        CHECK(world.state(delivery.effect.id) == DeliveryState::done);
    }
}

TEST_CASE("what was certainly not sent before the crash is not looked up") {
    CourierWorld world;
    core::Delivery delivery;
    delivery.effect = world.effect("chat", 1, Action::update);
    world.outbox[delivery.effect.id] = delivery;
    world.restart({pager("chat", 1, true)});
    world.runtime.run_for(seconds(1));
    REQUIRE(world.net.sent.size() == 1);
    CHECK(world.net.sent[0].url == "chat:send");
}

TEST_CASE("a lost answer makes a send ambiguous, a refused connection does not") {
    for (const auto& [first, url] :
         {std::pair{broken(), "chat:find"}, std::pair{status(502), "chat:find"},
          std::pair{unreachable(), "chat:send"}}) {
        CourierWorld world;
        world.net.peers["chat"] = once(first);
        world.courier->load({pager("chat", 1, true)});
        (void)world.order("chat", 1);
        world.runtime.run_for(seconds(5));
        REQUIRE(world.net.sent.size() == 2);
        CHECK(world.net.sent[1].url == url);
        CHECK(world.unfinished() == 0);
    }
}

TEST_CASE("a page whose look-up stays unanswered is rather sent twice than never") {
    CourierWorld world;
    world.net.peers["chat"] = [](const ScriptedNet::Sent& sent) {
        return std::pair{status(sent.url == "chat:find" ? 500 : 200), Duration(milliseconds(1))};
    };
    core::Delivery delivery;
    delivery.effect = world.effect("chat", 1);
    delivery.state = DeliveryState::sending;
    world.outbox[delivery.effect.id] = delivery;
    world.restart({pager("chat", 1, true)});
    world.runtime.run_for(minutes(1));
    CHECK(world.state(delivery.effect.id) == DeliveryState::done);
    CHECK(world.net.sent.size() == 4);
}

TEST_CASE("an answer that cannot be committed stays and is offered again") {
    CourierWorld world;
    world.courier->load({pager("pager", 1)});
    const auto page = world.order("pager", 1);
    const auto waiting = world.order("pager", 2);
    world.store_failing = true;
    world.runtime.run_for(minutes(10));
    CHECK(world.net.sent.size() == 1);  // nothing new without a commit, nothing twice
    CHECK(world.state(page.id) == DeliveryState::sending);
    CHECK(world.reports < 1'500);
    world.store_failing = false;
    world.runtime.run_for(seconds(3));
    CHECK(world.state(page.id) == DeliveryState::done);
    CHECK(world.state(waiting.id) == DeliveryState::done);
    CHECK(world.net.sent.size() == 2);
}

TEST_CASE("while the store fails, what is committed as sending goes on") {
    CourierWorld world;
    world.net.peers["pager"] = once(unreachable());
    world.courier->load({pager("pager", 1)});
    (void)world.order("pager", 1);
    (void)world.order("pager", 2);
    world.store_failing = true;
    world.runtime.run_for(seconds(10));
    CHECK(world.net.sent.size() == 2);  // the first and its repetition
    CHECK(world.net.sent[1].key == world.net.sent[0].key);
}

TEST_CASE("Retry-After is honoured, for a page at most a minute") {
    struct Row {
        const char* sentence;
        Action action;
        int asked_s;
        Duration earliest;
        Duration latest;
    };
    const Row rows[] = {
        {"a page waits as asked", Action::page, 20, seconds(20), seconds(22)},
        {"a page waits a minute at most", Action::page, 3'000, seconds(60), seconds(61)},
        {"a message waits as asked", Action::update, 600, minutes(10), minutes(11)},
    };
    for (const int code : {429, 503}) {
        for (const Row& row : rows) {
            CAPTURE(row.sentence);
            CAPTURE(code);
            CourierWorld world;
            world.net.peers["pager"] = once(status(code, row.asked_s));
            world.courier->load({pager("pager")});
            (void)world.order("pager", 1, row.action);
            world.runtime.run_for(hours(1));
            REQUIRE(world.net.sent.size() == 2);
            CHECK(world.net.sent[1].at - world.net.sent[0].at >= row.earliest);
            CHECK(world.net.sent[1].at - world.net.sent[0].at <= row.latest);
        }
    }
}

TEST_CASE("in a storm of 429 the most severe goes first and the lane slows down") {
    CourierWorld world;
    int budget = 0;
    world.net.peers["pager"] = [&](const ScriptedNet::Sent&) {
        return std::pair{budget-- > 0 ? status(202) : status(429, 10), Duration(milliseconds(1))};
    };
    world.courier->load({pager("pager")});
    for (std::uint64_t incident = 1; incident <= 100; ++incident) {
        (void)world.order("pager", incident, Action::page, Severity::minor);
    }
    std::vector<std::uint64_t> critical;
    for (std::uint64_t incident = 101; incident <= 104; ++incident) {
        critical.push_back(world.order("pager", incident, Action::page, Severity::critical).id);
    }
    world.runtime.run_for(minutes(5));
    CHECK(world.net.sent.size() <= 4 + 31);  // one knock per pause, not one per incident
    budget = 4 + 4;  // those already committed as sending may share a worker with a critical one
    world.runtime.run_for(seconds(30));
    for (const std::uint64_t id : critical) CHECK(world.state(id) == DeliveryState::done);
}

TEST_CASE("a rate limit of its own keeps a part for critical pages") {
    CourierWorld world;
    auto row = pager("pager", 1);
    row.sends_per_minute = 10;
    world.courier->load({row});
    for (std::uint64_t n = 1; n <= 50; ++n) (void)world.order("pager", n);
    world.runtime.run_for(seconds(10));
    CHECK(world.net.sent.size() == 8);
    const auto critical = world.order("pager", 99, Action::page, Severity::critical);
    world.runtime.run_for(seconds(1));
    CHECK(world.state(critical.id) == DeliveryState::done);
    world.runtime.run_for(minutes(10));
    CHECK(world.unfinished() == 0);
}

TEST_CASE("a dead peer is probed, not hammered, by a thousand incidents, and then drains") {
    CourierWorld world;
    bool down = true;
    world.net.peers["pager"] = [&](const ScriptedNet::Sent&) {
        return std::pair{down ? unreachable() : status(202), Duration(milliseconds(1))};
    };
    world.courier->load({pager("pager")});
    for (std::uint64_t incident = 1; incident <= 1'000; ++incident)
        (void)world.order("pager", incident);
    world.runtime.run_for(hours(1));
    CHECK(world.courier->statistics()[0].peer_failing);
    CHECK(world.net.sent.size() < 300);
    CHECK(world.net.sent.size() > 110);  // at least one every half minute
    down = false;
    world.runtime.run_for(seconds(40));
    CHECK(world.unfinished() == 0);
    CHECK_FALSE(world.courier->statistics()[0].peer_failing);
}

TEST_CASE("a refusal for good is told at once, and the next of the incident goes on") {
    CourierWorld world;
    world.net.peers["pager"] = once(status(401));
    world.courier->load({pager("pager")});
    const auto refused = world.order("pager", 1);
    const auto next = world.order("pager", 1, Action::resolve_page);
    world.runtime.run_for(seconds(1));
    REQUIRE(world.failures.size() == 1);
    CHECK(world.failures[0].permanent);
    CHECK(world.state(refused.id) == DeliveryState::dead);
    CHECK(world.state(next.id) == DeliveryState::done);
    CHECK(world.courier->statistics()[0].dead == 1);
}

TEST_CASE("trouble is told when it begins and when its reason changes, and a page lives a day") {
    CourierWorld world;
    world.net.peers["pager"] = [&](const ScriptedNet::Sent& sent) {
        const bool early = sent.at < world_start + hours(1);
        return std::pair{early ? unreachable() : status(500), Duration(milliseconds(1))};
    };
    world.courier->load({pager("pager")});
    const auto page = world.order("pager", 1);
    world.runtime.run_for(hours(23));
    REQUIRE(world.failures.size() == 2);
    CHECK(world.failures[0].reason == "not reached: connection refused");
    CHECK(world.failures[1].reason == "answered 500");
    CHECK(world.courier->statistics()[0].oldest_undelivered_page == world_start);
    world.runtime.run_for(hours(2));
    CHECK(world.state(page.id) == DeliveryState::dead);
    REQUIRE(world.failures.size() == 3);
    CHECK(world.failures[2].reason == "not delivered within a day: answered 500");
}

TEST_CASE("after a reload the old sink judges what it sent, and the new one sends the rest") {
    CourierWorld world;
    world.net.peers["old"] = always(status(503), seconds(2));
    auto before = pager("pager", 1);
    before.sink = std::make_shared<KeySink>("old");
    world.courier->load({before});
    const auto page = world.order("pager", 1);
    const auto queued = world.order("pager", 2);
    world.runtime.run_for(seconds(1));
    auto after = pager("pager", 4);
    after.sink = std::make_shared<KeySink>("new");
    world.courier->load({after});
    world.runtime.run_for(seconds(10));
    CHECK(world.net.keys("old") == Keys{page.key});
    CHECK(world.net.keys("new").size() == 2);
    CHECK(world.state(page.id) == DeliveryState::done);
    CHECK(world.state(queued.id) == DeliveryState::done);
}

TEST_CASE("the deliveries of an integration that is gone are dead, with the reason") {
    CourierWorld world;
    world.net.peers["pager"] = always(status(503), seconds(2));
    world.courier->load({pager("pager", 1)});
    (void)world.order("pager", 1);
    for (std::uint64_t n = 2; n <= 5; ++n) (void)world.order("pager", n);
    (void)world.order("pager", 5, Action::resolve_page);
    world.courier->load({});
    world.runtime.run_for(seconds(1));
    CHECK(world.unfinished() == 1);  // under way: its answer counts
    world.runtime.run_for(seconds(2));
    CHECK(world.unfinished() == 0);
    CHECK(world.failures.back().reason == "integration pager is no longer configured");
    CHECK(world.courier->statistics().empty());
    (void)world.order("never-heard-of", 9);
    world.runtime.run_for(seconds(1));
    CHECK(world.unfinished() == 0);
}

TEST_CASE("draining waits for what is under way and its commit, and starts nothing") {
    CourierWorld world;
    world.net.peers["pager"] = always(status(202), seconds(2));
    world.courier->load({pager("pager", 1), pager("idle")});
    const auto page = world.order("pager", 1);
    const auto queued = world.order("pager", 2);
    int done = 0;
    world.courier->drain([&] { ++done; });
    world.runtime.run_for(seconds(1));
    CHECK(done == 0);
    world.runtime.run_for(seconds(2));
    CHECK(done == 1);
    CHECK(world.state(page.id) == DeliveryState::done);
    CHECK(world.state(queued.id) == DeliveryState::ready);
    world.runtime.run_for(minutes(1));
    CHECK(done == 1);
}

TEST_CASE("draining ends although the store fails") {
    CourierWorld world;
    world.courier->load({pager("pager", 1)});
    (void)world.order("pager", 1);
    world.store_failing = true;
    bool done = false;
    world.courier->drain([&] { done = true; });
    world.runtime.run_for(seconds(5));
    CHECK(done);
}
