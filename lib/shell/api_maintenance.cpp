// Maintenance windows over HTTP: listed, planned, ended early.
#include <utility>

#include "core/limits.hpp"
#include "integrations/window_view.hpp"
#include "shell/api_command_bodies.hpp"
#include "shell/api_routes.hpp"

namespace tocsin::shell {
namespace {

HttpReply json(int status, std::string body) {
    return {.status = status,
            .content_type = "application/json",
            .body = std::move(body),
            .headers = {}};
}

core::Policy policy_of(const ApiSettings& settings) {
    return settings.ruleset ? settings.ruleset->policy : core::Policy();
}

Result<WindowQuery> window_query(const HttpIn& request, Instant now) {
    WindowQuery query;
    if (const auto state = request.parameter("state")) {
        query.state = core::window_state_named(*state);
        if (!query.state) {
            return Error{"bad_parameter", "`state` must be planned, active or over", "state"};
        }
    }
    query.over_since = now - core::limits::windows_shown_for;
    const auto limit = limit_of(request);
    if (!limit) return limit.error();
    query.limit = *limit;
    return query;
}

/// The newest window that the query finds, bare; else `otherwise`.
void reply_with_window(Api& api, const Reply& reply, WindowQuery query, int status,
                       const std::shared_ptr<const ApiSettings>& settings, HttpReply otherwise) {
    query.limit = 1;
    api.read(reply, [query = std::move(query), status, settings,
                     otherwise = std::move(otherwise)](ReadStore& store) {
        const auto found = store.windows(query);
        if (!found) return HttpReply::error(503, found.error());
        if (found->empty()) return otherwise;
        return json(status, integrations::view(found->front(), policy_of(*settings)).dump());
    });
}

HttpReply no_window(const std::string& name) {
    return HttpReply::error(404,
                            Error{"not_found", "there is no maintenance window `" + name + "`"});
}

}  // namespace

void list_maintenance(Api& api, Api::Call call) {
    auto query = window_query(call.request, call.received);
    if (!query) return call.reply(HttpReply::error(400, query.error()));
    api.read(call.reply, [query = *query, settings = call.settings](ReadStore& store) {
        const auto windows = store.windows(query);
        if (!windows) return HttpReply::error(503, windows.error());
        return json(200, integrations::windows_json(*windows, policy_of(*settings)));
    });
}

// The engine answers with the row that it made, and with none when the very same is planned.
void plan_maintenance(Api& api, Api::Call call) {
    auto name = std::make_shared<std::string>();
    auto read = [name, now = call.received](const integrations::Json& body) {
        auto plan = read_plan(body, now);
        if (plan) *name = std::get<core::PlanMaintenance>(*plan).name;
        return plan;
    };
    auto done = [&api, name, reply = call.reply, settings = call.settings](const Answer& answer) {
        if (answer.refusal) return reply(refused(*answer.refusal));
        WindowQuery query;
        if (answer.incident != 0) query.id = answer.incident;
        query.name = *name;
        reply_with_window(api, reply, query, answer.incident != 0 ? 201 : 200, settings,
                          no_window(*name));
    };
    give_command(api, std::move(call), 0, read, std::move(done));
}

// One that is over already has left the engine's memory; the table still has it.
void end_maintenance(Api& api, Api::Call call) {
    const std::string name = call.id;
    auto read = [name](const integrations::Json&) -> Result<core::Command> {
        return core::Command(core::EndMaintenance{name});
    };
    auto done = [&api, name, reply = call.reply, settings = call.settings](const Answer& answer) {
        if (answer.refusal && answer.refusal->code != "not_found") {
            return reply(refused(*answer.refusal));
        }
        WindowQuery query;
        query.name = name;
        if (answer.incident != 0) query.id = answer.incident;
        reply_with_window(api, reply, query, 200, settings, no_window(name));
    };
    give_command(api, std::move(call), 0, read, std::move(done));
}

}  // namespace tocsin::shell
