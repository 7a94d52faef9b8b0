#pragma once
// Rules, windows and plans that the tests of maintenance share.

#include <string>
#include <utility>
#include <vector>

#include "core/maintenance.hpp"
#include "support/world.hpp"

namespace tocsin::core::testing {

inline Rule disk_rule() {
    Rule rule = alert_rule("disk-full", "alertname=\"DiskFull\"", Severity::major, {"instance"});
    rule.component = "ingestion";
    return rule;
}

inline Rule loss_rule() {
    Rule rule = alert_rule("events-lost", "alertname=\"EventsLost\"", Severity::critical);
    rule.component = "ingestion";
    rule.never_suppress = true;
    return rule;
}

/// For hours, from two hours after the world's beginning on, in region us.
inline PlanMaintenance upgrade(const World& world) {
    return {.name = "kafka-upgrade",
            .from = world.now + hours(2),
            .to = world.now + hours(4),
            .match = Labels{{"region", "us"}},
            .rules = {},
            .announcement = "https://example.com/announcements/7"};
}

inline StepOutcome plan(World& world, const PlanMaintenance& wish) {
    return world.send(CommandGiven{0, "engineer-a", wish});
}

/// A world inside a window that was announced two hours before it began.
inline World inside(std::vector<Rule> rules = {disk_rule(), loss_rule(), lag_rule()}) {
    World world(std::move(rules));
    plan(world, upgrade(world));
    world.pass(hours(2) + minutes(30));
    return world;
}

inline AlertSeen disk_full(World& world,
                           Labels labels = Labels{{"region", "us"}, {"instance", "b1"}}) {
    return world.alert("DiskFull", std::move(labels));
}

inline Window named(const World& world, const std::string& name) {
    Window found;
    for (const auto& [id, window] : world.windows) {
        if (window.name == name) found = window;
    }
    return found;
}

inline std::vector<std::string> texts(const World& world) {
    std::vector<std::string> found;
    for (const Effect& effect : world.effects) {
        if (effect.action == Action::update && effect.incident.number == 0) {
            found.push_back(effect.text);
        }
    }
    return found;
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

inline Policy announcing() {
    Policy policy = World::default_policy();
    policy.announce = {"chat"};
    return policy;
}

inline Policy with_window(PlannedWindow window) {
    Policy policy = announcing();
    policy.maintenance = {std::move(window)};
    return policy;
}

inline PlannedWindow nightly(std::vector<Interval> occurrences) {
    return {.name = "nightly",
            .occurrences = std::move(occurrences),
            .match = Labels{{"region", "us"}},
            .rules = {},
            .announcement = "https://example.com/announcements/8",
            .by = "engineer-a"};
}

}  // namespace tocsin::core::testing
