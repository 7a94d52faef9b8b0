// What happens to an incident as a whole, from declaring it to letting it go.
#include "core/incidents.hpp"

#include <algorithm>

#include "base/text.hpp"

#include "core/aftermath.hpp"
#include "core/communication.hpp"
#include "core/limits.hpp"
#include "core/monitoring.hpp"
#include "core/paging.hpp"
#include "core/roles.hpp"
#include "core/rota.hpp"

namespace tocsin::core {
namespace {

TemplateData template_data(const Draft& draft, const Signal& signal, const Reading& reading) {
    return {.labels = &signal.labels,
            .annotations = &signal.annotations,
            .value = reading.value,
            .external_url = draft.policy().public_url};
}

Labels labels_of(const Draft& draft, const Signal& signal, const Rule& rule,
                 const Reading& reading) {
    std::vector<std::string> values;
    std::vector<Labels::Pair> own;
    values.reserve(rule.labels.size());
    for (const auto& [name, text] : rule.labels) {
        values.push_back(text.expand(template_data(draft, signal, reading)));
        own.emplace_back(name, values.back());
    }
    return Labels(std::move(own)).with_defaults(signal.labels);
}

// What the deciding signal says of the incident: at declaring, raising and reopening alike.
void describe(Draft& draft, Incident& incident, const Signal& signal, const Rule& rule,
              const Reading& reading, const Decision& decision) {
    incident.title = title_of(draft, signal, rule, reading);
    incident.labels = labels_of(draft, signal, rule, reading);
    incident.rule = rule.name;
    incident.value = reading.value;
    const Step* step = decision.step != nullptr ? decision.step : &rule.ladder.front();
    incident.cite = step->cite;
    incident.threshold = step->when ? step->when->text : "";
    incident.runbook_url = rule.runbook_url;
    incident.source_url = std::string(signal.annotations.get(generator_url_annotation));
    incident.component = rule.component;
    incident.involve = rule.involve;
    incident.page = rule.page;
    incident.page_reason = rule.page_reason;
    incident.private_incident = incident.private_incident || rule.private_incident;
    incident.communication.draft = draft_for_customers(draft, incident, signal, rule, reading);
}

std::string value_text(const Reading& reading) {
    return reading.value ? ", value " + format_number(*reading.value) : "";
}

void link_siblings(Draft& draft, Incident& incident) {
    auto family = draft.state().open_by_family.find(incident.family);
    if (family == draft.state().open_by_family.end()) return;
    for (std::uint64_t sibling : family->second) {
        if (sibling == incident.number) continue;
        if (incident.also.size() == limits::siblings_linked_max) return;
        incident.also.push_back(sibling);
        if (draft.state().incidents.at(sibling).also.size() < limits::siblings_linked_max) {
            draft.edit_incident(sibling).also.push_back(incident.number);
        }
    }
}

void open_episode(Draft& draft, Incident& incident, const std::string& what,
                  const std::string& text) {
    draft.note(incident.number, "tocsin", what, text, incident.value);
    start_paging(draft, incident, incident.title);
    announce(draft, incident, text);
    involve_by_rule(draft, incident);  // after the page: they may share its lane
    if (draft.policy().of(incident.severity).communicate) {
        communication_due(draft, incident.number);  // whoever is paged hears of the rest after it
    }
}

void reopen(Draft& draft, Incident& incident, const Signal& signal, const Rule& rule,
            const Reading& reading, const Decision& decision, Severity severity) {
    begin_episode(draft, incident);
    incident.state = IncidentState::triage;
    incident.severity = severity;
    incident.began_at = signal.starts_at;
    describe(draft, incident, signal, rule, reading, decision);
    draft.state_changed(incident);
    open_episode(
        draft, incident, "reopened",
        "reopened as " + std::string(name(severity)) + ": " + incident.title + value_text(reading));
}

std::uint64_t declare(Draft& draft, std::string key, const Signal& signal, const Rule& rule,
                      const Reading& reading, const Decision& decision, Severity severity) {
    Incident fresh{.key = std::move(key),
                   .family = rule.incident,
                   .severity = severity,
                   .state = IncidentState::triage,
                   .opened_at = draft.now(),
                   .began_at = signal.starts_at};
    describe(draft, fresh, signal, rule, reading, decision);
    Incident& incident = draft.add(std::move(fresh));
    link_siblings(draft, incident);
    open_episode(
        draft, incident, "declared",
        "declared as " + std::string(name(severity)) + ": " + incident.title + value_text(reading));
    return incident.number;
}

void say_spent(Draft& draft, const Signal& signal, const Track& track, std::uint64_t incident,
               const std::string& how) {
    Verdict verdict{.rule = draft.text(track.rule),
                    .labels = signal.labels,
                    .outcome = track.outcome,
                    .because = track.because,
                    .detail = how,
                    .incident = incident};
    const Rule* rule = draft.rules().find(verdict.rule);
    const Step* step = rule != nullptr ? lowest_incident_step(*rule) : nullptr;
    if (step != nullptr) {
        verdict.cite = step->cite;
        if (step->when) verdict.threshold = step->when->text;
    }
    draft.say(std::move(verdict));
}

// Signals that still hold declare nothing more until they have been clear (design §5).
void spend_signals(Draft& draft, std::uint64_t incident, Spent spent, const std::string& how) {
    auto holders = draft.state().signals_by_incident.find(incident);
    if (holders == draft.state().signals_by_incident.end()) return;
    std::vector<std::uint64_t> signals(holders->second.begin(), holders->second.end());
    for (std::uint64_t id : signals) {
        Signal& signal = draft.edit_signal(id);
        for (Track& track : signal.tracks) {
            if (track.incident != incident) continue;
            track.spent = spent;
            track.spent_severity = track.severity;
            track.outcome = Outcome::suppressed;
            track.severity = Severity::none;
            track.because = spent == Spent::declined ? Because::declined : Because::closed_by_human;
            track.incident = 0;
            // What has been clear for a while goes on being so: the hold is not begun anew.
            if (!signal.firing && !track.clear_since) track.clear_since = draft.now();
            say_spent(draft, signal, track, incident, how);
        }
        draft.release(signal, incident);
    }
}

}  // namespace

std::string title_of(const Draft& draft, const Signal& signal, const Rule& rule,
                     const Reading& reading) {
    if (rule.summary) {
        // Whoever is woken must read what is wrong, not what is wrong with a template.
        auto text = rule.summary->try_expand(template_data(draft, signal, reading));
        return text && !trim(*text).empty() ? *std::move(text) : rule.name;
    }
    if (rule.kind != RuleKind::unmatched) return rule.name;
    // No rule speaks of this alert, so only its sender can say what it is about.
    std::string_view own = signal.annotations.get("summary");
    return std::string(own.empty() ? signal.labels.get("alertname") : own);
}

std::string incident_key(const Rule& rule, const Labels& labels) {
    if (rule.kind == RuleKind::condition) {
        return rule.incident + "/" + std::string(labels.get(rule.per.front()));
    }
    if (rule.per.empty()) return rule.incident;
    return rule.incident + labels.only(rule.per).to_string();
}

std::uint64_t declare_or_join(Draft& draft, const Signal& signal, const Rule& rule,
                              const Reading& reading, const Decision& decision, Severity severity) {
    std::string key = incident_key(rule, signal.labels);
    auto known = draft.state().incident_by_key.find(key);
    if (known == draft.state().incident_by_key.end()) {
        return declare(draft, std::move(key), signal, rule, reading, decision, severity);
    }
    const Incident& held = draft.state().incidents.at(known->second);
    if (is_open(held.state)) {
        raise(draft, held.number, signal, rule, reading, decision, severity);
        return held.number;
    }
    Incident& incident = draft.edit_incident(held.number);
    const bool reopens = incident.state == IncidentState::closed && incident.closed_at &&
                         draft.now() < *incident.closed_at + draft.policy().reopen_within;
    if (reopens) {
        reopen(draft, incident, signal, rule, reading, decision, severity);
        return incident.number;
    }
    draft.rekey(incident, [](Incident& one) { one.released = true; });
    return declare(draft, std::move(key), signal, rule, reading, decision, severity);
}

void raise(Draft& draft, std::uint64_t number, const Signal& signal, const Rule& rule,
           const Reading& reading, const Decision& decision, Severity severity) {
    if (severity <= draft.state().incidents.at(number).severity) return;
    Incident& incident = draft.edit_incident(number);
    std::string from(name(incident.severity));
    incident.severity = severity;
    incident.severity_at = draft.now();
    describe(draft, incident, signal, rule, reading, decision);
    open_episode(draft, incident, "raised",
                 "raised from " + from + " to " + std::string(name(severity)) + ": " +
                     incident.title + value_text(reading));
}

void raise_to(Draft& draft, Incident& incident, Severity severity, const std::string& why) {
    const std::string from(name(incident.severity));
    incident.severity = severity;
    incident.severity_at = draft.now();
    open_episode(draft, incident, "raised",
                 "raised from " + from + " to " + std::string(name(severity)) + ": " + why);
}

void clear_if_over(Draft& draft, std::uint64_t number) {
    auto held = draft.state().incidents.find(number);
    if (held == draft.state().incidents.end() || !is_open(held->second.state)) return;
    if (draft.state().signals_by_incident.contains(number)) return;
    Incident& incident = draft.edit_incident(number);
    if (incident.acknowledged_at &&
        (incident.severity >= Severity::major || still_told(incident).has_value())) {
        if (incident.state == IncidentState::monitoring) return;
        std::string lead = incident.lead.empty() ? "its lead" : incident.lead;
        start_monitoring(draft, incident, "tocsin",
                         "every signal is clear; " + lead + " may close it");
        return;
    }
    incident.closed_by = "cleared";
    if (!incident.acknowledged_at) list_cleared(draft, incident);
    end_incident(draft, incident, IncidentState::closed, "tocsin", "every signal is clear");
}

void end_incident(Draft& draft, Incident& incident, IncidentState state, const std::string& by,
                  const std::string& text) {
    incident.state = state;
    incident.closed_at = draft.now();
    if (incident.closed_by.empty()) incident.closed_by = by;
    draft.state_changed(incident);
    draft.note(incident.number, by, std::string(name(state)), text);
    spend_signals(draft, incident.number,
                  state == IncidentState::declined ? Spent::declined : Spent::closed_by_human,
                  by + ": " + text);
    resolve_pages(draft, incident, std::string(name(state)) + " by " + by + ": " + text);
    announce(draft, incident, std::string(name(state)) + " by " + by + ": " + text);
    start_aftermath(draft, incident);
    remind_of_what_is_left(draft, incident);
}

void begin_episode(Draft& draft, Incident& incident) {
    incident.episode += 1;
    incident.opened_at = draft.now();
    incident.acknowledged_at.reset();
    incident.acknowledged_by.clear();
    incident.closed_at.reset();
    incident.closed_by.clear();
    incident.cause.clear();
    incident.fix.clear();
    incident.communication_due.reset();
    incident.escalations.clear();
    incident.page_at.reset();
    incident.notify_at.reset();
    incident.mitigated_at.reset();
    incident.last_word_at.reset();
    incident.reminded_at.reset();
    incident.reminders = 0;
    incident.asked_to_raise_at.reset();
    incident.severity_at.reset();
    incident.asked_again_at.reset();
    incident.communication = {};
    incident.banner.offered_at.reset();
    incident.monitoring = {};
    incident.aftermath = {};
}

Incident& declare_by_hand(Draft& draft, const std::string& by, const std::string& title,
                          Severity severity, const Labels& labels) {
    std::string key =
        "declared/" + incident_id(draft.state().counters.incident + 1);  // one of its own
    Incident& incident = draft.add(Incident{.key = key,
                                            .family = key,
                                            .title = title,
                                            .severity = severity,
                                            .state = IncidentState::active,
                                            .labels = labels,
                                            .opened_at = draft.now(),
                                            .declared_by = by,
                                            .lead = by});
    draft.note(incident.number, by, "declared",
               "declared as " + std::string(name(severity)) + ": " + title);
    incident.communication.draft = draft_for_customers(incident);
    start_paging(draft, incident, title);
    announce(draft, incident, by + " declared " + std::string(name(severity)) + ": " + title);
    if (draft.policy().of(severity).communicate) communication_due(draft, incident.number);
    return incident;
}

void set_severity(Draft& draft, Incident& incident, Severity severity, const std::string& by,
                  const std::string& reason) {
    bool up = severity > incident.severity;
    std::string text = "severity " + std::string(name(incident.severity)) + " -> " +
                       std::string(name(severity)) + ": " + reason;
    const bool unanswered = !incident.acknowledged_at || is_paging(incident);
    if (!up) {
        resolve_pages(draft, incident, text);
        incident.asked_to_raise_at = draft.now();  // a person has just answered that question
    }
    incident.severity = severity;
    incident.severity_at = draft.now();
    draft.note(incident.number, by, "severity", text);
    if (up || unanswered) start_paging(draft, incident, incident.title);
    announce(draft, incident, text);
    if (up && draft.policy().of(severity).communicate) communication_due(draft, incident.number);
}

}  // namespace tocsin::core
