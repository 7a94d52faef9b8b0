#pragma once
// Rota: the note to whoever takes over the shift, and the morning's list of what closed by itself.

#include <optional>

#include "core/draft.hpp"

namespace tocsin::core {

/// After a reload: the first one makes the row, from whose instant on hand-overs are noted.
void start_rota(Draft& draft);
/// Tells who comes on call what is open, and at the beginning of working hours what has closed by
/// itself since the last list. A quiet shift change tells nobody.
void wake_rota(Draft& draft, Rota& rota);
[[nodiscard]] std::optional<Instant> rota_due(const Ruleset& rules, const Rota& rota);

/// An incident that nobody acknowledged has closed by itself (design §5 "All clear").
void list_cleared(Draft& draft, const Incident& incident);

/// May this owner of a verdict be told again? A rule tells of one incident key once an hour, so
/// that a storm of what is no incident is one notice.
[[nodiscard]] bool may_tell_again(Draft& draft, const std::string& key);

/// `INC-7 major active, led by engineer-a: title`, for lists of incidents in notices.
[[nodiscard]] std::string line_about(const Incident& incident);

}  // namespace tocsin::core
