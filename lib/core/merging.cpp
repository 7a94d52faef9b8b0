// One incident out of two, and a second life for one.
#include "core/merging.hpp"

#include <algorithm>
#include <utility>

#include "core/alerts.hpp"
#include "core/communication.hpp"
#include "core/condition.hpp"
#include "core/incidents.hpp"
#include "core/limits.hpp"
#include "core/monitoring.hpp"
#include "core/paging.hpp"
#include "core/reminders.hpp"

namespace tocsin::core {
namespace {

// The other incident, or nullptr after a refusal that says what is wrong with the wish.
Incident* edit_target(Draft& draft, const Incident& incident, std::uint64_t into) {
    if (into == 0) {
        draft.refuse("missing", "`into` is needed: the incident that goes on", "into");
        return nullptr;
    }
    const std::string other = incident_id(into);
    if (into > draft.state().counters.incident) {
        draft.refuse("not_found", "there is no " + other, "into");
        return nullptr;
    }
    if (into == incident.number) {
        draft.refuse("conflict", "an incident cannot be merged into itself", "into");
        return nullptr;
    }
    auto held = draft.state().incidents.find(into);
    if (held == draft.state().incidents.end() || !is_open(held->second.state)) {
        draft.refuse("conflict", other + " is over; reopen it first, or merge the other way round",
                     "into");
        return nullptr;
    }
    if (held->second.merged_keys.size() + incident.merged_keys.size() + 1 >
        limits::merged_keys_max) {
        draft.refuse("conflict", other + " has taken in too many incidents already", "into");
        return nullptr;
    }
    return &draft.edit_incident(into);
}

std::size_t move_signals(Draft& draft, std::uint64_t from, std::uint64_t into) {
    auto holders = draft.state().signals_by_incident.find(from);
    if (holders == draft.state().signals_by_incident.end()) return 0;
    const std::vector<std::uint64_t> moved(holders->second.begin(), holders->second.end());
    for (std::uint64_t id : moved) {
        Signal& signal = draft.edit_signal(id);
        for (Track& track : signal.tracks) {
            if (track.incident == from) track.incident = into;
        }
        draft.release(signal, from);
        draft.hold(signal, into);
    }
    return moved.size();
}

// The keys leave one incident before the other enters them: each stands in the index once.
void move_keys(Draft& draft, Incident& from, Incident& into) {
    std::vector<std::string> keys{from.key};
    draft.rekey(from, [&](Incident& one) {
        keys.insert(keys.end(), one.merged_keys.begin(), one.merged_keys.end());
        one.merged_keys.clear();
        one.released = true;
    });
    draft.rekey(into, [&](Incident& one) {
        one.merged_keys.insert(one.merged_keys.end(), keys.begin(), keys.end());
    });
}

void link(Incident& one, std::uint64_t other) {
    const bool known = std::find(one.also.begin(), one.also.end(), other) != one.also.end();
    if (!known && one.also.size() < limits::siblings_linked_max) one.also.push_back(other);
}

// What customers see on account of the one is the other's to take back.
void move_duties(Draft& draft, Incident& from, Incident& into) {
    if (from.communication_due) communication_due(draft, into.number);
    if (!into.communication.published_at && from.communication.published_at) {
        into.communication = from.communication;
    }
    if (from.banner.on && !into.banner.on) into.banner = from.banner;
    from.banner = {};
    for (const std::string& person : from.people) {
        const bool known =
            std::find(into.people.begin(), into.people.end(), person) != into.people.end();
        if (!known && into.people.size() < limits::people_involved_max) {
            into.people.push_back(person);
        }
    }
    if (from.began_at && (!into.began_at || *from.began_at < *into.began_at)) {
        into.began_at = from.began_at;
    }
}

// Keys that a newer incident has taken meanwhile stay with it; its own must be free.
bool take_keys_back(Draft& draft, Incident& incident) {
    const auto taken_by = [&](const std::string& key) -> std::uint64_t {
        auto known = draft.state().incident_by_key.find(key);
        if (known == draft.state().incident_by_key.end()) return 0;
        return known->second == incident.number ? 0 : known->second;
    };
    if (const std::uint64_t newer = taken_by(incident.key); newer != 0) {
        const bool open = is_open(draft.state().incidents.at(newer).state);
        draft.refuse(
            "conflict",
            incident_id(newer) + " has taken the place of " + incident_id(incident.number) +
                (open ? "; merge into that one, or go on there" : "; reopen that one instead"));
        return false;
    }
    draft.rekey(incident, [&](Incident& one) {
        std::erase_if(one.merged_keys, [&](const std::string& key) { return taken_by(key) != 0; });
        one.released = false;
        one.merged_into = 0;
    });
    return true;
}

// The track was spent by the end of an incident with one of these keys.
bool is_spent_of(const Draft& draft, const Incident& incident, const Signal& signal,
                 const Track& track) {
    if (track.spent == Spent::no) return false;
    const Rule* rule = draft.rules().find(draft.text(track.rule));
    return rule != nullptr && has_key(incident, incident_key(*rule, signal.labels));
}

// Signals that its end has spent may speak again.
std::vector<std::uint64_t> lift_spent(Draft& draft, const Incident& incident) {
    std::vector<std::uint64_t> lifted;
    for (const auto& [id, signal] : draft.state().signals) {
        const bool spent = std::any_of(
            signal.tracks.begin(), signal.tracks.end(),
            [&](const Track& track) { return is_spent_of(draft, incident, signal, track); });
        if (spent) lifted.push_back(id);
    }
    std::sort(lifted.begin(), lifted.end());
    for (std::uint64_t id : lifted) {
        Signal& signal = draft.edit_signal(id);
        for (Track& track : signal.tracks) {
            if (!is_spent_of(draft, incident, signal, track)) continue;
            track.spent = Spent::no;
            track.spent_severity = Severity::none;
            track.clear_since.reset();
        }
    }
    return lifted;
}

void judge_lifted(Draft& draft, const std::vector<std::uint64_t>& lifted) {
    for (std::uint64_t id : lifted) {
        Signal& signal = draft.edit_signal(id);
        if (signal.kind == SignalKind::alert) wake_alert(draft, signal);
        if (signal.kind == SignalKind::condition) wake_condition(draft, signal);
        // Series are judged when their expression is evaluated next.
    }
}

}  // namespace

void merge(Draft& draft, Incident& incident, const std::string& by, const Merge& wish) {
    Incident* into = edit_target(draft, incident, wish.into);
    if (into == nullptr) return;
    const std::string from_id = incident_id(incident.number);
    const std::string into_id = incident_id(into->number);
    const std::size_t moved = move_signals(draft, incident.number, into->number);
    move_keys(draft, incident, *into);
    link(incident, into->number);
    link(*into, incident.number);
    draft.note(into->number, by, "merged",
               from_id + " merged into this one: " + incident.title + " (" + std::to_string(moved) +
                   " signals)");
    incident.merged_into = into->number;
    incident.closed_by = by;
    move_duties(draft, incident, *into);
    end_incident(draft, incident, IncidentState::closed, by, "merged into " + into_id);
    if (incident.severity > into->severity) {
        raise_to(draft, *into, incident.severity, "it takes in " + from_id);
    }
    if (moved > 0 && into->state == IncidentState::monitoring) {
        resume(draft, *into, "active again: it takes in " + from_id);
    }
    heard_from(draft, *into);
    announce(draft, *into, from_id + " merged into " + into_id);
}

void reopen_by_hand(Draft& draft, Incident& incident, const std::string& by, const Reopen& wish) {
    if (!take_keys_back(draft, incident)) return;
    begin_episode(draft, incident);
    incident.state = IncidentState::active;
    draft.state_changed(incident);
    incident.lead = by;
    incident.acknowledged_at = draft.now();
    incident.acknowledged_by = by;
    incident.last_word_at = draft.now();
    const std::string text = "reopened as " + std::string(name(incident.severity)) +
                             (wish.reason.empty() ? "" : ": " + wish.reason);
    draft.note(incident.number, by, "reopened", text);
    if (draft.policy().of(incident.severity).communicate) {
        communication_due(draft, incident.number);
    }
    start_paging(draft, incident, incident.title);
    announce(draft, incident, by + " " + text);
    judge_lifted(draft, lift_spent(draft, incident));
}

}  // namespace tocsin::core
