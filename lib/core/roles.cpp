// People join an incident by rule, by command, and by leading it.
#include "core/roles.hpp"

#include <algorithm>

#include "core/limits.hpp"
#include "core/notices.hpp"
#include "core/paging.hpp"
#include "core/rota.hpp"

namespace tocsin::core {
namespace {

using Names = std::vector<std::string>;

bool is_among(const std::string& name, const Names& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Returns those who were not in it yet.
Names join(Incident& incident, const Names& names) {
    Names fresh;
    for (const std::string& name : names) {
        if (is_among(name, incident.people)) continue;
        if (incident.people.size() >= limits::people_involved_max) break;
        incident.people.push_back(name);
        fresh.push_back(name);
    }
    return fresh;
}

void tell(Draft& draft, const Incident& incident, const Names& names, const std::string& text) {
    const Names told = notify(draft, incident, names, text);
    if (!told.empty()) {
        draft.note(incident.number, "tocsin", "told", join_names(told) + " told: " + text);
    } else if (!names.empty()) {
        draft.note(incident.number, "tocsin", "told",
                   "no pager reaches " + join_names(names) + ": " + text);
    }
}

std::string about(const Incident& incident) {
    return std::string(name(incident.severity)) + " incident: " + incident.title;
}

bool is_told_at_once(const Draft& draft, const Incident& incident) {
    if (draft.policy().of(incident.severity).notify != PageWhen::working_hours) return true;
    const Calendar& hours = draft.policy().working_hours;
    return hours.empty() || contains(hours, draft.now());
}

void tell_involved(Draft& draft, Incident& incident, const Names& fresh) {
    incident.notify_at.reset();
    // Whom a minor incident involves is its owner; without one it is for who is on call.
    const bool pages_nobody = page_when(draft.policy(), incident) == PageWhen::never;
    const bool unowned = incident.people.empty() && pages_nobody;
    const Names names = unowned ? draft.rules().roster.on_call(draft.now()) : fresh;
    tell(draft, incident, names, about(incident));
}

}  // namespace

void involve_by_rule(Draft& draft, Incident& incident) {
    Names named;
    for (const std::string& entry : incident.involve) {
        for (std::string& name : draft.rules().roster.resolve(entry, draft.now())) {
            if (!is_among(name, named)) named.push_back(std::move(name));
        }
    }
    Names fresh = join(incident, named);
    if (!fresh.empty()) {
        draft.note(incident.number, "tocsin", "involved", join_names(fresh) + " involved by rule");
    }
    if (draft.policy().of(incident.severity).notify == PageWhen::never) return;
    if (is_told_at_once(draft, incident)) {
        // A raise tells those, too, whose notice was still waiting.
        return tell_involved(draft, incident, incident.notify_at ? incident.people : fresh);
    }
    if (incident.notify_at) return;
    incident.notify_at = next_inside(draft.policy().working_hours, draft.now());
    draft.note(incident.number, "tocsin", "waiting",
               "owners are told in working hours, at " + format_rfc3339(*incident.notify_at));
}

void tell_involved_if_due(Draft& draft, Incident& incident) {
    if (!incident.notify_at || *incident.notify_at > draft.now()) return;
    tell_involved(draft, incident, incident.people);
}

void tell_of_verdict(Draft& draft, const Rule& rule, const Verdict& verdict,
                     const std::string& title, const std::string& key) {
    const bool speaks = verdict.outcome == Outcome::incident || verdict.outcome == Outcome::watch ||
                        verdict.outcome == Outcome::not_an_incident;
    if (rule.tell.empty() || !speaks || verdict.because == Because::not_clear_yet) return;
    Names names;
    for (const std::string& entry : rule.tell) {
        for (std::string& name : draft.rules().roster.resolve(entry, draft.now())) {
            if (!is_among(name, names)) names.push_back(std::move(name));
        }
    }
    if (names.empty() || !may_tell_again(draft, rule.name + " " + key)) return;
    std::string text(name(verdict.outcome));
    std::replace(text.begin(), text.end(), '_', ' ');
    if (!verdict.cite.empty()) text += " (\"" + verdict.cite + "\")";
    notify_outside(draft, names, title, text + ": " + title, false);
}

void ask_to_hand_over(Draft& draft, const Incident& incident) {
    constexpr std::string_view owner = "owner:";
    for (const std::string& entry : incident.involve) {
        if (!entry.starts_with(owner)) continue;
        if (!is_among(incident.lead, draft.rules().roster.resolve(entry, draft.now()))) continue;
        const std::string text = incident.lead + " leads and owns " + entry.substr(owner.size()) +
                                 ": whoever debugs best should hand the lead to somebody else";
        draft.note(incident.number, "tocsin", "handover", text);
        notify(draft, incident, {incident.lead}, text);
        return;
    }
}

void set_lead(Draft& draft, Incident& incident, const std::string& person, const std::string& by) {
    if (incident.lead == person) return;
    incident.lead = person;
    draft.note(incident.number, by, "lead", person + " leads");
    announce(draft, incident, person + " leads");
    if (person != by) notify(draft, incident, {person}, by + " hands the lead to you");
    ask_to_hand_over(draft, incident);
}

void involve(Draft& draft, Incident& incident, const std::string& by, const Involve& wish) {
    if (wish.person.empty()) {
        return draft.refuse("missing", "`person` is needed: whom to involve", "person");
    }
    const Roster& roster = draft.rules().roster;
    Names names = roster.resolve(wish.person, draft.now());
    if (names.empty() && parse_target(wish.person)) {
        return draft.refuse("unknown", "nobody stands behind `" + wish.person + "`", "person");
    }
    // People that no file lists join as well; they only cannot be told.
    if (names.empty()) names = {wish.person};
    const Names fresh = join(incident, names);
    if (fresh.empty()) return;
    const std::string text = join_names(fresh) + " involved by " + by;
    draft.note(incident.number, by, "involved", text);
    announce(draft, incident, text);
    tell(draft, incident, fresh, by + " asks you to join, " + about(incident));
}

}  // namespace tocsin::core
