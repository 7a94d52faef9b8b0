#pragma once
// World: the engine with a hand-moved clock, checking its invariants after every single step.

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/indexes.hpp"
#include "core/step.hpp"
#include "support/sample_rules.hpp"

namespace tocsin::core::testing {

class World {
public:
    explicit World(std::vector<Rule> rules, Policy policy = default_policy()) {
        state.install_id = "install";
        load(std::move(rules), std::move(policy));
    }

    static Policy default_policy() {
        Policy policy;
        policy.instance = "prod";
        policy.pagers = {{"pager", Reach::service}, {"mail", Reach::person}};
        return policy;
    }

    void load(std::vector<Rule> rules, Policy policy = default_policy()) {
        auto ruleset = std::make_shared<Ruleset>();
        ruleset->rules = std::move(rules);
        ruleset->policy = std::move(policy);
        ruleset->sources["us"] = Source{
            .name = "us", .kind = Source::Kind::prometheus, .labels = Labels{{"region", "us"}}};
        ruleset->sources["am"] = Source{.name = "am", .expect_alert = "Watchdog"};
        ruleset->index();
        send(RulesLoaded{ruleset});
    }

    /// Steps, checks that every index is right and that undoing would restore the state exactly.
    StepOutcome send(const Event& event) {
        State before = state;
        StepOutcome outcome = step(state, event, now);
        REQUIRE(is_consistent(state));
        State undone = state;
        undo(undone, outcome.changes, before.counters);
        undone.ruleset = before.ruleset;
        if (undone.ruleset != nullptr) refresh_all_due(undone);
        check_equal(undone, before);
        remember(outcome);
        return outcome;
    }

    void pass(Duration span) {
        Instant until = now + span;
        for (int i = 0; next_wakeup(state) && *next_wakeup(state) <= until; ++i) {
            REQUIRE_MESSAGE(i < 100'000, "timers fire without end");
            now = std::max(now, *next_wakeup(state));
            send(Tick{});
        }
        now = until;
    }

    /// Every page that is on its way is accepted by its peer.
    void accept_deliveries() {
        std::vector<std::uint64_t> ids;
        for (const auto& [id, delivery] : state.deliveries) ids.push_back(id);
        for (std::uint64_t id : ids) send(Delivered{id, ""});
    }

    AlertSeen alert(std::string name, Labels labels = {}, std::string source = "am") {
        return {.source = std::move(source),
                .labels = Labels{{"alertname", name}}.with_defaults(labels),
                .starts_at = now};
    }
    static AlertSeen resolved(AlertSeen alert, Instant at) {
        alert.firing = false;
        alert.ends_at = at;
        return alert;
    }
    void lag(double lag_seconds) {
        send(Evaluated{"ingestion-lag",
                       7,
                       now,
                       {SourceAnswer{.source = "us", .series = {{Labels{}, lag_seconds}}}}});
    }
    /// Evaluates every 15 s for the whole span, the first time at once.
    void lag_for(double lag_seconds, Duration span) {
        for (Instant until = now + span; now <= until; pass(seconds(15))) lag(lag_seconds);
    }
    void command(std::uint64_t incident, Command command) {
        last = send(CommandGiven{incident, "engineer-a", std::move(command)});
    }

    const Incident& incident(std::uint64_t number) { return history.at(number); }
    std::vector<std::string> pages() const { return keys(Action::page); }
    std::vector<std::string> keys(Action action) const {
        std::vector<std::string> found;
        for (const Effect& effect : effects) {
            if (effect.action == action) found.push_back(effect.integration + " " + effect.key);
        }
        return found;
    }
    const Verdict& verdict() const { return verdicts.back(); }

    State state;
    Instant now = start_of_time();
    std::vector<Effect> effects;
    std::vector<Verdict> verdicts;
    std::vector<TimelineEntry> timeline;
    std::map<std::uint64_t, Incident> history;  // latest row of every incident ever
    StepOutcome last;

private:
    static void check_equal(const State& got, const State& expected) {
        REQUIRE(got.signals == expected.signals);
        REQUIRE(got.incidents == expected.incidents);
        REQUIRE(got.deliveries == expected.deliveries);
        REQUIRE(got.rule_health == expected.rule_health);
        REQUIRE(got.counters == expected.counters);
        if (expected.ruleset != nullptr) REQUIRE(is_consistent(got));
    }

    void remember(const StepOutcome& outcome) {
        for (const Effect& effect : outcome.effects) {
            REQUIRE_MESSAGE(keys_.insert(effect.integration + effect.key).second,
                            "key used twice: " << effect.key);
            effects.push_back(effect);
        }
        verdicts.insert(verdicts.end(), outcome.verdicts.begin(), outcome.verdicts.end());
        for (const Change& change : outcome.changes) {
            if (!change.after) continue;
            if (const auto* entry = std::get_if<TimelineEntry>(&*change.after)) {
                timeline.push_back(*entry);
            }
            if (const auto* row = std::get_if<Incident>(&*change.after)) {
                history[row->number] = *row;
            }
        }
    }

    std::set<std::string> keys_;
};

}  // namespace tocsin::core::testing
