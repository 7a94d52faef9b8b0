// `tocsin oncall`, and what `tocsin status` says of it.
#include <cstdio>

#include "core/limits.hpp"
#include "daemon/client.hpp"
#include "daemon/client_http.hpp"
#include "daemon/oncall_text.hpp"

namespace tocsin::daemon {

using integrations::Answer;
using integrations::Json;

Result<Json> json_of(const Arguments& arguments, const std::string& path) {
    const Answer answer = ask(arguments, "GET", path);
    if (answer.kind != Answer::Kind::answered || answer.status != 200) {
        return Error{"unanswered", trouble(arguments, answer)};
    }
    return integrations::parse_json(answer.body,
                                    {.bytes_max = core::limits::query_response_bytes_max});
}

Result<Json> open_incidents(const Arguments& arguments) {
    Json open = Json::list();
    for (const char* state : {"triage", "active", "monitoring"}) {
        auto body = json_of(arguments, std::string("/api/v1/incidents?state=") + state);
        if (!body) return body.error();
        const Json* incidents = body->find("incidents");
        if (incidents == nullptr) continue;
        for (const auto& incident : incidents->items()) open.push(incident);
    }
    return Json::object({{"incidents", std::move(open)}});
}

int client_oncall(const Arguments& arguments) {
    const std::string path =
        "/api/v1/oncall" +
        query({{"at", arguments.at}, {"from", arguments.from}, {"to", arguments.to}});
    if (!arguments.handover) {
        return show_answer(arguments, ask(arguments, "GET", path), oncall_text);
    }
    auto oncall = json_of(arguments, path);
    if (!oncall) return fail(oncall.error().message);
    auto open = open_incidents(arguments);
    if (!open) return fail(open.error().message);
    if (arguments.json) {
        Json both = Json::object({{"oncall", *oncall}});
        both.set("incidents", *open->find("incidents"));
        print(stdout, both.dump() + "\n");
    } else {
        print(stdout, handover_text(*oncall, *open));
    }
    return 0;
}

}  // namespace tocsin::daemon
