#pragma once
// Supervision: whether a pager works, who is asked next, and whether anybody answers at all.

#include <optional>
#include <string>

#include "core/draft.hpp"

namespace tocsin::core {

/// Has at least one pager been asked, and has nobody acknowledged yet?
[[nodiscard]] bool is_asking(const Incident& incident);

/// Asks the pager in the way that it works: one page for a service, level by level for persons.
void ask_pager(Draft& draft, Incident& incident, const Pager& pager, const std::string& text);

/// The next pager of `use.page`, too, if the latest one cannot be reached, refuses, does not show
/// the page, or has brought no acknowledgement (design §5 "Pages"). A chain does not go round.
/// True if one was asked: it may fail at once as well.
bool ask_next_pager_if_due(Draft& draft, Incident& incident);
[[nodiscard]] std::optional<Instant> next_pager_due(const Ruleset& rules, const Incident& incident);

/// Writes down, once until an acknowledgement, that everybody was asked in vain, or that no pager
/// reaches anybody (`Incident::unanswered_since`): what an outside monitor must see.
void mark_unanswered_if_due(Draft& draft, Incident& incident);
[[nodiscard]] std::optional<Instant> unanswered_due(const Ruleset& rules, const Incident& incident);

}  // namespace tocsin::core
