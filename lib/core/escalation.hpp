#pragma once
// Escalation: persons are asked level by level, then everybody, round after round (handbook H-73).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/draft.hpp"
#include "core/pages.hpp"

namespace tocsin::core {

/// Does this pager ask people of the on-call file? Else it gets one page for nobody in particular.
[[nodiscard]] bool asks_people(const Ruleset& rules, const Pager& pager);

/// Whom it asks first: the people of the first level of whom it reaches somebody, else everybody.
[[nodiscard]] std::vector<Recipient> first_asked(const Ruleset& rules, const Pager& pager,
                                                 Instant at);

/// Null while the pager asks nobody by levels.
[[nodiscard]] const Escalation* find_escalation(const Incident& incident,
                                                std::string_view integration);

/// Asks the first level's people. A level of whom the pager reaches nobody is passed at once, and
/// behind the last one everybody is asked.
void begin_escalation(Draft& draft, Incident& incident, const Pager& pager,
                      const std::string& text);

/// The next level, the next round of everybody, or whoever came on call meanwhile. True if one of
/// them was due: another may be, too.
bool escalate_if_due(Draft& draft, Incident& incident);
/// Whoever the levels asked so far consist of now, and did not before.
void ask_newcomers(Draft& draft, Incident& incident);
[[nodiscard]] std::optional<Instant> escalation_due(const Ruleset& rules, const Incident& incident);

}  // namespace tocsin::core
