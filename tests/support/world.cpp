// Drives the engine for its tests and checks what must hold after every step.
#include "support/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/indexes.hpp"

namespace tocsin::core::testing {
namespace {

void check_equal(const State& got, const State& expected) {
    REQUIRE(got.signals == expected.signals);
    REQUIRE(got.incidents == expected.incidents);
    REQUIRE(got.deliveries == expected.deliveries);
    REQUIRE(got.rule_health == expected.rule_health);
    REQUIRE(got.windows == expected.windows);
    REQUIRE(got.rota == expected.rota);
    REQUIRE(got.counters == expected.counters);
    if (expected.ruleset != nullptr) REQUIRE(is_consistent(got));
}

}  // namespace

World::World(std::vector<Rule> rules, Policy policy, Roster on_call) : roster(std::move(on_call)) {
    state.install_id = "install";
    load(std::move(rules), std::move(policy));
}

World::~World() = default;

Policy World::default_policy() {
    Policy policy;
    policy.instance = "prod";
    policy.pagers = {{"pager", Reach::service}, {"mail", Reach::person, Address::email}};
    return policy;
}

World World::with_roster(std::vector<Rule> rules, Policy policy) {
    return World(std::move(rules), std::move(policy), sample_roster());
}

void World::load(std::vector<Rule> rules, Policy policy, std::optional<Roster> people) {
    if (people) roster = *std::move(people);
    auto ruleset = std::make_shared<Ruleset>();
    ruleset->rules = std::move(rules);
    ruleset->policy = std::move(policy);
    ruleset->roster = roster;
    ruleset->sources["us"] =
        Source{.name = "us", .kind = Source::Kind::prometheus, .labels = Labels{{"region", "us"}}};
    ruleset->sources["am"] = Source{.name = "am", .expect_alert = "Watchdog"};
    ruleset->index();
    send(RulesLoaded{ruleset});
}

StepOutcome World::send(const Event& event) {
    return check_step([&] { return step(state, event, now); });
}

void World::act(std::uint64_t incident, const std::function<void(Draft&, Incident&)>& what) {
    check_step([&] {
        Draft draft(state, now);
        what(draft, draft.edit_incident(incident));
        return draft.finish();
    });
}

StepOutcome World::check_step(const std::function<StepOutcome()>& make) {
    State before = state;
    StepOutcome outcome = make();
    REQUIRE(is_consistent(state));
    State undone = state;
    undo(undone, outcome.changes, before.counters);
    undone.ruleset = before.ruleset;
    if (undone.ruleset != nullptr) refresh_all_due(undone);
    check_equal(undone, before);
    remember(outcome);
    return outcome;
}

void World::pass(Duration span) {
    Instant until = now + span;
    for (int i = 0; next_wakeup(state) && *next_wakeup(state) <= until; ++i) {
        REQUIRE_MESSAGE(i < 100'000, "timers fire without end");
        now = std::max(now, *next_wakeup(state));
        send(Tick{});
    }
    now = until;
}

void World::accept_deliveries() {
    std::vector<std::uint64_t> ids;
    for (const auto& [id, delivery] : state.deliveries) ids.push_back(id);
    for (std::uint64_t id : ids) send(Delivered{id, ""});
}

AlertSeen World::alert(std::string name, Labels labels, std::string source) {
    return {.source = std::move(source),
            .labels = Labels{{"alertname", name}}.with_defaults(labels),
            .starts_at = now};
}

AlertSeen World::resolved(AlertSeen alert, Instant at) {
    alert.firing = false;
    alert.ends_at = at;
    return alert;
}

void World::lag(double lag_seconds) {
    send(Evaluated{"ingestion-lag",
                   7,
                   now,
                   {SourceAnswer{.source = "us", .series = {{Labels{}, lag_seconds}}}}});
}

void World::lag_for(double lag_seconds, Duration span) {
    for (Instant until = now + span; now <= until; pass(seconds(15))) lag(lag_seconds);
}

void World::command(std::uint64_t incident, Command command) {
    last = send(CommandGiven{incident, "engineer-a", std::move(command)});
}

std::vector<std::string> World::keys(Action action) const {
    std::vector<std::string> found;
    for (const Effect& effect : effects) {
        if (effect.action == action) found.push_back(effect.integration + " " + effect.key);
    }
    return found;
}

void World::remember(const StepOutcome& outcome) {
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
        if (const auto* row = std::get_if<Window>(&*change.after)) windows[row->id] = *row;
    }
}

}  // namespace tocsin::core::testing
