#pragma once
// An incident with everything in it, and the effect that pages for it.

#include "core/effect.hpp"

namespace tocsin::support {

inline core::Incident sample_incident() {
    core::Incident incident;
    incident.number = 7;
    incident.key = "ingestion{region=\"us\"}";
    incident.family = "ingestion";
    incident.title = "Event ingestion is 6m 41s behind in us";
    incident.severity = core::Severity::major;
    incident.state = core::IncidentState::triage;
    incident.labels = Labels{{"region", "us"}, {"team", "a \"quoted\" name"}};
    incident.rule = "ingestion-lag";
    incident.cite = ">5 minute ingestion lag";
    incident.value = 401;
    incident.threshold = "> 5m";
    incident.runbook_url = "https://runbooks.example/lag";
    incident.source_url = "http://prometheus.example/graph?g0.expr=lag";
    incident.component = "ingestion";
    incident.involve = {"owner:ingestion"};
    incident.opened_at = parse_rfc3339("2026-03-01T02:00:00Z").value();
    core::Page page;
    page.key = "prod/abc/INC-7/1/major";
    page.integration = "pager";
    page.reach = core::Reach::service;
    page.severity = core::Severity::major;
    page.ordered_at = incident.opened_at;
    page.last_ordered_at = incident.opened_at;
    incident.pages = {page};
    incident.also = {8};
    return incident;
}

inline core::Effect sample_effect(core::Action action = core::Action::page) {
    core::Effect effect;
    effect.id = 12;
    effect.page_key = "prod/abc/INC-7/1/major";
    effect.key = effect.page_key + "/" + std::string(core::name(action));
    effect.integration = "pager";
    effect.action = action;
    effect.text = "the lag is 401 s, over 5 minutes";
    effect.link = "https://tocsin.example/incidents/INC-7";
    effect.incident = sample_incident();
    effect.ordered_at = effect.incident.opened_at;
    return effect;
}

}  // namespace tocsin::support
