// Collects what an analysis says, in the order in which a group reads it.
#include "integrations/analysis_document.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "base/text.hpp"
#include "integrations/spoken.hpp"

namespace tocsin::integrations {
namespace {

using core::Incident;
using Kind = AnalysisBlock::Kind;
using Document = std::vector<AnalysisBlock>;

constexpr std::array severity_words{std::string_view("declared"), std::string_view("reopened"),
                                    std::string_view("severity")};
constexpr std::array customer_words{std::string_view("communication"),
                                    std::string_view("statuspage"), std::string_view("banner"),
                                    std::string_view("comms")};

void add(Document& document, Kind kind, std::string text) {
    document.push_back({.kind = kind, .name = {}, .text = std::move(text), .at = {}, .by = {}});
}

void add_fact(Document& document, std::string name, std::string text) {
    if (text.empty()) return;
    document.push_back(
        {.kind = Kind::fact, .name = std::move(name), .text = std::move(text), .at = {}, .by = {}});
}

std::string known(const std::optional<Instant>& instant) {
    return instant ? spoken(*instant) : "unknown";
}

// ---- What it was

void add_facts(Document& document, const Dossier& dossier, const Measure& measure) {
    const Incident& incident = dossier.incident;
    add_fact(document, "Incident", core::incident_id(incident.number) + ", " + incident.key);
    add_fact(document, "Severity", std::string(core::name(incident.severity)));
    add_fact(document, "State", std::string(core::name(incident.state)));
    add_fact(document, "Declared by",
             incident.declared_by.empty() ? "tocsin" : incident.declared_by);
    add_fact(document, "Lead", incident.lead.empty() ? "nobody" : incident.lead);
    add_fact(document, "Involved", join(incident.people, ", "));
    add_fact(document, "Rule", incident.rule);
    add_fact(document, "The handbook says", incident.cite);
    if (incident.value) {
        add_fact(
            document, "Value",
            measured(*incident.value, measure.unit) +
                (incident.threshold.empty() ? "" : ", where an incident is " + incident.threshold));
    }
    add_fact(document, "Component", incident.component);
    if (!incident.labels.empty()) add_fact(document, "Labels", incident.labels.to_string());
    add_fact(document, "Cause", incident.cause.empty() ? "unknown" : incident.cause);
    add_fact(document, "Fix", incident.fix.empty() ? "unknown" : incident.fix);
    if (incident.merged_into != 0) {
        add_fact(document, "Merged into", core::incident_id(incident.merged_into));
    }
    add_fact(document, "Merged into this one", join(incident.merged_keys, ", "));
    if (!incident.runbook_url.empty()) {
        document.push_back({.kind = Kind::link,
                            .name = "Runbook",
                            .text = incident.runbook_url,
                            .at = {},
                            .by = {}});
    }
}

void add_notices(Document& document, const Dossier& dossier) {
    const Incident& incident = dossier.incident;
    if (core::is_open(incident.state)) {
        add(document, Kind::paragraph, "The incident is still open; this is what is known so far.");
    }
    if (!incident.aftermath.skipped.empty()) {
        add(document, Kind::paragraph,
            "The analysis was skipped by " + incident.aftermath.skipped_by + ": " +
                incident.aftermath.skipped);
    }
}

// ---- How long it took

/// Of this episode: when a verdict first named the incident.
std::optional<Instant> detected_at(const Dossier& dossier) {
    std::optional<Instant> first;
    for (const core::Verdict& verdict : dossier.verdicts) {
        const Instant opened = dossier.incident.opened_at;
        if (verdict.outcome != core::Outcome::incident || verdict.at > opened) continue;
        if (verdict.at + hours(24) < opened) continue;  // of an earlier episode
        if (!first || verdict.at < *first) first = verdict.at;
    }
    return first;
}

void add_span(Document& document, std::string name, const std::optional<Instant>& from,
              const std::optional<Instant>& until) {
    if (!from || !until || *until < *from) return add_fact(document, std::move(name), "unknown");
    add_fact(document, std::move(name),
             spoken(*until - *from) + " (" + precise(*from) + " to " + precise(*until) + ")");
}

void add_durations(Document& document, const Dossier& dossier) {
    const Incident& incident = dossier.incident;
    const bool by_hand = !incident.declared_by.empty();
    const std::optional<Instant> detected = by_hand
                                                ? std::optional(incident.opened_at)
                                                : detected_at(dossier).value_or(incident.opened_at);
    add(document, Kind::section, "How long it took");
    if (incident.episode > 1) {
        add(document, Kind::paragraph,
            "It was opened " + std::to_string(incident.episode) +
                " times; this is the latest time, the timeline has all of them.");
    }
    add_fact(document, "Began", known(incident.began_at));
    add_fact(document, "Opened", known(incident.opened_at));
    add_span(document, "To detect, from its beginning", incident.began_at, detected);
    add_span(document, "To declare, from detecting it", detected, incident.opened_at);
    add_span(document, "To acknowledge, from declaring it", incident.opened_at,
             incident.acknowledged_at);
    add_span(document, "To mitigate, from declaring it", incident.opened_at, incident.mitigated_at);
    add_span(document, "To resolve, from declaring it", incident.opened_at, incident.closed_at);
}

// ---- The timeline

AnalysisBlock entry_of(const core::TimelineEntry& entry, const Measure& measure) {
    std::string text = entry.text;
    if (entry.value) text += " [value " + measured(*entry.value, measure.unit) + "]";
    return {.kind = Kind::entry,
            .name = entry.what,
            .text = std::move(text),
            .at = entry.at,
            .by = entry.by};
}

AnalysisBlock entry_of(const core::Verdict& verdict, const Dossier& dossier,
                       const Measure& measure) {
    std::string text =
        verdict.rule + verdict.labels.to_string() + ": " + std::string(core::name(verdict.outcome));
    if (verdict.severity != core::Severity::none) {
        text += " (" + std::string(core::name(verdict.severity)) + ")";
    }
    if (verdict.value) {
        const bool same_unit = verdict.rule == dossier.incident.rule;
        text += ", value " + measured(*verdict.value, same_unit ? measure.unit : "");
        if (!verdict.threshold.empty()) text += " against " + verdict.threshold;
    }
    text += "; " + std::string(core::sentence(verdict.because));
    if (!verdict.detail.empty()) text += " (" + verdict.detail + ")";
    if (!verdict.cite.empty()) text += "; the handbook: “" + verdict.cite + "”";
    return {.kind = Kind::entry,
            .name = "verdict",
            .text = std::move(text),
            .at = verdict.at,
            .by = "tocsin"};
}

/// Pages that were accepted stand on the timeline already.
bool is_told_elsewhere(const core::Delivery& delivery) {
    return delivery.effect.action == core::Action::page &&
           delivery.state == core::DeliveryState::done;
}

AnalysisBlock entry_of(const core::Delivery& delivery) {
    const core::Effect& effect = delivery.effect;
    std::string text = std::string(core::name(effect.action)) + " to " +
                       (effect.person.empty() ? "" : effect.person + " by ") + effect.integration +
                       ", " + std::string(core::name(delivery.state));
    if (delivery.finished_at) text += " at " + precise(*delivery.finished_at);
    text += ": " + effect.text;
    if (!delivery.error.empty()) text += " (" + delivery.error + ")";
    return {.kind = Kind::entry,
            .name = "delivery",
            .text = std::move(text),
            .at = effect.ordered_at,
            .by = "tocsin"};
}

/// At one instant a verdict comes before what it caused, and that before what was sent.
void add_timeline(Document& document, const Dossier& dossier, const Measure& measure) {
    add(document, Kind::section, "Timeline");
    add(document, Kind::paragraph,
        "Everything that happened, in order; all times are UTC. Verdicts say what tocsin knew at "
        "that moment.");
    if (!dossier.complete) {
        add(document, Kind::paragraph,
            "It is longer than this document may be: only its newest part is here. `tocsin "
            "verdicts` and the database have the rest.");
    }
    const auto begin = static_cast<std::ptrdiff_t>(document.size());
    for (const auto& verdict : dossier.verdicts) {
        document.push_back(entry_of(verdict, dossier, measure));
    }
    for (const auto& entry : dossier.timeline) document.push_back(entry_of(entry, measure));
    for (const auto& delivery : dossier.deliveries) {
        if (!is_told_elsewhere(delivery)) document.push_back(entry_of(delivery));
    }
    std::stable_sort(document.begin() + begin, document.end(),
                     [](const AnalysisBlock& a, const AnalysisBlock& b) { return a.at < b.at; });
}

/// The timeline's entries with one of these words.
template <class Words>
void add_entries(Document& document, const Dossier& dossier, const Measure& measure,
                 std::string heading, std::string if_none, const Words& words) {
    add(document, Kind::section, std::move(heading));
    bool any = false;
    for (const core::TimelineEntry& entry : dossier.timeline) {
        if (std::find(words.begin(), words.end(), entry.what) == words.end()) continue;
        document.push_back(entry_of(entry, measure));
        any = true;
    }
    if (!any) add(document, Kind::paragraph, std::move(if_none));
}

void add_questions(Document& document) {
    const std::array questions{
        std::pair("In what ways did our systems surprise us?",
                  "Walk through the entire timeline as it happened, and write here what nobody "
                  "expected."),
        std::pair("How did it make sense for someone to do what they did?",
                  "What did they see at that moment, and what did it look like to them?"),
        std::pair("Learnings", "What do we know now that we did not know before?"),
    };
    for (const auto& [question, hint] : questions) {
        add(document, Kind::section, question);
        add(document, Kind::answer, hint);
    }
}

}  // namespace

std::vector<AnalysisBlock> analysis_document(const Dossier& dossier, const Measure& measure) {
    Document document;
    add(document, Kind::title,
        core::incident_id(dossier.incident.number) + ": " + dossier.incident.title);
    add_notices(document, dossier);
    add_facts(document, dossier, measure);
    add_durations(document, dossier);
    add_entries(document, dossier, measure, "How bad it was", "Nothing is written about it.",
                severity_words);
    add_entries(document, dossier, measure, "What customers were told, and when", "Nothing.",
                customer_words);
    add_timeline(document, dossier, measure);
    add_questions(document);
    return document;
}

}  // namespace tocsin::integrations
