#pragma once
// A restart of the engine: the records that would be on the disk, in a state of their own.

#include "core/state.hpp"

namespace tocsin::support {

/// Everything that is stored and nothing that is derived; names inside signals are numbered anew.
/// The next RulesLoaded builds the indexes, as after a start.
inline core::State restarted(const core::State& state) {
    core::State fresh;
    fresh.counters = state.counters;
    fresh.install_id = state.install_id;
    const auto again = [&](core::Symbol symbol) {
        return fresh.symbols.intern(state.symbols.text(symbol));
    };
    for (const auto& [id, held] : state.signals) {
        core::Signal signal = held;
        signal.source = again(signal.source);
        signal.owner_rule = again(signal.owner_rule);
        for (core::Track& track : signal.tracks) track.rule = again(track.rule);
        core::place(fresh, core::Record(std::move(signal)));
    }
    const auto place_all = [&](const auto& records) {
        for (const auto& [id, record] : records) core::place(fresh, core::Record(record));
    };
    place_all(state.incidents);
    place_all(state.deliveries);
    place_all(state.rule_health);
    place_all(state.windows);
    place_all(state.rota);
    return fresh;
}

}  // namespace tocsin::support
