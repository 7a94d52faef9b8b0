// What follows the end of an incident, until it leaves memory.
#include "core/aftermath.hpp"

#include <algorithm>

#include "core/limits.hpp"
#include "core/notices.hpp"

namespace tocsin::core {
namespace {

constexpr Duration earliest_after = hours(24);
constexpr Duration latest_after = hours(48);
constexpr Duration meeting_lasts = minutes(30);
constexpr Duration meetings_begin_every = minutes(15);
constexpr std::string_view analysis_contact = "contact:analysis";

// Meetings begin at quarters of an hour.
Instant rounded_up(Instant at) {
    const Duration past = at.time_since_epoch() % meetings_begin_every;
    return past == Duration::zero() ? at : at + (meetings_begin_every - past);
}

bool needs_meeting(const Incident& incident) {
    const bool nobody_had_it = incident.closed_by == "cleared" && !incident.acknowledged_at;
    return incident.state == IncidentState::closed && incident.severity >= Severity::major &&
           incident.merged_into == 0 && !nobody_had_it;
}

bool awaits_meeting(const Incident& incident) {
    return incident.aftermath.meeting_until && incident.aftermath.skipped.empty();
}

std::optional<Instant> release_due(const Policy& policy, const Incident& incident) {
    if (incident.released) return std::nullopt;
    return *incident.closed_at + policy.reopen_within;
}

// Who raised it can schedule the meeting; the fallback takes over a day later (H-65).
std::optional<Instant> hand_over_due(const Incident& incident) {
    if (!awaits_meeting(incident) || incident.aftermath.handed_over_at) return std::nullopt;
    return *incident.closed_at + earliest_after;
}

Instant retire_due(const Policy& policy, const Incident& incident) {
    const Instant reopenable_until = *incident.closed_at + policy.reopen_within;
    if (!awaits_meeting(incident)) return reopenable_until;
    return std::max(reopenable_until, *incident.aftermath.meeting_until);
}

std::string when_of(const Aftermath& aftermath) {
    return format_rfc3339(*aftermath.meeting_from) + " to " +
           format_rfc3339(*aftermath.meeting_until) +
           (aftermath.late ? " (late: no working hour lies 24-48 hours after closing)" : "");
}

const std::string& raiser_of(const Incident& incident) {
    if (!incident.declared_by.empty()) return incident.declared_by;
    return incident.lead.empty() ? incident.acknowledged_by : incident.lead;
}

void hand_over(Draft& draft, Incident& incident) {
    incident.aftermath.handed_over_at = draft.now();
    const std::vector<std::string> contacts =
        draft.rules().roster.resolve(analysis_contact, draft.now());
    const std::string text =
        "nobody has skipped the analysis meeting, " + when_of(incident.aftermath);
    const std::vector<std::string> told =
        notify(draft, incident, contacts,
               incident.title + ": " + text + "; please see that it is scheduled: analysis.ics");
    draft.note(incident.number, "tocsin", "analysis",
               text + "; contact for analyses: " + join_names(contacts) +
                   (told.empty() ? " (not reached)" : ""));
}

// Past the bound nobody is reminded any more, but said it is.
void give_up_if_too_many(Draft& draft, Incident& incident) {
    if (!awaits_meeting(incident)) return;
    if (draft.state().incidents.size() <= limits::incidents_kept_max) return;
    incident.aftermath.meeting_until = draft.now();
    draft.note(incident.number, "tocsin", "analysis",
               "more than " + std::to_string(limits::incidents_kept_max) +
                   " incidents are remembered: nobody will be reminded of this analysis");
}

}  // namespace

Meeting meeting_after(const Calendar& working_hours, Instant closed_at) {
    const Instant earliest = rounded_up(closed_at + earliest_after);
    const Instant latest_end = closed_at + latest_after;
    const auto at = [](Instant from, bool late) {
        return Meeting{{from, from + meeting_lasts}, late};
    };
    for (auto span = std::partition_point(
             working_hours.begin(), working_hours.end(),
             [&](const Interval& one) { return one.until < earliest + meeting_lasts; });
         span != working_hours.end(); ++span) {
        const Instant from = std::max(span->from, earliest);
        if (from + meeting_lasts > span->until) continue;
        if (from + meeting_lasts <= latest_end) return at(from, false);
        return at(from, true);
    }
    return at(earliest, false);
}

void start_aftermath(Draft& draft, Incident& incident) {
    if (!needs_meeting(incident)) {
        const bool by_a_person = incident.closed_by != "cleared" && incident.merged_into == 0;
        if (!by_a_person) return;
        draft.note(
            incident.number, "tocsin", "analysis",
            "no meeting (" +
                std::string(incident.state == IncidentState::declined ? name(incident.state)
                                                                      : name(incident.severity)) +
                "): \"if something was pretty uneventful we can skip this step\"");
        return;
    }
    const Meeting meeting = meeting_after(draft.policy().working_hours, draft.now());
    incident.aftermath = {.meeting_from = meeting.span.from,
                          .meeting_until = meeting.span.until,
                          .late = meeting.late,
                          .reminded_at = draft.now()};
    const std::string& raiser = raiser_of(incident);
    const std::string text = "analysis meeting: " + when_of(incident.aftermath);
    notify(draft, incident, {raiser},
           incident.title + ": " + text +
               "; you raised it, so please schedule it: analysis.ics; or `skip` it with a reason");
    draft.note(incident.number, "tocsin", "analysis",
               text + "; to be scheduled by " + (raiser.empty() ? "nobody" : raiser));
}

void continue_aftermath(Draft& draft, Incident& incident) {
    if (is_open(incident.state) || incident.retired || !incident.closed_at) return;
    const auto is_due = [&](std::optional<Instant> due) { return due && *due <= draft.now(); };
    if (is_due(hand_over_due(incident))) hand_over(draft, incident);
    if (is_due(release_due(draft.policy(), incident))) {
        give_up_if_too_many(draft, incident);
        draft.rekey(incident, [](Incident& one) { one.released = true; });
    }
    if (is_due(retire_due(draft.policy(), incident))) incident.retired = true;
}

std::optional<Instant> aftermath_due(const Ruleset& rules, const Incident& incident) {
    if (is_open(incident.state) || incident.retired || !incident.closed_at) return std::nullopt;
    Instant next = retire_due(rules.policy, incident);
    for (std::optional<Instant> due :
         {release_due(rules.policy, incident), hand_over_due(incident)}) {
        if (due && *due < next) next = *due;
    }
    return next;
}

void skip_analysis(Draft& draft, Incident& incident, const std::string& by, const Skip& wish) {
    if (wish.reason.empty()) {
        draft.refuse("missing", "`reason` is needed: say why the analysis may be skipped",
                     "reason");
        return;
    }
    if (!incident.aftermath.skipped.empty()) return;
    incident.aftermath.skipped = wish.reason;
    incident.aftermath.skipped_by = by;
    draft.note(incident.number, by, "skipped", "analysis skipped: " + wish.reason);
}

}  // namespace tocsin::core
