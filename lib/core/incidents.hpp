#pragma once
// Incidents: declared, joined, raised, reopened, cleared and ended (design §5).

#include <cstdint>
#include <string>

#include "core/draft.hpp"
#include "core/ladder.hpp"

namespace tocsin::core {

/// The open (or reopenable) incident of the rule's key and the signal's `per` values, which the
/// signal joins and may raise; else a new one, declared and paged. Returns its number.
std::uint64_t declare_or_join(Draft& draft, const Signal& signal, const Rule& rule,
                              const Reading& reading, const Decision& decision, Severity severity);

/// Severity rises by itself, in place, and pages anew; a lower or equal one changes nothing.
void raise(Draft& draft, std::uint64_t incident, const Signal& signal, const Rule& rule,
           const Reading& reading, const Decision& decision, Severity severity);

/// The same without a signal: for how long it has lasted (handbook H-29), or for what it takes in.
void raise_to(Draft& draft, Incident& incident, Severity severity, const std::string& why);

/// Every signal is clear: an unacknowledged or minor incident closes by itself, an acknowledged
/// major or critical one goes to `monitoring`.
void clear_if_over(Draft& draft, std::uint64_t incident);

/// Ends it as closed or declined: pages are resolved, announcements ordered. The signals that still
/// hold are spent if a person ended it.
void end_incident(Draft& draft, Incident& incident, IncidentState state, const std::string& by,
                  const std::string& text);

/// Its next episode begins: what belongs to one episode only starts empty.
void begin_episode(Draft& draft, Incident& incident);

/// What a person declares: active at once, led by who declared it, and paged.
Incident& declare_by_hand(Draft& draft, const std::string& by, const std::string& title,
                          Severity severity, const Labels& labels);

/// A person sets the severity, up (paged anew) or down.
void set_severity(Draft& draft, Incident& incident, Severity severity, const std::string& by,
                  const std::string& reason);

/// `ingestion{region="us"}`, `site`, `source/us` (conditions).
[[nodiscard]] std::string incident_key(const Rule& rule, const Labels& labels);

/// The rule's `summary` for this signal; without one, or when it cannot be expanded, the next best.
[[nodiscard]] std::string title_of(const Draft& draft, const Signal& signal, const Rule& rule,
                                   const Reading& reading);

}  // namespace tocsin::core
