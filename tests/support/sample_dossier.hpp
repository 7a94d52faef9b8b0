#pragma once
// A whole incident from its beginning to its analysis, and the people who were part of it.

#include "core/roster.hpp"
#include "integrations/dossier.hpp"
#include "support/sample_effect.hpp"

namespace tocsin::support {

inline Instant at(const std::string& time_of_day) {
    return parse_rfc3339("2026-03-01T" + time_of_day + "Z").value();
}

inline core::TimelineEntry entry(const std::string& time_of_day, std::string by, std::string what,
                                 std::string text, std::optional<double> value = {}) {
    core::TimelineEntry made;
    made.incident = 7;
    made.at = at(time_of_day);
    made.by = std::move(by);
    made.what = std::move(what);
    made.text = std::move(text);
    made.value = value;
    return made;
}

inline core::Verdict lag_verdict(const std::string& time_of_day, double value,
                                 core::Outcome outcome) {
    core::Verdict verdict;
    verdict.at = at(time_of_day);
    verdict.rule = "ingestion-lag";
    verdict.labels = Labels{{"region", "us"}};
    verdict.outcome = outcome;
    const bool incident = outcome == core::Outcome::incident;
    verdict.severity = incident ? core::Severity::major : core::Severity::none;
    verdict.value = value;
    verdict.threshold = "> 5m";
    verdict.cite = incident ? ">5 minute ingestion lag" : "Events being < 5 minutes behind";
    verdict.because = incident ? core::Because::step_holds : core::Because::no_step_holds;
    verdict.incident = 7;
    return verdict;
}

/// Open, acknowledged by engineer-b, 14 minutes old at 02:14.
inline integrations::Dossier open_dossier() {
    using core::Outcome;
    integrations::Dossier dossier;
    core::Incident& incident = dossier.incident = sample_incident();
    incident.state = core::IncidentState::active;
    incident.began_at = at("01:54:00");
    incident.acknowledged_at = at("02:03:10");
    incident.acknowledged_by = "engineer-b";
    incident.lead = "engineer-b";
    incident.people = {"engineer-a", "engineer-d"};
    core::Page& page = incident.pages.at(0);
    page.person = "engineer-b";
    page.orders = 2;
    page.last_ordered_at = at("02:02:30");
    page.accepted_at = at("02:00:01");
    page.last_accepted_at = at("02:02:31");
    page.acknowledged_at = at("02:03:10");
    dossier.verdicts = {lag_verdict("02:00:00", 401, Outcome::incident),
                        lag_verdict("02:05:00", 1320, Outcome::incident),
                        lag_verdict("02:10:00", 2400, Outcome::incident),
                        lag_verdict("02:13:00", 900, Outcome::incident)};
    dossier.timeline = {
        entry("02:00:00", "tocsin", "declared", "declared as major: Event ingestion is behind",
              401),
        entry("02:00:00", "tocsin", "paged", "page to pager: Event ingestion is behind"),
        entry("02:00:01", "tocsin", "accepted", "pager accepted the page"),
        entry("02:03:10", "engineer-b", "acknowledged", "acknowledged by engineer-b"),
        entry("02:09:42", "engineer-a", "note", "Partition 7 is stuck.\nRestarting its consumer."),
    };
    return dossier;
}

/// The same when it is over, with its meeting on the day after.
inline integrations::Dossier closed_dossier() {
    integrations::Dossier dossier = open_dossier();
    core::Incident& incident = dossier.incident;
    incident.state = core::IncidentState::closed;
    incident.severity = core::Severity::critical;
    incident.mitigated_at = at("02:20:00");
    incident.closed_at = at("03:30:00");
    incident.closed_by = "engineer-b";
    incident.cause = "a poison message in partition 7";
    incident.fix = "skipped it";
    incident.aftermath.meeting_from = parse_rfc3339("2026-03-02T10:00:00Z").value();
    incident.aftermath.meeting_until = parse_rfc3339("2026-03-02T10:30:00Z").value();
    core::Delivery update;
    update.effect = sample_effect(core::Action::update);
    update.effect.integration = "chat";
    update.effect.ordered_at = at("02:03:10");
    update.state = core::DeliveryState::dead;
    update.error = "channel_not_found";
    update.finished_at = at("02:03:11");
    dossier.deliveries = {update};
    for (const auto& more : {
             entry("02:12:00", "engineer-b", "severity", "major to critical: events are lost"),
             entry("02:15:00", "engineer-d", "statuspage",
                   "investigating: Events arrive late in the US"),
             entry("02:20:00", "engineer-b", "monitoring", "consumer restarted", 240),
             entry("03:30:00", "engineer-b", "closed",
                   "cause: a poison message in partition 7; fix: skipped it"),
         }) {
        dossier.timeline.push_back(more);
    }
    return dossier;
}

inline core::Roster sample_roster() {
    core::Roster roster;
    for (const std::string name : {"engineer-a", "engineer-b", "engineer-d", "engineer-e"}) {
        core::Person person;
        person.name = name;
        if (name != "engineer-d") person.email = name.substr(name.size() - 1) + "@example.com";
        roster.people.push_back(person);
    }
    roster.contacts["analysis"] = core::Target{core::Target::Kind::person, "engineer-e"};
    return roster;
}

}  // namespace tocsin::support
