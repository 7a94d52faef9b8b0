#pragma once
// CourierWorld: a courier among scripted peers and an outbox that can fail, in simulated time.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/limits.hpp"
#include "shell/courier.hpp"
#include "shell/random.hpp"
#include "shell/runtime_simulated.hpp"
#include "support/scripted_net.hpp"

namespace tocsin::test {

inline const Instant world_start = Instant(hours(24 * 20'000));

/// The engine's part: an outbox on "disk", which survives crashes, and its answers to reports.
class CourierWorld {
public:
    explicit CourierWorld(std::uint64_t seed = 0)
        : runtime(world_start, seed), net(runtime), random(seed + 1) {
        start();
    }

    void start() {
        courier = std::make_unique<shell::Courier>(
            runtime, net, random,
            [this](core::Event event, shell::Committed then) { report(std::move(event), then); });
    }
    void crash() {
        courier.reset();
        runtime.clear();
        net.crash();
    }
    void restart(std::vector<integrations::Integration> integrations) {
        start();
        courier->load(std::move(integrations));
        for (const auto& [id, delivery] : outbox) {
            if (!core::is_final(delivery.state)) courier->resume(delivery);
        }
    }
    [[nodiscard]] core::Effect effect(const std::string& integration, std::uint64_t incident,
                                      core::Action action = core::Action::page,
                                      core::Severity severity = core::Severity::major) {
        core::Effect made;
        made.id = ++last_id;
        made.integration = integration;
        made.action = action;
        made.incident.number = incident;
        made.incident.severity = severity;
        made.ordered_at = runtime.now();
        made.key = "INC-" + std::to_string(incident) + "/" + std::to_string(made.id);
        return made;
    }
    /// Orders it as the engine does: as `sending` if its way is free.
    core::Effect order(core::Effect made) {
        core::Delivery delivery;
        delivery.effect = made;
        if (courier->would_send_now(made)) delivery.state = core::DeliveryState::sending;
        outbox[made.id] = delivery;
        courier->take(delivery);
        return made;
    }
    core::Effect order(const std::string& integration, std::uint64_t incident,
                       core::Action action = core::Action::page,
                       core::Severity severity = core::Severity::major) {
        return order(effect(integration, incident, action, severity));
    }
    [[nodiscard]] core::DeliveryState state(std::uint64_t id) const { return outbox.at(id).state; }
    [[nodiscard]] std::size_t unfinished() const {
        std::size_t count = 0;
        for (const auto& [id, delivery] : outbox) count += core::is_final(delivery.state) ? 0 : 1;
        return count;
    }

    shell::RuntimeSimulated runtime;
    ScriptedNet net;
    shell::RandomSeeded random;
    std::unique_ptr<shell::Courier> courier;
    std::map<std::uint64_t, core::Delivery> outbox;
    std::vector<core::DeliveryFailed> failures;
    std::uint64_t last_id = 0;
    std::size_t reports = 0;
    bool store_failing = false;
    Duration commit_takes = milliseconds(1);

private:
    void report(core::Event event, const shell::Committed& then) {
        ++reports;
        runtime.at(runtime.now() + commit_takes, [this, event = std::move(event), then] {
            if (!store_failing) commit(event);
            then(!store_failing);
        });
    }
    void commit(const core::Event& event) {
        if (const auto* started = std::get_if<core::DeliveryStarted>(&event)) {
            core::Delivery& delivery = outbox.at(started->id);
            if (delivery.state == core::DeliveryState::ready) {
                delivery.state = core::DeliveryState::sending;
            }
        } else if (const auto* done = std::get_if<core::Delivered>(&event)) {
            outbox.at(done->id).state = core::DeliveryState::done;
        } else if (const auto* failed = std::get_if<core::DeliveryFailed>(&event)) {
            failures.push_back(*failed);
            outbox.at(failed->id).error = failed->reason;
            if (failed->permanent) outbox.at(failed->id).state = core::DeliveryState::dead;
        }
    }
};

}  // namespace tocsin::test
