// When a word is missing, and what is done about it.
#include "core/reminders.hpp"

#include <algorithm>

#include "core/incidents.hpp"
#include "core/notices.hpp"
#include "core/paging.hpp"

namespace tocsin::core {
namespace {

constexpr std::string_view often_become_critical =
    "Major incidents often become critical incidents if not resolved in a timely manner";

// Since when no person has done anything about it.
Instant silent_since(const Incident& incident) {
    if (incident.last_word_at) return *incident.last_word_at;
    return incident.acknowledged_at.value_or(incident.opened_at);
}

Instant later_of(Instant one, const std::optional<Instant>& other) {
    return other ? std::max(one, *other) : one;
}

// The next reminder that a word is missing: soon of what is being worked on, at working hours of
// what may stay open for days. What nobody has acknowledged is paged for instead.
std::optional<Instant> word_due(const Policy& policy, const Incident& incident) {
    const SeverityPolicy& of = policy.of(incident.severity);
    const Instant latest = later_of(silent_since(incident), incident.reminded_at);
    if (of.update_every) {
        if (incident.state != IncidentState::active) return std::nullopt;
        return later_of(latest, incident.severity_at) + *of.update_every;
    }
    if (of.remind_after) return next_inside(policy.working_hours, latest + *of.remind_after);
    return std::nullopt;
}

// What tocsin notices of itself goes on paging, but harms no customer by lasting.
bool is_of_itself(const Ruleset& rules, const Incident& incident) {
    const Rule* rule = rules.find(incident.rule);
    return rule != nullptr && rule->kind == RuleKind::condition;
}

std::optional<Instant> question_due(const Ruleset& rules, const Incident& incident) {
    const std::optional<Duration>& after = rules.policy.of(incident.severity).ask_to_raise_after;
    const bool could_rise =
        incident.severity < Severity::critical && !is_of_itself(rules, incident);
    if (!after || !could_rise || incident.asked_to_raise_at) return std::nullopt;
    return later_of(incident.opened_at, incident.severity_at) + *after;
}

std::optional<Instant> page_anew_due(const Policy& policy, const Incident& incident) {
    const bool somebody_has_it = incident.acknowledged_at.has_value();
    if (!somebody_has_it || incident.severity < Severity::major) return std::nullopt;
    const Instant latest = later_of(silent_since(incident), incident.asked_again_at);
    return later_of(latest, incident.severity_at) + policy.ask_again_after;
}

void ask_for_word(Draft& draft, Incident& incident) {
    const Duration silence = draft.now() - silent_since(incident);
    incident.reminded_at = draft.now();
    incident.reminders += 1;
    const std::string text = "no word for " + format_duration(std::chrono::floor<minutes>(silence));
    const std::vector<std::string> told = tell_lead(
        draft, incident, incident.title + ": " + text + "; write a note of how it stands");
    draft.note(incident.number, "tocsin", "reminded", text + "; asked: " + join_names(told));
    announce(draft, incident, text);
}

// Nobody has acknowledged for so long: it rises by itself (handbook H-29).
void raise_unattended(Draft& draft, Incident& incident, const std::string& how_long) {
    const std::string text = "nobody has acknowledged for " + how_long + " (\"" +
                             std::string(often_become_critical) + "\")";
    raise_to(draft, incident, Severity::critical, text);
}

void ask_to_raise(Draft& draft, Incident& incident) {
    const std::string how_long = format_duration(std::chrono::floor<minutes>(
        draft.now() - later_of(incident.opened_at, incident.severity_at)));
    incident.asked_to_raise_at = draft.now();
    const bool paged = incident.page != PageWhen::never;  // else nobody could have acknowledged
    if (!incident.acknowledged_at && paged) return raise_unattended(draft, incident, how_long);
    const std::string text = "is it critical now? It has been " +
                             std::string(name(incident.severity)) + " for " + how_long + " (\"" +
                             std::string(often_become_critical) + "\")";
    const std::vector<std::string> told = tell_lead(draft, incident, incident.title + ": " + text);
    draft.note(incident.number, "tocsin", "asked", text + "; asked: " + join_names(told));
    announce(draft, incident, text);
}

// A page that is open again goes up its levels by itself; it is not begun anew on top of that.
void ask_anew(Draft& draft, Incident& incident) {
    const bool is_asked =
        std::any_of(incident.pages.begin(), incident.pages.end(), [&](const Page& page) {
            return page.episode == incident.episode && page.severity == incident.severity &&
                   !page.acknowledged_at && !page.resolved_at;
        });
    const Duration silence = draft.now() - silent_since(incident);
    incident.asked_again_at = draft.now();
    if (is_asked) return;
    page_again(draft, incident,
               "acknowledged by " + incident.acknowledged_by + ", but no word for " +
                   format_duration(std::chrono::floor<minutes>(silence)) + ": " + incident.title);
}

}  // namespace

void heard_from(Draft& draft, Incident& incident) {
    incident.last_word_at = draft.now();
    incident.reminders = 0;
}

void remind_if_due(Draft& draft, Incident& incident) {
    const auto is_due = [&](std::optional<Instant> due) { return due && *due <= draft.now(); };
    if (incident.state == IncidentState::monitoring) return;
    if (is_due(question_due(draft.rules(), incident))) ask_to_raise(draft, incident);
    if (is_due(word_due(draft.policy(), incident))) ask_for_word(draft, incident);
    if (is_due(page_anew_due(draft.policy(), incident))) ask_anew(draft, incident);
}

std::optional<Instant> reminder_due(const Ruleset& rules, const Incident& incident) {
    if (incident.state == IncidentState::monitoring) return std::nullopt;
    std::optional<Instant> next = word_due(rules.policy, incident);
    for (std::optional<Instant> due :
         {question_due(rules, incident), page_anew_due(rules.policy, incident)}) {
        if (due && (!next || *due < *next)) next = due;
    }
    return next;
}

}  // namespace tocsin::core
