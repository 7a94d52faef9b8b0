// The names of the HTTP API's JSON, one function per thing that is shown.
#include "integrations/api_view.hpp"

#include <utility>

namespace tocsin::integrations {

namespace {

/// A text, or null where it says "none".
Json or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Json list_of(const std::vector<std::string>& texts) {
    Json list = Json::list();
    for (const std::string& text : texts) list.push(text);
    return list;
}

Json severity_of(core::Severity severity) {
    return severity == core::Severity::none ? Json() : Json(core::name(severity));
}

Json id_of(std::uint64_t incident) {
    return incident == 0 ? Json() : Json(core::incident_id(incident));
}

std::string_view state_of(const core::Page& page) {
    if (page.resolved_at) return "resolved";
    if (page.acknowledged_at) return "acknowledged";
    if (page.refused) return "refused";
    return page.accepted_at ? "accepted" : "ordered";
}

Json view(const core::Page& page, const std::string& title) {
    return Json::object({
        {"title", title},
        {"integration", page.integration},
        {"severity", severity_of(page.severity)},
        {"episode", page.episode},
        {"person", or_null(page.person)},
        {"key", page.key},
        {"state", state_of(page)},
        {"ordered_at", page.ordered_at},
        {"last_ordered_at", page.last_ordered_at},
        {"orders", page.orders},
        {"accepted_at", page.accepted_at},
        {"confirmed_at", page.confirmed_at},
        {"acknowledged_at", page.acknowledged_at},
        {"resolved_at", page.resolved_at},
        {"error", or_null(page.error)},
    });
}

Json links_of(const core::Incident& incident, const ViewContext& context) {
    return Json::object({
        {"incident", or_null(incident_link(context.public_url, incident.number))},
        {"runbook", or_null(incident.runbook_url)},
        {"call", or_null(context.call_url)},
        {"source", or_null(incident.source_url)},
    });
}

// Of the pager that has come furthest in this episode; its first level is 1.
Json escalation_of(const core::Incident& incident) {
    const core::Escalation* furthest = nullptr;
    for (const core::Escalation& one : incident.escalations) {
        if (one.episode != incident.episode) continue;
        const bool further = furthest == nullptr || std::pair(one.round, one.level) >
                                                        std::pair(furthest->round, furthest->level);
        if (further) furthest = &one;
    }
    if (furthest == nullptr) return {};
    return Json::object({{"integration", furthest->integration},
                         {"level", furthest->level + 1},
                         {"round", furthest->round},
                         {"level_at", furthest->level_at}});
}

Json communication_of(const core::Incident& incident) {
    const core::Communication& told = incident.communication;
    return Json::object({{"due", incident.communication_due},
                         {"draft", or_null(told.draft)},
                         {"published_at", told.published_at},
                         {"status", or_null(told.status)},
                         {"message", or_null(told.message)}});
}

Json view(const core::Banner& banner) {
    return Json::object({{"on", banner.on},
                         {"text", or_null(banner.text)},
                         {"by", or_null(banner.by)},
                         {"changed_at", banner.changed_at}});
}

Json view(const core::Monitoring& monitoring) {
    return Json::object({{"since", monitoring.since},
                         {"next_look_at", monitoring.next_look_at},
                         {"looks_clean", monitoring.looks_clean},
                         {"proposed_at", monitoring.proposed_at}});
}

Json view(const core::Aftermath& aftermath) {
    return Json::object({{"meeting_from", aftermath.meeting_from},
                         {"meeting_until", aftermath.meeting_until},
                         {"late", aftermath.late},
                         {"reminded_at", aftermath.reminded_at},
                         {"handed_over_at", aftermath.handed_over_at},
                         {"skipped", or_null(aftermath.skipped)},
                         {"skipped_by", or_null(aftermath.skipped_by)}});
}

std::string_view name_of(core::RuleKind kind) {
    switch (kind) {
        case core::RuleKind::alert:
            return "alert";
        case core::RuleKind::expression:
            return "expression";
        case core::RuleKind::prometheus_alert:
            return "prometheus_alert";
        case core::RuleKind::unmatched:
            return "unmatched";
        case core::RuleKind::condition:
            return "condition";
    }
    return "";
}

Json view(const core::Step& step) {
    return Json::object({
        {"when", step.when ? Json(step.when->text) : Json()},
        {"for", format_duration(step.hold_for)},
        {"outcome", core::name(step.outcome)},
        {"severity", severity_of(step.severity)},
        {"communicate", step.communicate},
        {"cite", step.cite},
    });
}

/// `{"name":[…]}`, each item written as soon as it is made.
template <class List, class View>
void append_list(std::string& out, std::string_view name, const List& list, const View& one) {
    append_json_text(out, name);
    char separator = '[';
    out += ':';
    for (const auto& item : list) {
        out += separator;
        one(item).append_to(out);
        separator = ',';
    }
    out += list.empty() ? "[]" : "]";
}

}  // namespace

std::string incident_link(std::string_view public_url, std::uint64_t number) {
    if (public_url.empty()) return {};
    while (public_url.ends_with('/')) public_url.remove_suffix(1);
    return std::string(public_url) + "/incidents/" + core::incident_id(number);
}

Json view(const Labels& labels) {
    Json object = Json::object();
    for (const auto& [name, value] : labels) object.set(name, value);
    return object;
}

Json view(const core::Incident& incident, const ViewContext& context) {
    Json pages = Json::list();
    for (const core::Page& page : incident.pages) pages.push(view(page, incident.title));
    Json also = Json::list();
    for (const std::uint64_t number : incident.also) also.push(core::incident_id(number));
    return Json::object({
        {"id", core::incident_id(incident.number)},
        {"key", incident.key},
        {"title", incident.title},
        {"severity", severity_of(incident.severity)},
        {"state", core::name(incident.state)},
        {"labels", view(incident.labels)},
        {"rule", incident.rule},
        {"cite", incident.cite},
        {"value", incident.value},
        {"threshold", or_null(incident.threshold)},
        {"opened_at", incident.opened_at},
        {"acknowledged_at", incident.acknowledged_at},
        {"acknowledged_by", or_null(incident.acknowledged_by)},
        {"closed_at", incident.closed_at},
        {"closed_by", or_null(incident.closed_by)},
        {"cause", or_null(incident.cause)},
        {"fix", or_null(incident.fix)},
        {"lead", or_null(incident.lead)},
        {"communication_due", incident.communication_due},
        {"episode", incident.episode},
        {"declared_by", incident.declared_by.empty() ? Json("tocsin") : Json(incident.declared_by)},
        {"component", or_null(incident.component)},
        {"involve", list_of(incident.involve)},
        {"private", incident.private_incident},
        {"also", std::move(also)},
        {"pages", std::move(pages)},
        {"links", links_of(incident, context)},
        {"began_at", incident.began_at},
        {"mitigated_at", incident.mitigated_at},
        {"people", list_of(incident.people)},
        {"escalation", escalation_of(incident)},
        {"communication", communication_of(incident)},
        {"banner", view(incident.banner)},
        {"monitoring", view(incident.monitoring)},
        {"aftermath", view(incident.aftermath)},
        {"merged_into", id_of(incident.merged_into)},
    });
}

Json view(const core::Verdict& verdict) {
    Json pending;
    if (verdict.pending) {
        pending = Json::object({{"step", verdict.pending->step},
                                {"since", verdict.pending->since},
                                {"due", verdict.pending->due}});
    }
    return Json::object({
        {"id", verdict.id},
        {"at", verdict.at},
        {"rule", verdict.rule},
        {"labels", view(verdict.labels)},
        {"outcome", core::name(verdict.outcome)},
        {"severity", severity_of(verdict.severity)},
        {"value", verdict.value},
        {"threshold", or_null(verdict.threshold)},
        {"cite", or_null(verdict.cite)},
        {"because", core::name(verdict.because)},
        {"reason", core::sentence(verdict.because)},
        {"detail", or_null(verdict.detail)},
        {"incident", id_of(verdict.incident)},
        {"pending", std::move(pending)},
    });
}

Json view(const core::TimelineEntry& entry) {
    return Json::object({{"at", entry.at},
                         {"by", entry.by},
                         {"what", entry.what},
                         {"text", entry.text},
                         {"value", entry.value}});
}

Json view(const core::Delivery& delivery) {
    const core::Effect& effect = delivery.effect;
    return Json::object({
        {"id", effect.id},
        {"key", effect.key},
        {"integration", effect.integration},
        {"action", core::name(effect.action)},
        {"person", or_null(effect.person)},
        {"text", effect.text},
        {"state", core::name(delivery.state)},
        {"error", or_null(delivery.error)},
        {"remote", or_null(delivery.remote)},
        {"ordered_at", effect.ordered_at},
        {"finished_at", delivery.finished_at},
    });
}

Json view(const core::Rule& rule) {
    Json ladder = Json::list();
    for (const core::Step& step : rule.ladder) ladder.push(view(step));
    Json matchers = Json::list();
    for (const Matcher& matcher : rule.alert) matchers.push(matcher.to_string());
    return Json::object({
        {"name", rule.name},
        {"kind", name_of(rule.kind)},
        {"file", rule.file},
        {"line", rule.line},
        {"group", rule.group},
        {"incident", rule.incident},
        {"per", list_of(rule.per)},
        {"alert", std::move(matchers)},
        {"expr", or_null(rule.expression)},
        {"interval", format_duration(rule.interval)},
        {"sources", list_of(rule.sources)},
        {"unit", or_null(rule.unit)},
        {"runbook_url", or_null(rule.runbook_url)},
        {"ladder", std::move(ladder)},
        {"to_be_mapped", rule.to_be_mapped},
    });
}

std::string incidents_json(const std::vector<core::Incident>& incidents,
                           const ViewContext& context) {
    std::string out = "{";
    append_list(out, "incidents", incidents,
                [&](const core::Incident& incident) { return view(incident, context); });
    return out += '}';
}

std::string dossier_json(const core::Incident& incident,
                         const std::vector<core::TimelineEntry>& timeline,
                         const std::vector<core::Verdict>& verdicts,
                         const std::vector<core::Delivery>& deliveries,
                         const ViewContext& context) {
    std::string out = view(incident, context).dump();
    out.pop_back();  // the closing brace: three more members follow
    out += ',';
    append_list(out, "timeline", timeline, [](const auto& entry) { return view(entry); });
    out += ',';
    append_list(out, "verdicts", verdicts, [](const auto& verdict) { return view(verdict); });
    out += ',';
    append_list(out, "deliveries", deliveries, [](const auto& delivery) { return view(delivery); });
    return out += '}';
}

std::string verdicts_json(const std::vector<core::Verdict>& verdicts) {
    std::string out = "{";
    append_list(out, "verdicts", verdicts, [](const auto& verdict) { return view(verdict); });
    return out += '}';
}

std::string rules_json(const core::Ruleset& ruleset) {
    std::string out = "{";
    append_list(out, "rules", ruleset.rules, [](const auto& rule) { return view(rule); });
    return out += '}';
}

std::string error_json(const Error& error) {
    Json body = Json::object({{"code", error.code}, {"message", error.message}});
    if (!error.field.empty()) body.set("field", error.field);
    return Json::object({{"error", std::move(body)}}).dump();
}

}  // namespace tocsin::integrations
