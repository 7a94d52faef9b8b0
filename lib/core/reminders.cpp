// When a word is missing, and what is done about it.
#include "core/reminders.hpp"

namespace tocsin::core {

void heard_from(Draft& draft, Incident& incident) {
    incident.last_word_at = draft.now();
    incident.reminders = 0;
}

void remind_if_due(Draft&, Incident&) {}

std::optional<Instant> reminder_due(const Ruleset&, const Incident&) {
    return std::nullopt;
}

}  // namespace tocsin::core
