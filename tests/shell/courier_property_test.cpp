// Seeded faults, crashes and reloads: nothing is lost, nothing leaves under two keys, order holds.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/courier_world.hpp"

using namespace tocsin;
using namespace tocsin::test;
using core::Action;
using core::DeliveryState;
using core::Severity;

namespace {

/// A world whose peers fail at random until it is told to stop.
struct Storm {
    explicit Storm(std::uint64_t seed_) : seed(seed_), dice(seed_ * 7 + 3), world(seed_ + 1) {
        for (const char* name : {"pager", "mail", "chat"}) {
            world.net.peers[name] = [this](const ScriptedNet::Sent& sent) { return serve(sent); };
        }
        world.courier->load(integrations());
    }
    std::vector<integrations::Integration> integrations() {
        return {pager("pager"), pager("mail", 1), pager("chat", 2, true)};
    }
    std::pair<Answer, Duration> serve(const ScriptedNet::Sent& sent) {
        const auto takes = Duration(milliseconds(1 + dice.below(20)));
        const std::uint64_t roll = faults ? dice.below(20) : 20;
        if (sent.url.ends_with(":find")) {
            if (roll == 0) return {status(500), takes};
            return {status(accepted.contains(sent.key) ? 200 : 404), takes};
        }
        if (roll == 0) return {unreachable(), takes};
        if (roll == 1) return {broken(), takes};
        if (roll == 2) return {status(503), takes};
        if (roll == 3) return {status(429, static_cast<int>(dice.below(5))), takes};
        if (roll == 4) return {status(200), hours(1)};  // hangs, was not taken
        ++accepted[sent.key];
        order[sent.url].push_back(sent.key);
        if (roll == 5) return {broken(), takes};  // was taken, the answer is lost
        return {status(202), takes};
    }
    void act() {
        const char* names[] = {"pager", "mail", "chat"};
        const std::uint64_t roll = dice.below(100);
        if (roll < 70) {
            const auto made = world.order(names[dice.below(3)], 1 + dice.below(30),
                                          static_cast<Action>(dice.below(4)),
                                          static_cast<Severity>(1 + dice.below(3)));
            incident_of[made.key] = made.incident.number;
            id_of[made.key] = made.id;
        } else if (roll < 75) {
            world.store_failing = !world.store_failing;
        } else if (roll < 78) {
            world.crash();
            world.restart(integrations());
        } else if (roll < 80) {
            world.courier->load(integrations());
        } else {
            world.runtime.run_for(milliseconds(dice.below(2'000)));
        }
    }
    std::uint64_t seed;
    shell::RandomSeeded dice;
    bool faults = true;
    CourierWorld world;
    std::map<std::string, int> accepted;
    std::map<std::string, std::vector<std::string>> order;
    std::map<std::string, std::uint64_t> incident_of;
    std::map<std::string, std::uint64_t> id_of;
};

/// First acceptances of one incident at one peer came in the order in which they were ordered.
bool in_order(const Storm& storm) {
    for (const auto& [url, keys] : storm.order) {
        std::map<std::uint64_t, std::uint64_t> latest;
        for (const std::string& key : keys) {
            std::uint64_t& last = latest[storm.incident_of.at(key)];
            const std::uint64_t id = storm.id_of.at(key);
            if (id < last) return false;
            last = id;
        }
    }
    return true;
}

}  // namespace

TEST_CASE(
    "under random faults, crashes and reloads every delivery arrives, in order, under its key") {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        CAPTURE(seed);
        Storm storm(seed);
        for (int n = 0; n < 200; ++n) storm.act();
        storm.faults = false;
        storm.world.store_failing = false;
        // Liveness: half a minute for the next probe, a minute for Retry-After, one hung request.
        storm.world.runtime.run_for(minutes(6));
        REQUIRE(storm.world.unfinished() == 0);
        for (const auto& [id, delivery] : storm.world.outbox) {
            REQUIRE(delivery.state == DeliveryState::done);
            REQUIRE(storm.accepted[delivery.effect.key] >= 1);
            // A peer that can be asked never takes anything twice.
            const bool chat = delivery.effect.integration == "chat";
            if (chat && delivery.effect.action != Action::page) {
                REQUIRE(storm.accepted[delivery.effect.key] == 1);
            }
        }
        REQUIRE(storm.accepted.size() == storm.world.outbox.size());
        REQUIRE(in_order(storm));
        REQUIRE(storm.world.net.lanes_unshared);
        for (const auto& lane : storm.world.courier->statistics()) {
            REQUIRE(lane.queued == 0);
            REQUIRE(lane.in_flight == 0);
        }
    }
}

TEST_CASE("the same seed gives the same requests at the same instants") {
    const auto log = [](std::uint64_t seed) {
        Storm storm(seed);
        for (int n = 0; n < 300; ++n) storm.act();
        std::string text;
        for (const auto& sent : storm.world.net.sent) {
            text += std::to_string(sent.at.time_since_epoch().count()) + sent.lane + sent.key;
        }
        return text;
    };
    CHECK(log(5) == log(5));
    CHECK(log(5) != log(6));
}

TEST_CASE("ten thousand incidents at once are delivered with a few reports and requests each") {
    CourierWorld world;
    world.courier->load({pager("pager")});
    for (std::uint64_t n = 1; n <= 10'000; ++n) (void)world.order("pager", n);
    CHECK(world.courier->statistics()[0].queued == 10'000);
    CHECK(world.courier->statistics()[0].in_flight <= 4);
    world.runtime.run_for(minutes(1));
    CHECK(world.unfinished() == 0);
    CHECK(world.net.sent.size() == 10'000);
    CHECK(world.reports <= 20'000);
}
