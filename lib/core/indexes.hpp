#pragma once
// The indexes of State: how each record is entered into them and taken out again.

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/state.hpp"

namespace tocsin::core {

/// Identity of an alert (source, fingerprint) or a series (rule, source, fingerprint) as one
/// number.
[[nodiscard]] std::uint64_t identity(SignalKind kind, Symbol owner_rule, Symbol source,
                                     std::uint64_t fingerprint);
/// The signal with exactly this identity, or 0.
[[nodiscard]] std::uint64_t find_signal(const State& state, SignalKind kind, Symbol owner_rule,
                                        Symbol source, std::uint64_t fingerprint);

void index_signal(State& state, const Signal& signal);
void unindex_signal(State& state, const Signal& signal);
void index_incident(State& state, const Incident& incident);
void unindex_incident(State& state, const Incident& incident);
void index_delivery(State& state, const Delivery& delivery);
void unindex_delivery(State& state, const Delivery& delivery);
void index_health(State& state, const RuleHealth& health);
void unindex_health(State& state, const RuleHealth& health);
void unindex(State& state, const Record& record);
/// Takes the record out of State (its indexes must be gone already).
void displace(State& state, const Record& record);

/// Recomputes when the record next has something to do.
void refresh_due(State& state, Table table, std::uint64_t id);
/// Of every record: after the rules that timers are computed from have changed.
void refresh_all_due(State& state);

}  // namespace tocsin::core
