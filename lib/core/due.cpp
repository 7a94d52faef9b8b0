// Computes each record's own timer.
#include "core/due.hpp"

#include "core/aftermath.hpp"
#include "core/communication.hpp"
#include "core/evaluations.hpp"
#include "core/incidents.hpp"
#include "core/judging.hpp"
#include "core/maintenance.hpp"
#include "core/monitoring.hpp"
#include "core/paging.hpp"
#include "core/reminders.hpp"
#include "core/rota.hpp"

namespace tocsin::core {
namespace {

void consider(std::optional<Instant>& next, std::optional<Instant> due) {
    if (due && (!next || *due < *next)) next = due;
}

}  // namespace

std::optional<Instant> due(const State& state, const Signal& signal) {
    // Series are judged when their expression is evaluated, never in between.
    if (signal.kind != SignalKind::alert && signal.kind != SignalKind::condition) {
        return std::nullopt;
    }
    std::optional<Instant> next;
    if (signal.firing && signal.leased) next = signal.ends_at;
    for (const Track& track : signal.tracks) {
        if (track.since.empty() && !track.clear_since) continue;
        const Rule* rule = state.ruleset->find(state.symbols.text(track.rule));
        if (rule != nullptr) consider(next, next_track_due(*rule, track));
    }
    return next;
}

std::optional<Instant> due(const State& state, const Incident& incident) {
    std::optional<Instant> next = aftermath_due(*state.ruleset, incident);
    if (!is_open(incident.state)) return next;
    consider(next, incident.notify_at);
    consider(next, paging_due(*state.ruleset, incident));
    consider(next, reminder_due(*state.ruleset, incident));
    consider(next, communication_reminder_due(*state.ruleset, incident));
    consider(next, look_due(*state.ruleset, incident));
    return next;
}

std::optional<Instant> due(const State&, const RuleHealth& health) {
    return no_data_due(health);
}

std::optional<Instant> due(const State& state, const Window& window) {
    return window_due(*state.ruleset, window);
}

std::optional<Instant> due(const State& state, const Rota& rota) {
    return rota_due(*state.ruleset, rota);
}

}  // namespace tocsin::core
