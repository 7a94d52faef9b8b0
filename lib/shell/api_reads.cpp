// What can be read: incidents, verdicts, rules, metrics, health; and the order to reload.
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/api_view.hpp"
#include "shell/api_routes.hpp"

namespace tocsin::shell {
namespace {

integrations::ViewContext context_of(const ApiSettings& settings) {
    if (!settings.ruleset) return {};
    const auto& policy = settings.ruleset->policy;
    return {.public_url = policy.public_url, .call_url = policy.call_url};
}

HttpReply json(int status, std::string body) {
    return {.status = status,
            .content_type = "application/json",
            .body = std::move(body),
            .headers = {}};
}

HttpReply failed(const Error& error) {
    return HttpReply::error(503, error);
}

std::optional<std::uint64_t> whole_number(const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

Error bad_parameter(const char* name, const std::string& expected) {
    return Error{"bad_parameter", std::string("`") + name + "` must be " + expected, name};
}

/// An incident number, as `INC-7` or `7`.
Result<std::optional<std::uint64_t>> number_of(const HttpIn& request, const char* name) {
    const auto text = request.parameter(name);
    if (!text) return std::optional<std::uint64_t>();
    auto number = core::incident_number(*text);
    if (!number) number = whole_number(*text);
    if (!number) return bad_parameter(name, "INC-<number> or a number");
    return number;
}

Result<IncidentQuery> incident_query(const HttpIn& request) {
    IncidentQuery query;
    if (const auto state = request.parameter("state")) {
        query.state = core::incident_state_named(*state);
        if (!query.state) {
            return bad_parameter("state", "triage, active, monitoring, closed or declined");
        }
    }
    const auto before = number_of(request, "before");
    if (!before) return before.error();
    query.before = *before;
    const auto limit = limit_of(request);
    if (!limit) return limit.error();
    query.limit = *limit;
    return query;
}

Result<VerdictQuery> verdict_query(const HttpIn& request) {
    VerdictQuery query;
    query.rule = request.parameter("rule");
    if (const auto outcome = request.parameter("outcome")) {
        query.outcome = core::outcome_named(*outcome);
        if (!query.outcome) return bad_parameter("outcome", "the name of an outcome");
    }
    if (const auto since = request.parameter("since")) {
        const auto instant = parse_rfc3339(*since);
        if (!instant) return bad_parameter("since", "a time as 2026-03-01T02:00:00Z");
        query.since = *instant;
    }
    const auto before = number_of(request, "before");
    if (!before) return before.error();
    query.before = *before;
    const auto incident = number_of(request, "incident");
    if (!incident) return incident.error();
    query.incident = *incident;
    const auto limit = limit_of(request);
    if (!limit) return limit.error();
    query.limit = *limit;
    return query;
}

}  // namespace

Result<std::size_t> limit_of(const HttpIn& request) {
    const auto text = request.parameter("limit");
    if (!text) return core::limits::list_limit_max;
    const auto number = whole_number(*text);
    if (!number || *number == 0 || *number > core::limits::list_limit_max) {
        return bad_parameter("limit", "a number from 1 to 1000");
    }
    return static_cast<std::size_t>(*number);
}

void list_incidents(Api& api, Api::Call call) {
    auto query = incident_query(call.request);
    if (!query) return call.reply(HttpReply::error(400, query.error()));
    api.read(call.reply, [query = *query, context = context_of(*call.settings)](ReadStore& store) {
        const auto incidents = store.incidents(query);
        if (!incidents) return failed(incidents.error());
        return json(200, integrations::incidents_json(*incidents, context));
    });
}

void reply_with_incident(Api& api, const Reply& reply, std::uint64_t number, int status,
                         const std::shared_ptr<const ApiSettings>& settings) {
    api.read(reply, [number, status, context = context_of(*settings)](ReadStore& store) {
        const auto found = store.incident(number);
        if (!found) return failed(found.error());
        if (!*found) {
            return HttpReply::error(
                404, Error{"not_found", core::incident_id(number) + " does not exist"});
        }
        const auto& dossier = **found;
        auto answer =
            json(status, integrations::dossier_json(dossier.incident, dossier.timeline,
                                                    dossier.verdicts, dossier.deliveries, context));
        if (status == 201) {
            answer.headers.emplace_back("Location",
                                        "/api/v1/incidents/" + core::incident_id(number));
        }
        return answer;
    });
}

void show_incident(Api& api, Api::Call call) {
    const auto number = core::incident_number(call.id);
    if (!number) {
        return call.reply(
            HttpReply::error(404, Error{"not_found", "incidents are called INC-<number>"}));
    }
    reply_with_incident(api, call.reply, *number, 200, call.settings);
}

void list_verdicts(Api& api, Api::Call call) {
    auto query = verdict_query(call.request);
    if (!query) return call.reply(HttpReply::error(400, query.error()));
    api.read(call.reply, [query = *query](ReadStore& store) {
        const auto verdicts = store.verdicts(query);
        if (!verdicts) return failed(verdicts.error());
        return json(200, integrations::verdicts_json(*verdicts));
    });
}

void list_rules(Api& api, Api::Call call) {
    api.read(call.reply, [settings = call.settings](ReadStore&) {
        if (!settings->ruleset) return failed(Error{"not_ready", "no rules are loaded yet"});
        return json(200, integrations::rules_json(*settings->ruleset));
    });
}

void show_metrics(Api& api, Api::Call call) {
    auto& parts = api.parts();
    parts.metrics.set(Metric::inbox_items, static_cast<double>(parts.engine.inbox_items()));
    auto reply = HttpReply::text(200, parts.metrics.text(call.received));
    reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
    call.reply(std::move(reply));
}

void show_healthy(Api&, Api::Call call) {
    call.reply(HttpReply::text(200, "OK"));
}

void show_ready(Api& api, Api::Call call) {
    if (!api.is_ready()) {
        return call.reply(HttpReply::text(503, "tocsin is starting or stopping.\n"));
    }
    if (api.parts().engine.store_failing()) {
        return call.reply(HttpReply::text(503, "tocsin cannot write its store.\n"));
    }
    std::string text = "tocsin is ready.\n";
    for (const auto& warning : call.settings->warnings) {
        text += "warning: " + one_line(warning) + "\n";
    }
    call.reply(HttpReply::text(200, std::move(text)));
}

void reload_files(Api& api, Api::Call call) {
    api.parts().reload([reply = call.reply](const Status& status) {
        if (status) {
            reply(HttpReply::text(200, ""));
        } else {
            reply(HttpReply::text(500, status.error().message));
        }
    });
}

}  // namespace tocsin::shell
