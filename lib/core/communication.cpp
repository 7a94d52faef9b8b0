// Drafts, reminders, and the words that have been published.
#include "core/communication.hpp"

namespace tocsin::core {

void communication_due(Draft& draft, std::uint64_t number) {
    if (draft.state().incidents.at(number).communication_due) return;
    Incident& incident = draft.edit_incident(number);
    incident.communication_due = draft.now();
    draft.note(number, "tocsin", "communication", "customer communication is due");
}

void remind_of_communication_if_due(Draft&, Incident&) {}

std::optional<Instant> communication_reminder_due(const Ruleset&, const Incident&) {
    return std::nullopt;
}

void publish(Draft& draft, Incident&, const std::string&, const Publish&) {
    draft.refuse("conflict", "statuspage is not there yet");
}

void set_banner(Draft& draft, Incident&, const std::string&, const SetBanner&) {
    draft.refuse("conflict", "banner is not there yet");
}

void ask_comms(Draft& draft, Incident&, const std::string&, const AskComms&) {
    draft.refuse("conflict", "comms is not there yet");
}

}  // namespace tocsin::core
