#pragma once
// due(): when a record next has something to do by itself; timers are computed, never stored.

#include <optional>

#include "core/state.hpp"

namespace tocsin::core {

inline constexpr Duration no_data_reported_after = minutes(5);

[[nodiscard]] std::optional<Instant> due(const State& state, const Signal& signal);
[[nodiscard]] std::optional<Instant> due(const State& state, const Incident& incident);
[[nodiscard]] std::optional<Instant> due(const State& state, const RuleHealth& health);
[[nodiscard]] std::optional<Instant> due(const State& state, const Window& window);
[[nodiscard]] std::optional<Instant> due(const State& state, const Rota& rota);

}  // namespace tocsin::core
