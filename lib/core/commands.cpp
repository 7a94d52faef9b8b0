// Carries out commands on open incidents.
#include "core/commands.hpp"

#include "base/match.hpp"
#include "core/aftermath.hpp"
#include "core/banner.hpp"
#include "core/closing.hpp"
#include "core/communication.hpp"
#include "core/incidents.hpp"
#include "core/maintenance.hpp"
#include "core/merging.hpp"
#include "core/monitoring.hpp"
#include "core/paging.hpp"
#include "core/reminders.hpp"
#include "core/roles.hpp"

namespace tocsin::core {
namespace {

bool require(Draft& draft, const std::string& text, const std::string& field,
             const std::string& why) {
    if (!text.empty()) return true;
    draft.refuse("missing", "`" + field + "` is needed: " + why, field);
    return false;
}

void obey(Draft& draft, Incident& incident, const std::string& by, const Acknowledge&) {
    bool live_page = paging_due(draft.rules(), incident).has_value();
    for (const Page& page : incident.pages) {
        live_page = live_page || (!page.acknowledged_at && !page.resolved_at);
    }
    if (incident.acknowledged_at && !live_page) return;
    if (!incident.acknowledged_at) {
        incident.acknowledged_at = draft.now();
        incident.acknowledged_by = by;
    }
    if (incident.state == IncidentState::triage) incident.state = IncidentState::active;
    const bool leads = incident.lead.empty();
    if (leads) incident.lead = by;
    draft.note(incident.number, by, "acknowledged", "acknowledged by " + by);
    if (leads) ask_to_hand_over(draft, incident);
    acknowledge_pages(draft, incident, "acknowledged by " + by);
    announce(draft, incident, "acknowledged by " + by);
}

void obey(Draft& draft, Incident& incident, const std::string& by, const Decline& decline) {
    if (!require(draft, decline.reason, "reason", "say why this is not an incident")) return;
    if (const auto left = still_told(incident)) {
        // A declined incident leaves memory: nobody could take it back through it any more.
        draft.refuse("conflict", *left + ": take that back first (`banner`, `statuspage`)");
        return;
    }
    end_incident(draft, incident, IncidentState::declined, by, decline.reason);
}

void obey(Draft& draft, Incident& incident, const std::string& by, const ChangeSeverity& change) {
    if (change.severity == Severity::none) {
        draft.refuse("missing", "`severity` is needed: minor, major or critical", "severity");
        return;
    }
    if (change.severity == incident.severity) return;
    if (!require(draft, change.reason, "reason", "say why the severity changes")) return;
    set_severity(draft, incident, change.severity, by, change.reason);
}

void obey(Draft& draft, Incident& incident, const std::string& by, const TakeLead& take) {
    set_lead(draft, incident, take.person.empty() ? by : take.person, by);
}

void obey(Draft& draft, Incident& incident, const std::string& by, const StartMonitoring& start) {
    if (incident.state == IncidentState::monitoring) return;
    start_monitoring(draft, incident, by,
                     start.text.empty() ? by + " says that the fix is in place" : start.text);
}

// Has the command's aim been reached by the incident's end already?
bool aim_reached(IncidentState state, const Command& command) {
    if (std::holds_alternative<Close>(command)) return state == IncidentState::closed;
    if (std::holds_alternative<Decline>(command)) return state == IncidentState::declined;
    return false;
}

// What customers still read of a closed incident can be taken back.
bool takes_back(IncidentState state, const Command& command) {
    if (state != IncidentState::closed) return false;
    const auto* banner = std::get_if<SetBanner>(&command);
    const auto* entry = std::get_if<Publish>(&command);
    return (banner != nullptr && !banner->on) || (entry != nullptr && entry->status == "resolved");
}

void refuse_ended(Draft& draft, std::uint64_t number, std::string_view how) {
    draft.refuse("conflict", incident_id(number) + " is " + std::string(how));
}

// A note may be added for ever; everything else needs an open incident.
void write_note(Draft& draft, std::uint64_t number, const std::string& by, const Note& note) {
    if (!require(draft, note.text, "text", "a note without text says nothing")) return;
    draft.note(number, by, "note", note.text);
    if (draft.state().incidents.contains(number)) heard_from(draft, draft.edit_incident(number));
}

void declare_one(Draft& draft, const std::string& by, const Declare& wish) {
    if (!require(draft, wish.title, "title", "say what is wrong")) return;
    Severity severity = wish.severity == Severity::none ? Severity::major : wish.severity;
    draft.answer_with(declare_by_hand(draft, by, wish.title, severity, wish.labels).number);
}

void obey_open(Draft& draft, Incident& incident, const CommandGiven& given) {
    match(
        given.command, [&](const Acknowledge& it) { obey(draft, incident, given.by, it); },
        [&](const Close& it) { close(draft, incident, given.by, it); },
        [&](const Decline& it) { obey(draft, incident, given.by, it); },
        [&](const ChangeSeverity& it) { obey(draft, incident, given.by, it); },
        [&](const TakeLead& it) { obey(draft, incident, given.by, it); },
        [&](const Involve& it) { involve(draft, incident, given.by, it); },
        [&](const Publish& it) { publish(draft, incident, given.by, it); },
        [&](const SetBanner& it) { set_banner(draft, incident, given.by, it); },
        [&](const AskComms& it) { ask_comms(draft, incident, given.by, it); },
        [&](const StartMonitoring& it) { obey(draft, incident, given.by, it); },
        [&](const Merge& it) { merge(draft, incident, given.by, it); }, [](const Reopen&) {},
        [](const Skip&) {}, [](const Note&) {}, [](const Declare&) {},
        [](const PlanMaintenance&) {}, [](const EndMaintenance&) {});
}

// What can only be said of an incident that is over.
void obey_ended(Draft& draft, Incident& incident, const CommandGiven& given) {
    if (const auto* wish = std::get_if<Reopen>(&given.command)) {
        if (is_open(incident.state)) return;
        return reopen_by_hand(draft, incident, given.by, *wish);
    }
    if (const auto* wish = std::get_if<Skip>(&given.command)) {
        if (is_open(incident.state)) {
            draft.refuse("conflict", incident_id(incident.number) + " is still open");
            return;
        }
        skip_analysis(draft, incident, given.by, *wish);
    }
}

}  // namespace

void obey(Draft& draft, const CommandGiven& given) {
    if (!require(draft, given.by, "by", "every command says who gives it")) return;
    if (const auto* wish = std::get_if<Declare>(&given.command)) {
        return declare_one(draft, given.by, *wish);
    }
    if (const auto* plan = std::get_if<PlanMaintenance>(&given.command)) {
        return plan_maintenance(draft, given.by, *plan);
    }
    if (const auto* end = std::get_if<EndMaintenance>(&given.command)) {
        return end_maintenance(draft, given.by, *end);
    }
    if (given.incident == 0 || given.incident > draft.state().counters.incident) {
        draft.refuse("not_found", "there is no " + incident_id(given.incident));
        return;
    }
    draft.answer_with(given.incident);
    if (const auto* note = std::get_if<Note>(&given.command)) {
        return write_note(draft, given.incident, given.by, *note);
    }
    auto held = draft.state().incidents.find(given.incident);
    if (held == draft.state().incidents.end()) {
        // Only ended incidents have left memory; which end it was stands in the table.
        bool ending = std::holds_alternative<Close>(given.command) ||
                      std::holds_alternative<Decline>(given.command);
        if (!ending) refuse_ended(draft, given.incident, "over");
        return;
    }
    IncidentState state = held->second.state;
    if (std::holds_alternative<Reopen>(given.command) ||
        std::holds_alternative<Skip>(given.command)) {
        return obey_ended(draft, draft.edit_incident(given.incident), given);
    }
    if (takes_back(state, given.command)) {
        return obey_open(draft, draft.edit_incident(given.incident), given);
    }
    if (!is_open(state)) {
        if (!aim_reached(state, given.command)) refuse_ended(draft, given.incident, name(state));
        return;
    }
    Incident& incident = draft.edit_incident(given.incident);
    const Incident before = incident;
    obey_open(draft, incident, given);
    if (!(incident == before)) heard_from(draft, incident);
}

}  // namespace tocsin::core
