// Wraps one event as an input, and writes it down as text for the journal.
#include "shell/engine_report.hpp"

#include <optional>
#include <utility>

#include "base/match.hpp"
#include "base/text.hpp"

namespace tocsin::shell {
namespace {

JournalRow row(std::string kind, std::string source, std::string body) {
    return {
        .at = {}, .kind = std::move(kind), .source = std::move(source), .body = std::move(body)};
}

std::string body_of(const core::Evaluated& evaluated) {
    std::string body = to_hex(evaluated.content_hash) + " " + format_rfc3339(evaluated.at) + "\n";
    for (const auto& answer : evaluated.answers) {
        body += "answer " + std::to_string(static_cast<int>(answer.kind));
        body += answer.source_answered ? " answered " : " unanswered ";
        body += one_line(answer.source) + " " + one_line(answer.detail) + "\n";
        for (const auto& series : answer.series) {
            body += one_line(series.labels.to_string()) + " " + format_number(series.value) + "\n";
        }
    }
    return body;
}

std::string body_of(const core::AlertsListed& listed) {
    std::string body;
    for (const auto fingerprint : listed.fingerprints) body += to_hex(fingerprint) + "\n";
    return body;
}

}  // namespace

JournalRow journal_row(const core::Event& event) {
    return match(
        event,
        [](const core::AlertSeen& e) { return row("alert", e.source, e.labels.to_string()); },
        [](const core::Evaluated& e) { return row("evaluated", e.rule, body_of(e)); },
        [](const core::SourceSilent& e) {
            return row("source_silent", e.source, format_rfc3339(e.since) + " " + e.detail);
        },
        [](const core::SourceBack& e) { return row("source_back", e.source, ""); },
        [](const core::AlertsListed& e) { return row("listed", e.source, body_of(e)); },
        [](const core::SenderRejected& e) {
            return row("rejected", e.sender, e.what + " " + e.detail);
        },
        [](const core::DeliveryStarted& e) {
            return row("delivery_started", "", std::to_string(e.id));
        },
        [](const core::Delivered& e) {
            return row("delivered", "", std::to_string(e.id) + " " + e.remote);
        },
        [](const core::DeliveryFailed& e) {
            return row(e.permanent ? "delivery_dead" : "delivery_failed", "",
                       std::to_string(e.id) + " " + e.reason);
        },
        [](const core::PageConfirmed& e) { return row("confirmed", e.integration, e.page_key); },
        [](const core::CommandGiven& e) {
            return row("command", e.by, core::incident_id(e.incident));
        },
        [](const core::RulesLoaded& e) { return row("rules", "", to_hex(e.ruleset->digest)); },
        [](const core::Tick&) { return row("tick", "", ""); });
}

void say_unanswered(Log& log, const std::vector<core::Change>& changes) {
    const auto since = [](const Boxed<core::Record>& record) -> std::optional<Instant> {
        const auto* incident = record ? std::get_if<core::Incident>(&*record) : nullptr;
        return incident != nullptr ? incident->unanswered_since : std::nullopt;
    };
    for (const auto& change : changes) {
        const auto now = since(change.after);
        if (!now || now == since(change.before)) continue;
        const auto& incident = std::get<core::Incident>(*change.after);
        log.error("nobody answers", {{"incident", core::incident_id(incident.number)},
                                     {"severity", std::string(core::name(incident.severity))},
                                     {"title", incident.title}});
    }
}

void report(Engine& engine, Runtime& runtime, core::Event event, Committed committed) {
    Input input;
    input.received = runtime.now();
    input.events.push_back(std::move(event));
    input.then = [committed](const Answer& answer) {
        if (committed) committed(answer.kind == Answer::Kind::committed);
    };
    if (engine.offer(std::move(input)) || !committed) return;
    runtime.post([committed] { committed(false); });
}

}  // namespace tocsin::shell
