// What follows the end of an incident, until it leaves memory.
#include "core/aftermath.hpp"

namespace tocsin::core {
namespace {

std::optional<Instant> release_due(const Policy& policy, const Incident& incident) {
    if (incident.retired || is_open(incident.state) || !incident.closed_at) return std::nullopt;
    return *incident.closed_at + policy.reopen_within;
}

}  // namespace

void start_aftermath(Draft&, Incident&) {}

void continue_aftermath(Draft& draft, Incident& incident) {
    std::optional<Instant> due = release_due(draft.policy(), incident);
    if (due && *due <= draft.now()) incident.retired = true;
}

std::optional<Instant> aftermath_due(const Ruleset& rules, const Incident& incident) {
    return release_due(rules.policy, incident);
}

void skip_analysis(Draft& draft, Incident&, const std::string&, const Skip&) {
    draft.refuse("conflict", "skip is not there yet");
}

}  // namespace tocsin::core
