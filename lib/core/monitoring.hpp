#pragma once
// Monitoring: the fix is in place; look every so often whether it holds (handbook H-61).

#include <optional>
#include <string>

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// A person says that the fix is in place, or every signal has cleared (`by` is "tocsin").
void start_monitoring(Draft& draft, Incident& incident, const std::string& by,
                      const std::string& text);

/// A signal holds again while the incident is in `monitoring`: back to `active`.
void resume_if_monitoring(Draft& draft, std::uint64_t incident, const Signal& signal);

/// Looks that are due: the values of the incident's signals go on the timeline; a breach makes it
/// active again; enough clean looks in a row propose closing.
void look_if_due(Draft& draft, Incident& incident);
/// The incident is open.
[[nodiscard]] std::optional<Instant> look_due(const Incident& incident);

/// A complete answer of the rule has just been judged: looks that waited for its values are made.
void look_at_answer(Draft& draft, const Rule& rule, const Evaluated& evaluated);

}  // namespace tocsin::core
