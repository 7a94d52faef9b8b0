#pragma once
// One record of each kind with every field set, as the golden files of codec version 1 hold them.

#include "core/state.hpp"
#include "core/verdict.hpp"

namespace tocsin::support {

inline Instant at_second(std::int64_t second) {
    return Instant(seconds(1'767'225'600 + second));  // 2026-01-01T00:00:00Z and on
}

inline core::Signal golden_signal(core::Symbols& symbols) {
    return {.id = 300,
            .fingerprint = 0x0123456789ABCDEFU,
            .labels = {{"alertname", "Lag"}, {"region", "us"}},
            .annotations = {{"summary", "behind"}},
            .starts_at = at_second(1),
            .ends_at = at_second(2),
            .source = symbols.intern("am-us"),
            .owner_rule = symbols.intern("lag"),
            .kind = core::SignalKind::condition,
            .firing = true,
            .leased = true,
            .absent_answers = 2,
            .tracks = {{.rule = symbols.intern("ingestion-lag"),
                        .content_hash = 7,
                        .incident = 9,
                        .clear_since = at_second(3),
                        .since = {core::clock_unset, core::clock_elapsed, at_second(4)},
                        .outcome = core::Outcome::suppressed,
                        .severity = core::Severity::major,
                        .because = core::Because::closed_by_human,
                        .spent_severity = core::Severity::minor,
                        .spent = core::Spent::closed_by_human,
                        .judged = true}}};
}

inline core::Incident golden_incident() {
    return {.number = 7,
            .key = "ingestion{region=\"us\"}",
            .family = "ingestion",
            .episode = 2,
            .title = "Ingestion is behind",
            .severity = core::Severity::critical,
            .state = core::IncidentState::closed,
            .labels = {{"region", "us"}},
            .rule = "ingestion-lag",
            .cite = ">5 minute ingestion lag",
            .value = 301.5,
            .threshold = "> 5m",
            .runbook_url = "https://run",
            .source_url = "https://source",
            .component = "ingestion",
            .involve = {"owner:ingestion"},
            .page = core::PageWhen::always,
            .page_reason = "because",
            .private_incident = true,
            .opened_at = at_second(10),
            .declared_by = "engineer-a",
            .acknowledged_at = at_second(11),
            .acknowledged_by = "engineer-b",
            .closed_at = at_second(12),
            .closed_by = "cleared",
            .cause = "cause",
            .fix = "fix",
            .lead = "engineer-c",
            .communication_due = at_second(13),
            .pages = {{.key = "prod/id/INC-7/2/critical",
                       .integration = "pager",
                       .person = "engineer-d",
                       .reach = core::Reach::service,
                       .episode = 2,
                       .severity = core::Severity::critical,
                       .ordered_at = at_second(14),
                       .last_ordered_at = at_second(15),
                       .orders = 3,
                       .accepted_at = at_second(16),
                       .last_accepted_at = at_second(19),
                       .acknowledged_at = at_second(17),
                       .resolved_at = at_second(18),
                       .refused = true,
                       .error = "400"}},
            .also = {8, 1000},
            .retired = true};
}

inline core::Delivery golden_delivery() {
    return {.effect = {.id = 70,
                       .key = "prod/id/INC-7/2/critical/page-1",
                       .page_key = "prod/id/INC-7/2/critical",
                       .integration = "pager",
                       .action = core::Action::resolve_page,
                       .person = "engineer-a",
                       .text = "it is over",
                       .link = "https://link",
                       .incident = golden_incident(),
                       .ordered_at = at_second(20)},
            .state = core::DeliveryState::dead,
            .error = "refused",
            .remote = "P123",
            .finished_at = at_second(21)};
}

inline core::RuleHealth golden_rule_health() {
    return {.id = 5,
            .rule = "ingestion-lag",
            .source = "us",
            .content_hash = 0xFFFF'FFFF'FFFF'FFFFU,
            .ever_had_data = true,
            .failing_since = at_second(30),
            .empty_since = at_second(31),
            .because = core::Because::query_error,
            .detail = "bad_data",
            .blind = true,
            .reported = true};
}

inline core::TimelineEntry golden_timeline_entry() {
    return {.id = 6,
            .incident = 7,
            .at = at_second(40),
            .by = "tocsin",
            .what = "declared",
            .text = "lag",
            .value = -0.5};
}

inline core::Verdict golden_verdict() {
    return {.id = 12,
            .at = at_second(50),
            .rule = "ingestion-lag",
            .labels = {{"region", "eu"}},
            .outcome = core::Outcome::incident,
            .severity = core::Severity::major,
            .value = 1800,
            .threshold = ">= 30m",
            .cite = "clearly communicated",
            .because = core::Because::step_holds,
            .detail = "detail",
            .incident = 7,
            .pending = core::PendingStep{"> 5m", at_second(51), at_second(52)}};
}

inline core::Counters golden_counters() {
    return {1, 128, 3, 1ULL << 40, 5, 6};
}

}  // namespace tocsin::support
