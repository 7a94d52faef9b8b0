// Hands each event to the part of the core that it concerns; the engine's table of contents.
#include "core/step.hpp"

#include "base/check.hpp"
#include "base/match.hpp"
#include "core/aftermath.hpp"
#include "core/alerts.hpp"
#include "core/commands.hpp"
#include "core/communication.hpp"
#include "core/condition.hpp"
#include "core/deliveries.hpp"
#include "core/evaluations.hpp"
#include "core/incidents.hpp"
#include "core/indexes.hpp"
#include "core/judging.hpp"
#include "core/limits.hpp"
#include "core/maintenance.hpp"
#include "core/monitoring.hpp"
#include "core/paging.hpp"
#include "core/reload.hpp"
#include "core/reminders.hpp"
#include "core/roles.hpp"
#include "core/rota.hpp"

namespace tocsin::core {
namespace {

// The rules that cannot be judged while this source is silent, for the people who are paged.
std::string blind_rules(const Ruleset& rules, const std::string& source) {
    constexpr std::size_t named_max = 8;
    std::string names;
    std::size_t count = 0;
    for (const Rule& rule : rules.rules) {
        for (const std::string& used : rule.sources) {
            if (used != source) continue;
            if (++count <= named_max) names += (names.empty() ? "" : ", ") + rule.name;
        }
    }
    if (count == 0) return {};
    if (count > named_max) names += " and " + std::to_string(count - named_max) + " more";
    return "; blind: " + names;
}

void handle(Draft& draft, const SourceSilent& silent) {
    std::string detail = silent.detail + " since " + format_rfc3339(silent.since) +
                         blind_rules(draft.rules(), silent.source);
    set_condition(draft, condition_source, silent.source, true, detail);
}

void handle(Draft& draft, const SenderRejected& rejected) {
    // Nothing says when a refused sender is whole again: the condition holds for this instant, and
    // its incident clears when no refusal has followed for a while.
    std::string detail = rejected.sender + ": " + rejected.detail;
    set_condition(draft, condition_intake, rejected.what, true, detail);
    set_condition(draft, condition_intake, rejected.what, false, {});
}

void wake_incident(Draft& draft, Incident& incident) {
    continue_aftermath(draft, incident);
    if (!is_open(incident.state)) return;
    tell_involved_if_due(draft, incident);
    continue_paging(draft, incident);
    remind_if_due(draft, incident);
    remind_of_communication_if_due(draft, incident);
    look_if_due(draft, incident);
}

void wake(Draft& draft, Table table, std::uint64_t id) {
    switch (table) {
        case Table::signals: {
            Signal& signal = draft.edit_signal(id);
            if (signal.kind == SignalKind::alert) return wake_alert(draft, signal);
            return wake_condition(draft, signal);
        }
        case Table::incidents: {
            return wake_incident(draft, draft.edit_incident(id));
        }
        case Table::windows:
            return wake_window(draft, draft.edit_window(id));
        case Table::rota:
            return wake_rota(draft, draft.edit_rota());
        case Table::rule_health:
            return report_no_data_if_due(draft, draft.edit_health(id));
        case Table::deliveries:
        case Table::timeline:
            break;
    }
    check(false);  // these have no timers
}

bool is_there(const State& state, const Due& entry) {
    switch (entry.table) {
        case Table::signals:
            return state.signals.contains(entry.id);
        case Table::incidents:
            return state.incidents.contains(entry.id);
        case Table::rule_health:
            return state.rule_health.contains(entry.id);
        case Table::windows:
            return state.windows.contains(entry.id);
        case Table::rota:
            return state.rota.contains(entry.id);
        case Table::deliveries:
        case Table::timeline:
            break;
    }
    return false;
}

void handle(Draft& draft, const Tick&) {
    std::vector<Due> due;
    for (const Due& entry : draft.state().due) {
        if (entry.at > draft.now() || due.size() == limits::ticks_per_batch_max) break;
        due.push_back(entry);
    }
    for (const Due& entry : due) {
        // One timer may have ended what another belonged to.
        if (is_there(draft.state(), entry)) wake(draft, entry.table, entry.id);
    }
}

}  // namespace

StepOutcome step(State& state, const Event& event, Instant now) {
    if (const auto* loaded = std::get_if<RulesLoaded>(&event)) {
        bool first = state.ruleset == nullptr;
        state.ruleset = loaded->ruleset;
        if (first) index(state);
    }
    Draft draft(state, now);
    match(
        event, [&](const AlertSeen& it) { see_alert(draft, it); },
        [&](const Evaluated& it) { see_evaluation(draft, it); },
        [&](const SourceSilent& it) { handle(draft, it); },
        [&](const SourceBack& it) { set_condition(draft, condition_source, it.source, false, {}); },
        [&](const AlertsListed& it) { reconcile(draft, it); },
        [&](const SenderRejected& it) { handle(draft, it); },
        [&](const DeliveryStarted& it) { delivery_started(draft, it); },
        [&](const Delivered& it) { delivered(draft, it); },
        [&](const DeliveryFailed& it) { delivery_failed(draft, it); },
        [&](const PageConfirmed& it) { page_confirmed(draft, it); },
        [&](const CommandGiven& it) { obey(draft, it); },
        [&](const RulesLoaded&) { rules_loaded(draft); },
        [&](const Tick& it) { handle(draft, it); });
    StepOutcome outcome = draft.finish();
    if (std::holds_alternative<RulesLoaded>(event)) refresh_all_due(state);
    return outcome;
}

std::optional<Instant> next_wakeup(const State& state) {
    if (state.due.empty()) return std::nullopt;
    return state.due.begin()->at;
}

void mark_sending(State& state, StepOutcome& outcome, std::uint64_t delivery) {
    auto held = state.deliveries.find(delivery);
    check(held != state.deliveries.end());
    held->second.state = DeliveryState::sending;
    for (Change& change : outcome.changes) {
        if (!change.after) continue;
        if (auto* row = std::get_if<Delivery>(&*change.after)) {
            if (row->effect.id == delivery) row->state = DeliveryState::sending;
        }
    }
}

}  // namespace tocsin::core
