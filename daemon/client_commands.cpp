// Gives the human commands to a running daemon, and says what became of the incident.
#include <cstdio>

#include "base/text.hpp"
#include "daemon/client.hpp"
#include "daemon/client_http.hpp"
#include "daemon/client_text.hpp"

namespace tocsin::daemon {
namespace {

using integrations::Json;

int command(const Arguments& arguments, const std::string& path, Json body) {
    body.set("by", arguments.by);
    return show_answer(arguments, ask(arguments, "POST", path, body.dump()), outcome_text);
}

int incident_command(const Arguments& arguments, const char* name, Json body) {
    return command(arguments,
                   "/api/v1/incidents/" + percent_encoded(arguments.incident) + "/" + name,
                   std::move(body));
}

Json with_text(const char* field, const std::string& text) {
    Json body = Json::object();
    if (!text.empty()) body.set(field, text);
    return body;
}

}  // namespace

int client_declare(const Arguments& arguments) {
    Json body = Json::object({{"title", arguments.text}});
    if (!arguments.severity.empty()) body.set("severity", arguments.severity);
    Json labels = Json::object();
    for (const auto& label : arguments.labels) {
        const auto equals = label.find('=');
        if (equals == std::string::npos || equals == 0) {
            print(stderr, "tocsin: --label is name=value, not " + one_line(label) + "\n");
            return 2;
        }
        labels.set(label.substr(0, equals), label.substr(equals + 1));
    }
    body.set("labels", std::move(labels));
    return command(arguments, "/api/v1/incidents", std::move(body));
}

int client_ack(const Arguments& arguments) {
    return incident_command(arguments, "ack", Json::object());
}

int client_close(const Arguments& arguments) {
    Json body = Json::object({{"cause", arguments.cause}, {"fix", arguments.fix}});
    if (!arguments.force.empty()) body.set("force", arguments.force);
    return incident_command(arguments, "close", std::move(body));
}

int client_decline(const Arguments& arguments) {
    return incident_command(arguments, "decline", Json::object({{"reason", arguments.reason}}));
}

int client_note(const Arguments& arguments) {
    return incident_command(arguments, "note", Json::object({{"text", arguments.text}}));
}

int client_severity(const Arguments& arguments) {
    return incident_command(
        arguments, "severity",
        Json::object({{"severity", arguments.text}, {"reason", arguments.reason}}));
}

int client_lead(const Arguments& arguments) {
    const std::string& person = arguments.text.empty() ? arguments.by : arguments.text;
    return incident_command(arguments, "lead", Json::object({{"person", person}}));
}

int client_involve(const Arguments& arguments) {
    return incident_command(arguments, "involve", with_text("person", arguments.text));
}

int client_statuspage(const Arguments& arguments) {
    Json body = with_text("message", arguments.text);
    body.set("status", arguments.what);
    return incident_command(arguments, "statuspage", std::move(body));
}

int client_banner(const Arguments& arguments) {
    Json body = with_text("text", arguments.text);
    body.set("on", arguments.what == "on");
    return incident_command(arguments, "banner", std::move(body));
}

int client_comms(const Arguments& arguments) {
    return incident_command(arguments, "comms", with_text("text", arguments.text));
}

int client_monitoring(const Arguments& arguments) {
    return incident_command(arguments, "monitoring", with_text("text", arguments.text));
}

int client_reopen(const Arguments& arguments) {
    return incident_command(arguments, "reopen", with_text("reason", arguments.reason));
}

int client_merge(const Arguments& arguments) {
    return incident_command(arguments, "merge", with_text("into", arguments.text));
}

int client_skip(const Arguments& arguments) {
    return incident_command(arguments, "skip", with_text("reason", arguments.reason));
}

}  // namespace tocsin::daemon
