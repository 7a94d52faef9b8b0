#pragma once
// Rota: the note to whoever takes over the shift, and the morning's list of what closed by itself.

#include <optional>

#include "core/draft.hpp"

namespace tocsin::core {

/// After a reload: hand-overs are noted from now on.
void start_rota(Draft& draft);
/// Tells who comes on call what is open, and at the beginning of working hours what has closed by
/// itself since the last one.
void wake_rota(Draft& draft, Rota& rota);
[[nodiscard]] std::optional<Instant> rota_due(const Ruleset& rules, const Rota& rota);

/// An incident that nobody acknowledged has closed by itself.
void list_cleared(Draft& draft, const Incident& incident);

}  // namespace tocsin::core
