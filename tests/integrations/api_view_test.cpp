// The API's JSON: golden texts, and the names that design and clients rely on.
#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "integrations/api_view.hpp"
#include "support/golden.hpp"
#include "support/sample_effect.hpp"

using namespace tocsin;
using namespace tocsin::integrations;

namespace {

const ViewContext context{.public_url = "https://tocsin.example/", .call_url = ""};

core::Verdict sample_verdict() {
    core::Verdict verdict;
    verdict.id = 3;
    verdict.at = parse_rfc3339("2026-03-01T02:00:00.5Z").value();
    verdict.rule = "ingestion-lag";
    verdict.labels = Labels{{"region", "us"}};
    verdict.outcome = core::Outcome::incident;
    verdict.severity = core::Severity::major;
    verdict.value = 401.5;
    verdict.threshold = "> 5m";
    verdict.cite = ">5 minute ingestion lag";
    verdict.because = core::Because::step_holds;
    verdict.incident = 7;
    verdict.pending =
        core::PendingStep{.step = ">= 30m", .since = verdict.at, .due = verdict.at + seconds(15)};
    return verdict;
}

}  // namespace

TEST_CASE("an incident by id stands bare, with timeline, verdicts and deliveries: the golden one") {
    core::TimelineEntry entry;
    entry.incident = 7;
    entry.at = sample_verdict().at;
    entry.by = "tocsin";
    entry.what = "declared";
    entry.text = "line one\nline \"two\"";
    entry.value = 401.5;
    core::Delivery delivery;
    delivery.effect = support::sample_effect();
    delivery.state = core::DeliveryState::done;
    delivery.remote = "theirs";
    delivery.finished_at = entry.at;
    const std::string text =
        dossier_json(support::sample_incident(), {entry}, {sample_verdict()}, {delivery}, context);
    CHECK(text + "\n" == support::golden("dossier.json", text + "\n"));
    const auto whole = parse_json(text);
    REQUIRE(whole.has_value());
    for (const std::string name : {"id",
                                   "key",
                                   "title",
                                   "severity",
                                   "state",
                                   "labels",
                                   "rule",
                                   "cite",
                                   "value",
                                   "opened_at",
                                   "acknowledged_at",
                                   "closed_at",
                                   "lead",
                                   "communication_due",
                                   "pages",
                                   "links",
                                   "began_at",
                                   "mitigated_at",
                                   "people",
                                   "escalation",
                                   "communication",
                                   "banner",
                                   "monitoring",
                                   "aftermath",
                                   "merged_into",
                                   "timeline",
                                   "verdicts",
                                   "deliveries"}) {
        CAPTURE(name);
        CHECK(whole->find(name) != nullptr);
    }
    const Json& verdict = whole->find("verdicts")->items().at(0);
    for (const std::string name : {"at", "rule", "labels", "outcome", "severity", "value",
                                   "threshold", "cite", "because", "incident"}) {
        CAPTURE(name);
        CHECK(verdict.find(name) != nullptr);
    }
}

TEST_CASE("what is not there is null, and numbers that JSON has not are too") {
    core::Incident incident = support::sample_incident();
    incident.value.reset();
    const Json without = view(incident, context);
    for (const std::string name : {"value", "lead", "communication_due", "closed_at"}) {
        CHECK(without.find(name)->is_null());
    }
    CHECK(without.find("links")->find("call")->is_null());
    for (const double value :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        incident.value = value;
        CHECK(parse_json(view(incident, context).dump())->find("value")->is_null());
    }
    incident.lead = "engineer-a";
    incident.communication_due = incident.opened_at;
    CHECK(view(incident, context).text_at("lead") == "engineer-a");
    CHECK(view(incident, context).text_at("communication_due") == "2026-03-01T02:00:00.000Z");
}

TEST_CASE("a page says how far it has come") {
    struct Row {
        std::string state;
        void (*change)(core::Page&);
    };
    const Row rows[] = {
        {"ordered", [](core::Page&) {}},
        {"accepted", [](core::Page& page) { page.accepted_at = page.ordered_at; }},
        {"refused", [](core::Page& page) { page.refused = true; }},
        {"acknowledged", [](core::Page& page) { page.acknowledged_at = page.ordered_at; }},
        {"resolved",
         [](core::Page& page) {
             page.acknowledged_at = page.ordered_at;
             page.resolved_at = page.ordered_at;
         }},
    };
    for (const Row& row : rows) {
        core::Incident incident = support::sample_incident();
        row.change(incident.pages.at(0));
        const Json shown = view(incident, context);
        CHECK(shown.find("pages")->items().at(0).text_at("state") == row.state);
        CHECK(shown.find("pages")->items().at(0).text_at("title") == incident.title);
    }
}

TEST_CASE("what customers are told stands beside the instant since when they should be [H-50]") {
    core::Incident incident = support::sample_incident();
    incident.communication_due = incident.opened_at;
    incident.communication = {.draft = "Events are late.",
                              .published_at = incident.opened_at + minutes(5),
                              .status = "identified",
                              .message = "A consumer was stuck."};
    incident.banner = {.on = true, .text = "Events are late.", .by = "engineer-a"};
    const Json shown = view(incident, context);
    CHECK(shown.text_at("communication_due") == "2026-03-01T02:00:00.000Z");
    const Json& told = *shown.find("communication");
    CHECK(told.text_at("due") == "2026-03-01T02:00:00.000Z");
    CHECK(told.text_at("draft") == "Events are late.");
    CHECK(told.text_at("published_at") == "2026-03-01T02:05:00.000Z");
    CHECK(told.text_at("status") == "identified");
    CHECK(told.text_at("message") == "A consumer was stuck.");
    CHECK(shown.find("banner")->bool_at("on") == true);
    CHECK(shown.find("banner")->text_at("by") == "engineer-a");
}

TEST_CASE("the escalation that is shown is the furthest of this episode, its first level being 1") {
    core::Incident incident = support::sample_incident();
    CHECK(view(incident, context).find("escalation")->is_null());
    incident.episode = 2;
    incident.escalations = {{.integration = "old", .episode = 1, .level = 3, .round = 9},
                            {.integration = "mail", .episode = 2, .level = 2, .round = 1},
                            {.integration = "sms", .episode = 2, .level = 0, .round = 2}};
    const Json shown = view(incident, context);
    const Json& escalation = *shown.find("escalation");
    CHECK(escalation.text_at("integration") == "sms");
    CHECK(escalation.number_at("level") == 1);
    CHECK(escalation.number_at("round") == 2);
}

TEST_CASE("monitoring, what follows the end, and a merge are shown as far as they have come") {
    core::Incident incident = support::sample_incident();
    incident.people = {"engineer-a", "engineer-b"};
    incident.mitigated_at = incident.opened_at + minutes(30);
    incident.monitoring = {.since = incident.opened_at, .looks_clean = 3};
    incident.aftermath = {.skipped = "uneventful", .skipped_by = "engineer-b"};
    incident.merged_into = 8;
    const Json shown = view(incident, context);
    CHECK(shown.find("people")->items().size() == 2);
    CHECK(shown.text_at("mitigated_at") == "2026-03-01T02:30:00.000Z");
    CHECK(shown.find("monitoring")->number_at("looks_clean") == 3);
    CHECK(shown.find("monitoring")->find("proposed_at")->is_null());
    CHECK(shown.find("aftermath")->text_at("skipped") == "uneventful");
    CHECK(shown.find("aftermath")->find("meeting_from")->is_null());
    CHECK(shown.text_at("merged_into") == "INC-8");
}

TEST_CASE("lists stand under their name, empty ones too") {
    CHECK(incidents_json({}, context) == R"({"incidents":[]})");
    CHECK(verdicts_json({}) == R"({"verdicts":[]})");
    CHECK(rules_json({}) == R"({"rules":[]})");
    const auto two = parse_json(verdicts_json({sample_verdict(), sample_verdict()}));
    CHECK(two->find("verdicts")->items().size() == 2);
    const auto one = parse_json(incidents_json({support::sample_incident()}, context));
    CHECK(one->find("incidents")->items().at(0).text_at("id") == "INC-7");
}

TEST_CASE("a rule shows its ladder as written") {
    core::Ruleset ruleset;
    core::Rule& rule = ruleset.rules.emplace_back();
    rule.name = "ingestion-lag";
    rule.kind = core::RuleKind::expression;
    rule.expression = "lag";
    rule.per = {"region"};
    core::Step step;
    step.when = core::Comparison{
        .op = core::Comparison::Operator::greater, .threshold = 300, .text = "> 5m"};
    step.severity = core::Severity::major;
    step.cite = ">5 minute ingestion lag";
    rule.ladder = {step};
    const auto shown = parse_json(rules_json(ruleset));
    const Json& first = shown->find("rules")->items().at(0);
    CHECK(first.text_at("kind") == "expression");
    CHECK(first.text_at("expr") == "lag");
    CHECK(first.find("ladder")->items().at(0).text_at("when") == "> 5m");
    CHECK(first.find("ladder")->items().at(0).text_at("outcome") == "incident");
}

TEST_CASE("links and errors") {
    CHECK(incident_link("https://t.example/", 7) == "https://t.example/incidents/INC-7");
    CHECK(incident_link("", 7).empty());
    CHECK(error_json({.code = "bad", .message = "no \"x\"", .field = "x"}) ==
          R"({"error":{"code":"bad","message":"no \"x\"","field":"x"}})");
    CHECK(error_json({.code = "bad", .message = "m"}) ==
          R"({"error":{"code":"bad","message":"m"}})");
}
