#pragma once
// Aftermath: the analysis meeting 24-48 hours after closing, and who is reminded of it (H-64 …).

#include <optional>
#include <string>

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// The incident has just been closed: finds the meeting's time, and lets what needs none go.
void start_aftermath(Draft& draft, Incident& incident);

/// Reminders of the meeting that are due; releases the key after the reopening window, and retires
/// the incident when nothing more is to be done for it.
void continue_aftermath(Draft& draft, Incident& incident);
/// Nothing for an open or retired incident.
[[nodiscard]] std::optional<Instant> aftermath_due(const Ruleset& rules, const Incident& incident);

/// Command `skip`, on a closed incident: no meeting, for this reason.
void skip_analysis(Draft& draft, Incident& incident, const std::string& by, const Skip& wish);

}  // namespace tocsin::core
