// From `monitoring` back to `active`, or on to a proposal to close.
#include "core/monitoring.hpp"

#include "core/paging.hpp"

namespace tocsin::core {

void start_monitoring(Draft& draft, Incident& incident, const std::string& by,
                      const std::string& text) {
    incident.state = IncidentState::monitoring;
    draft.note(incident.number, by, "monitoring", text);
    announce(draft, incident, text);
}

void resume_if_monitoring(Draft& draft, std::uint64_t number, const Signal& signal) {
    if (draft.state().incidents.at(number).state != IncidentState::monitoring) return;
    Incident& incident = draft.edit_incident(number);
    incident.state = IncidentState::active;
    std::string text = "active again: " + signal.labels.to_string() + " holds";
    draft.note(number, "tocsin", "active", text);
    announce(draft, incident, text);
}

void look_if_due(Draft&, Incident&) {}

std::optional<Instant> look_due(const Incident&) {
    return std::nullopt;
}

void look_at_answer(Draft&, const Rule&, const Evaluated&) {}

}  // namespace tocsin::core
