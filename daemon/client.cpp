// Asks a running daemon, and prints what it answers.
#include "daemon/client.hpp"

#include <cstdio>

#include "base/text.hpp"
#include "daemon/client_http.hpp"
#include "daemon/client_text.hpp"
#include "daemon/oncall_text.hpp"

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
    const auto incidents = open_incidents(arguments);
    if (!incidents) return fail(incidents.error().message);
    const auto verdicts = json_of(arguments, "/api/v1/verdicts?limit=20");
    if (!verdicts) return fail(verdicts.error().message);
    const auto oncall = json_of(arguments, "/api/v1/oncall");
    if (!oncall) return fail(oncall.error().message);
    if (arguments.json) {
        Json all = Json::object({{"ready", ready.status == 200}, {"readiness", ready.body}});
        if (const Json* people = oncall->find("on_call")) all.set("on_call", *people);
        all.set("incidents", *incidents->find("incidents"));
        if (const Json* list = verdicts->find("verdicts")) all.set("verdicts", *list);
        print(stdout, all.dump() + "\n");
        return 0;
    }
    std::string text;
    for (const auto line : split(trim(ready.body), '\n')) text += one_line(line) + "\n";
    text +=
        "On call: " + on_call_line(*oncall) + "\n\nOpen incidents\n" + incidents_text(*incidents);
    text += "\nLatest verdicts\n" + verdicts_text(*verdicts);
    print(stdout, text);
    return 0;
}

}  // namespace tocsin::daemon
