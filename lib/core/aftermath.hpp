#pragma once
// Aftermath: the analysis meeting 24-48 hours after closing, and who is reminded of it (H-64 …).

#include <optional>
#include <string>

#include "core/calendar.hpp"
#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// When people sit together, and whether that is later than the handbook's 48 hours.
struct Meeting {
    Interval span;
    bool late = false;
};

/// Half an hour that lies wholly inside working hours and between 24 and 48 hours after closing;
/// where there is none, the next working morning, late (handbook H-64, B14). `working_hours` empty:
/// always.
[[nodiscard]] Meeting meeting_after(const Calendar& working_hours, Instant closed_at);

/// The incident has just ended: finds the meeting's time and asks the raiser to schedule it, where
/// one is due (major and critical ones that a person has had in hand, merged ones excepted).
void start_aftermath(Draft& draft, Incident& incident);

/// Reminders of the meeting that are due; releases the key after the reopening window, and retires
/// the incident when nothing more is to be done for it.
void continue_aftermath(Draft& draft, Incident& incident);
/// Nothing for an open or retired incident.
[[nodiscard]] std::optional<Instant> aftermath_due(const Ruleset& rules, const Incident& incident);

/// Command `skip`, on a closed incident: no meeting, for this reason.
void skip_analysis(Draft& draft, Incident& incident, const std::string& by, const Skip& wish);

}  // namespace tocsin::core
