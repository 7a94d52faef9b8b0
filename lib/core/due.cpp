// Computes each record's own timer.
#include "core/due.hpp"

#include "core/evaluations.hpp"
#include "core/incidents.hpp"
#include "core/judging.hpp"
#include "core/paging.hpp"

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
    std::optional<Instant> next = retire_due(state.ruleset->policy, incident);
    consider(next, next_page_due(state.ruleset->policy, incident));
    return next;
}

std::optional<Instant> due(const State&, const RuleHealth& health) {
    return no_data_due(health);
}

}  // namespace tocsin::core
