#pragma once
// Monitoring: the fix is in place; look every so often whether it holds (handbook H-61).

#include <optional>
#include <string>
#include <vector>

#include "core/draft.hpp"
#include "core/event.hpp"
#include "core/ladder.hpp"

namespace tocsin::core {

/// A look waits so long for the next complete answers of its rules (longer for rules that are asked
/// more rarely); then it could not look.
inline constexpr Duration look_waits = minutes(2);

/// A person says that the fix is in place, or every signal has cleared (`by` is "tocsin", and the
/// lead is told).
void start_monitoring(Draft& draft, Incident& incident, const std::string& by,
                      const std::string& text);

/// It was not: back to `active`, for the reason in `text`; announced, and the lead is told.
void resume(Draft& draft, Incident& incident, const std::string& text,
            std::optional<double> value = std::nullopt);

/// A signal holds while the incident is in `monitoring`: back to `active`. One that was part of it
/// before (`newly` false) is left to the first look: the fix has that long to act.
void resume_if_monitoring(Draft& draft, std::uint64_t incident, const Signal& signal,
                          const Reading& reading, const Decision& decision, bool newly);

/// Looks that are due: the values of the incident's signals go on the timeline; a breach makes it
/// active again; enough clean looks in a row propose closing, and again each working day.
void look_if_due(Draft& draft, Incident& incident);
/// The incident is open.
[[nodiscard]] std::optional<Instant> look_due(const Ruleset& rules, const Incident& incident);

/// Answers of the rule have just been judged, with their sources' labels added: looks that waited
/// for its values are made.
void look_at_answers(Draft& draft, const Rule& rule, const std::vector<SourceAnswer>& answers);

}  // namespace tocsin::core
