// Who goes next: order per incident, rank across incidents, isolation between integrations.

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

/// A peer that does not answer in time.
std::pair<Answer, Duration> hang(const ScriptedNet::Sent&) {
    return {status(200), hours(1)};
}

}  // namespace

TEST_CASE("an effect whose lane is free leaves at once, without a commit of its own") {
    CourierWorld world;
    world.courier->load({pager("pager")});
    const core::Effect page = world.order("pager", 7);
    CHECK(world.state(page.id) == DeliveryState::sending);
    REQUIRE(world.net.sent.size() == 1);
    CHECK(world.net.sent[0].key == page.key);
    CHECK(world.net.sent[0].lane == "pager/3");
    CHECK(world.reports == 0);
    world.runtime.run_for(seconds(1));
    CHECK(world.state(page.id) == DeliveryState::done);
    CHECK(world.courier->statistics()[0].accepted == 1);
    CHECK(world.courier->statistics()[0].queued == 0);
}

TEST_CASE("what has to wait is sent only after its start is committed") {
    CourierWorld world;
    world.commit_takes = milliseconds(50);
    world.courier->load({pager("pager", 1)});
    (void)world.order("pager", 1);
    const core::Effect second = world.order("pager", 2);
    CHECK(world.state(second.id) == DeliveryState::ready);
    world.runtime.run_for(milliseconds(2));  // the first was answered, the start is reported
    CHECK(world.net.sent.size() == 1);
    world.runtime.run_for(milliseconds(49));
    CHECK(world.state(second.id) == DeliveryState::sending);
    CHECK(world.net.sent.size() == 2);
}

TEST_CASE("a yes counts against the next question and lapses with the task") {
    CourierWorld world;
    world.courier->load({pager("pager", 2)});
    CHECK(world.courier->would_send_now(world.effect("pager", 1)));
    CHECK_FALSE(world.courier->would_send_now(world.effect("pager", 3)));  // the same worker
    CHECK(world.courier->would_send_now(world.effect("pager", 2)));
    CHECK_FALSE(world.courier->would_send_now(world.effect("pager", 1)));
    CHECK_FALSE(world.courier->would_send_now(world.effect("unknown", 4)));
    world.runtime.run_until_idle();
    CHECK(world.courier->would_send_now(world.effect("pager", 3)));
}

TEST_CASE("one incident's deliveries keep their order, one at a time, through failures") {
    CourierWorld world;
    int calls = 0;
    world.net.peers["pager"] = [&](const ScriptedNet::Sent&) {
        return std::pair{++calls <= 5 ? status(503) : status(202), Duration(milliseconds(5))};
    };
    world.courier->load({pager("pager")});
    const auto page = world.order("pager", 7, Action::page);
    const auto acknowledge = world.order("pager", 7, Action::acknowledge_page);
    const auto resolve = world.order("pager", 7, Action::resolve_page);
    world.runtime.run_for(minutes(5));
    const Keys expected{page.key, page.key, page.key,        page.key,
                        page.key, page.key, acknowledge.key, resolve.key};
    CHECK(world.net.keys("pager") == expected);
    CHECK(world.unfinished() == 0);
    REQUIRE(world.failures.size() == 1);  // the reason never changed
    CHECK(world.failures[0].reason == "answered 503");
    CHECK_FALSE(world.failures[0].permanent);
}

TEST_CASE("across incidents pages go first, then the more severe, then the older") {
    CourierWorld world;
    world.courier->load({pager("pager", 1)});
    const auto busy = world.order("pager", 1, Action::update, Severity::minor);
    const auto update = world.order("pager", 2, Action::update, Severity::critical);
    const auto old_major = world.order("pager", 3, Action::page, Severity::major);
    world.runtime.run_for(Duration(10));
    const auto new_major = world.order("pager", 4, Action::page, Severity::major);
    const auto critical = world.order("pager", 5, Action::page, Severity::critical);
    const auto resolve = world.order("pager", 6, Action::resolve_page, Severity::minor);
    world.runtime.run_for(seconds(1));
    const Keys expected{busy.key,      critical.key, old_major.key,
                        new_major.key, resolve.key,  update.key};
    CHECK(world.net.keys("pager") == expected);
}

TEST_CASE("a page behind a message of its incident makes the message urgent") {
    CourierWorld world;
    bool down = true;
    world.net.peers["mail"] = [&](const ScriptedNet::Sent&) {
        return std::pair{down ? unreachable() : status(200), Duration(milliseconds(1))};
    };
    world.courier->load({pager("mail", 1)});
    (void)world.order("mail", 1, Action::update);
    world.runtime.run_for(hours(1));  // its backoff has grown to minutes
    const auto page = world.order("mail", 1, Action::page);
    down = false;
    world.runtime.run_for(core::limits::page_retry_after_max + seconds(31));
    CHECK(world.state(page.id) == DeliveryState::done);
}

TEST_CASE("integrations do not hold each other up, whatever one of them does") {
    struct Row {
        const char* sentence;
        ScriptedNet::Peer peer;
    };
    const Row rows[] = {
        {"it hangs", hang},
        {"it is unreachable",
         [](const auto&) {
             return std::pair{unreachable(), Duration(1)};
         }},
        {"it is slow",
         [](const auto&) {
             return std::pair{status(200), Duration(seconds(9))};
         }},
        {"it refuses",
         [](const auto&) {
             return std::pair{status(401), Duration(1)};
         }},
        {"it is rate limited",
         [](const auto&) {
             return std::pair{status(429, 3600), Duration(1)};
         }},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        CourierWorld world;
        world.net.peers["bad"] = row.peer;
        world.courier->load({pager("bad"), pager("good", 1)});
        for (std::uint64_t incident = 1; incident <= 20; ++incident) {
            (void)world.order("bad", incident);
            (void)world.order("good", incident);
        }
        world.runtime.run_for(milliseconds(100));
        CHECK(world.courier->statistics()[1].accepted == 20);
    }
}

TEST_CASE("while one incident's request hangs, other workers of the lane go on") {
    CourierWorld world;
    world.net.peers["pager"] = [](const ScriptedNet::Sent& sent) {
        return sent.lane == "pager/1" ? std::pair{status(200), Duration(hours(1))}
                                      : std::pair{status(200), Duration(milliseconds(1))};
    };
    world.courier->load({pager("pager")});
    for (std::uint64_t incident = 1; incident <= 4; ++incident)
        (void)world.order("pager", incident);
    world.runtime.run_for(seconds(1));
    CHECK(world.unfinished() == 1);
    CHECK(world.net.lanes_unshared);
}

TEST_CASE("what was overtaken before it was sent is not sent") {
    CourierWorld world;
    world.courier->load({pager("pager", 1)});
    const auto first = world.order("pager", 1);
    const auto overtaken = world.order("pager", 2);
    const auto third = world.order("pager", 2, Action::resolve_page);
    world.courier->drop(overtaken.id);
    world.courier->drop(first.id);  // is on its way: ignored
    world.courier->drop(4711);
    world.runtime.run_for(seconds(1));
    CHECK(world.net.keys("pager") == Keys{first.key, third.key});
}

TEST_CASE("a drop told in the batch that commits the start still comes first") {
    CourierWorld world;
    world.courier->load({pager("pager", 1)});
    (void)world.order("pager", 1);
    const auto overtaken = world.order("pager", 2);
    world.runtime.run_for(milliseconds(1) + milliseconds(1) - Duration(1));
    // The start of the second is reported and is about to be committed: drop it in that very task.
    world.runtime.at(world.runtime.now() + Duration(1), [&] { world.courier->drop(overtaken.id); });
    world.runtime.run_for(seconds(1));
    CHECK(world.net.keys("pager").size() == 1);
    CHECK(world.courier->statistics()[0].queued == 0);
    const auto next = world.order("pager", 3);  // the worker is free again
    world.runtime.run_for(seconds(1));
    CHECK(world.state(next.id) == DeliveryState::done);
}

TEST_CASE("an effect that a sink cannot send is dead, one that it has no use for is done") {
    CourierWorld world;
    world.courier->load({pager("pager")});
    core::Effect impossible = world.effect("pager", 1);
    impossible.text = "impossible";
    core::Effect nothing = world.effect("pager", 2);
    nothing.text = "nothing";
    (void)world.order(impossible);
    (void)world.order(nothing);
    world.runtime.run_for(seconds(1));
    CHECK(world.state(impossible.id) == DeliveryState::dead);
    CHECK(world.failures[0].reason == "cannot be sent");
    CHECK(world.state(nothing.id) == DeliveryState::done);
    CHECK(world.net.sent.empty());
}
