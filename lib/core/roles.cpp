// People join an incident by rule, by command, and by leading it.
#include "core/roles.hpp"

#include "core/paging.hpp"

namespace tocsin::core {

void involve_by_rule(Draft&, Incident&) {}

void tell_involved_if_due(Draft&, Incident&) {}

void tell_of_verdict(Draft&, const Rule&, const Verdict&) {}

void set_lead(Draft& draft, Incident& incident, const std::string& person, const std::string& by) {
    if (incident.lead == person) return;
    incident.lead = person;
    draft.note(incident.number, by, "lead", person + " leads");
    announce(draft, incident, person + " leads");
}

void involve(Draft& draft, Incident&, const std::string&, const Involve&) {
    draft.refuse("conflict", "involve is not there yet");
}

}  // namespace tocsin::core
