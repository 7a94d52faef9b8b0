#pragma once
// The incident half of RandomRecords; included by random_records.hpp, not on its own.

#include "support/random_records.hpp"

namespace tocsin::support {

inline core::Page RandomRecords::page() {
    return {.key = text(),
            .integration = text(),
            .person = text(),
            .reach = choice(core::Reach::person),
            .episode = static_cast<std::uint32_t>(below(1ULL << 32)),
            .severity = choice(core::Severity::critical),
            .ordered_at = instant(),
            .last_ordered_at = instant(),
            .orders = static_cast<std::uint32_t>(below(100)),
            .accepted_at = optional(instant()),
            .last_accepted_at = optional(instant()),
            .acknowledged_at = optional(instant()),
            .resolved_at = optional(instant()),
            .refused = maybe(),
            .error = text(),
            .confirmed_at = optional(instant()),
            .address = text()};
}

inline core::Incident RandomRecords::incident() {
    core::Incident incident{.number = number() / 2,
                            .key = text(),
                            .family = text(),
                            .episode = static_cast<std::uint32_t>(below(9)),
                            .title = text(),
                            .severity = choice(core::Severity::critical),
                            .state = choice(core::IncidentState::declined),
                            .labels = labels(),
                            .rule = text(),
                            .cite = text(),
                            .value = optional(real()),
                            .threshold = text(),
                            .runbook_url = text(),
                            .source_url = text(),
                            .component = text(),
                            .involve = {},
                            .page = choice(core::PageWhen::working_hours),
                            .page_reason = text(),
                            .private_incident = maybe(),
                            .opened_at = instant(),
                            .declared_by = text(),
                            .acknowledged_at = optional(instant()),
                            .acknowledged_by = text(),
                            .closed_at = optional(instant()),
                            .closed_by = text(),
                            .cause = text(),
                            .fix = text(),
                            .lead = text(),
                            .communication_due = optional(instant()),
                            .pages = {},
                            .also = {},
                            .retired = maybe()};
    for (std::uint64_t i = below(3); i > 0; --i) incident.involve.push_back(text());
    for (std::uint64_t i = below(3); i > 0; --i) incident.pages.push_back(page());
    for (std::uint64_t i = below(3); i > 0; --i) incident.also.push_back(number());
    add_life(incident);
    return incident;
}

inline void RandomRecords::add_life(core::Incident& incident) {
    incident.began_at = optional(instant());
    incident.page_at = optional(instant());
    incident.notify_at = optional(instant());
    incident.mitigated_at = optional(instant());
    incident.last_word_at = optional(instant());
    incident.reminded_at = optional(instant());
    incident.reminders = static_cast<std::uint32_t>(below(9));
    incident.asked_to_raise_at = optional(instant());
    incident.communication = {
        text(), optional(instant()), optional(instant()), text(), text(), optional(instant()),
        text()};
    incident.banner = {maybe(), text(), text(), optional(instant()), optional(instant())};
    incident.monitoring = {optional(instant()),
                           optional(instant()),
                           static_cast<std::uint32_t>(below(9)),
                           optional(instant()),
                           optional(instant()),
                           {text()},
                           maybe()};
    incident.aftermath = {optional(instant()),
                          optional(instant()),
                          maybe(),
                          optional(instant()),
                          optional(instant()),
                          text(),
                          text()};
    incident.merged_into = number();
    incident.released = maybe();
    incident.severity_at = optional(instant());
    incident.asked_again_at = optional(instant());
    incident.unanswered_since = optional(instant());
    for (std::uint64_t i = below(3); i > 0; --i) incident.people.push_back(text());
    for (std::uint64_t i = below(3); i > 0; --i) incident.merged_keys.push_back(text());
    for (std::uint64_t i = below(3); i > 0; --i) {
        incident.escalations.push_back(
            {text(), static_cast<std::uint32_t>(below(9)), choice(core::Severity::critical),
             static_cast<std::uint32_t>(below(9)), static_cast<std::uint32_t>(below(9)), instant(),
             instant()});
    }
}

inline core::Delivery RandomRecords::delivery() {
    return {.effect = {.id = number() / 2,
                       .key = text(),
                       .page_key = text(),
                       .integration = text(),
                       .action = choice(core::Action::banner),
                       .person = text(),
                       .address = text(),
                       .text = text(),
                       .link = text(),
                       .incident = incident(),
                       .ordered_at = instant()},
            .state = choice(core::DeliveryState::dropped),
            .error = text(),
            .remote = text(),
            .finished_at = optional(instant())};
}

inline core::Verdict RandomRecords::verdict() {
    return {.id = number() / 2,
            .at = instant(),
            .rule = text(),
            .labels = labels(),
            .outcome = choice(core::Outcome::unmatched),
            .severity = choice(core::Severity::critical),
            .value = optional(real()),
            .threshold = text(),
            .cite = text(),
            .because = choice(core::Because::maintenance_over),
            .detail = text(),
            .incident = maybe() ? 0 : number() / 2,
            .pending = optional(core::PendingStep{text(), instant(), instant()})};
}

}  // namespace tocsin::support
