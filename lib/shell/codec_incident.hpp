#pragma once
// The field lists of an incident and its parts, for codec.cpp alone; their order is the format.

#include "core/incident.hpp"
#include "shell/codec_page.hpp"

namespace tocsin::core {

template <class Io, class R>
requires Is<Communication, R>
void fields(Io& io, R& communication) {
    io(communication.draft);
    io(communication.reminded_at);
    io(communication.published_at);
    io(communication.status);
    io(communication.message);
    io(communication.asked_at);
    io(communication.asked_for);
}

template <class Io, class R>
requires Is<Banner, R>
void fields(Io& io, R& banner) {
    io(banner.on);
    io(banner.text);
    io(banner.by);
    io(banner.changed_at);
    io(banner.offered_at);
}

template <class Io, class R>
requires Is<Monitoring, R>
void fields(Io& io, R& monitoring) {
    io(monitoring.since);
    io(monitoring.next_look_at);
    io(monitoring.looks_clean);
    io(monitoring.proposed_at);
    io(monitoring.looking_until);
    io(monitoring.unseen);
    io(monitoring.unclear);
}

template <class Io, class R>
requires Is<Aftermath, R>
void fields(Io& io, R& aftermath) {
    io(aftermath.meeting_from);
    io(aftermath.meeting_until);
    io(aftermath.late);
    io(aftermath.reminded_at);
    io(aftermath.handed_over_at);
    io(aftermath.skipped);
    io(aftermath.skipped_by);
}

template <class Io, class R>
requires Is<Incident, R>
void fields(Io& io, R& incident) {
    io.choice(incident.state, IncidentState::declined);  // first: lists filter by it
    io(incident.number);
    io(incident.key);
    io(incident.family);
    io(incident.episode);
    io(incident.title);
    io.choice(incident.severity, Severity::critical);
    io(incident.labels);
    io(incident.rule);
    io(incident.cite);
    io(incident.value);
    io(incident.threshold);
    io(incident.runbook_url);
    io(incident.source_url);
    io(incident.component);
    io(incident.involve);
    io.choice(incident.page, PageWhen::working_hours);
    io(incident.page_reason);
    io(incident.private_incident);
    io(incident.opened_at);
    io(incident.declared_by);
    io(incident.acknowledged_at);
    io(incident.acknowledged_by);
    io(incident.closed_at);
    io(incident.closed_by);
    io(incident.cause);
    io(incident.fix);
    io(incident.lead);
    io(incident.communication_due);
    io(incident.pages);
    io(incident.also);
    io(incident.retired);
    if (io.version() < 2) return;
    io(incident.began_at);
    io(incident.people);
    io(incident.escalations);
    io(incident.page_at);
    io(incident.notify_at);
    io(incident.mitigated_at);
    io(incident.last_word_at);
    io(incident.reminded_at);
    io(incident.reminders);
    io(incident.asked_to_raise_at);
    io(incident.communication);
    io(incident.banner);
    io(incident.monitoring);
    io(incident.aftermath);
    io(incident.merged_keys);
    io(incident.merged_into);
    io(incident.released);
    io(incident.severity_at);
    io(incident.asked_again_at);
    io(incident.unanswered_since);
}

}  // namespace tocsin::core
