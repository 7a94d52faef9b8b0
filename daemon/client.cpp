// Asks a running daemon, and prints what it answers.
#include "daemon/client.hpp"

#include <cstdio>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "daemon/client_http.hpp"
#include "daemon/client_text.hpp"

namespace tocsin::daemon {

using integrations::Answer;
using integrations::Json;

int client_incidents(const Arguments& arguments) {
    const auto path =
        "/api/v1/incidents" + query({{"state", arguments.state}, {"limit", arguments.limit}});
    return show_answer(arguments, ask(arguments, "GET", path), incidents_text);
}

int client_show(const Arguments& arguments) {
    const auto path = "/api/v1/incidents/" + percent_encoded(arguments.incident);
    return show_answer(arguments, ask(arguments, "GET", path), incident_text);
}

int client_verdicts(const Arguments& arguments) {
    const auto path = "/api/v1/verdicts" + query({{"rule", arguments.rule},
                                                  {"outcome", arguments.outcome},
                                                  {"since", arguments.since},
                                                  {"incident", arguments.incident},
                                                  {"limit", arguments.limit}});
    return show_answer(arguments, ask(arguments, "GET", path), verdicts_text);
}

int client_status(const Arguments& arguments) {
    const Answer ready = ask(arguments, "GET", "/-/ready");
    if (ready.kind != Answer::Kind::answered) return fail(trouble(arguments, ready));
    Json open = Json::list();
    for (const char* state : {"triage", "active", "monitoring"}) {
        const Answer answer =
            ask(arguments, "GET", std::string("/api/v1/incidents?state=") + state);
        if (answer.status != 200) return fail(trouble(arguments, answer));
        const auto body = integrations::parse_json(
            answer.body, {.bytes_max = core::limits::query_response_bytes_max});
        if (!body) return fail(body.error().message);
        const Json* incidents = body->find("incidents");
        if (incidents == nullptr) continue;
        for (const auto& incident : incidents->items()) open.push(incident);
    }
    const Answer latest = ask(arguments, "GET", "/api/v1/verdicts?limit=20");
    if (latest.status != 200) return fail(trouble(arguments, latest));
    auto verdicts = integrations::parse_json(latest.body,
                                             {.bytes_max = core::limits::query_response_bytes_max});
    if (!verdicts) return fail(verdicts.error().message);

    // On-call schedules come with people; until then the pager finds its own.
    const std::string on_call = "nobody: no oncall configured";
    Json incidents = Json::object({{"incidents", std::move(open)}});
    if (arguments.json) {
        Json all = Json::object(
            {{"ready", ready.status == 200}, {"readiness", ready.body}, {"on_call", on_call}});
        all.set("incidents", *incidents.find("incidents"));
        if (const Json* list = verdicts->find("verdicts")) all.set("verdicts", *list);
        print(stdout, all.dump() + "\n");
        return 0;
    }
    std::string text;
    for (const auto line : split(trim(ready.body), '\n')) text += one_line(line) + "\n";
    text += "On call: " + on_call + "\n\nOpen incidents\n" + incidents_text(incidents);
    text += "\nLatest verdicts\n" + verdicts_text(*verdicts);
    print(stdout, text);
    return 0;
}

}  // namespace tocsin::daemon
